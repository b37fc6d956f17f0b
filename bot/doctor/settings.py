"""Every setting: set, not set and what for, or malformed; never the value of a secret."""

import difflib
import ssl
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path

from pydantic import SecretStr

from billing.errors import RollcallError
from bot.compose import entra_credentials
from bot.settings import PREFIX, Readable, SettingIsMissing, Settings, expected, variable
from commands.examinations.finding import Finding, Part, failed, ok, set_wrong, warn

_Maker = Callable[[Part, str, str, str], Finding]

_PART = Part.SETTINGS
_ENTRA = ("entra_client_id", "entra_client_secret", "entra_client_certificate")
# What one may well do without, and when one can't.
_ONLY_FOR: Mapping[str, str] = {
    "slack_signing_secret": "only for Slack over HTTP",
    "slack_app_token": "only for Socket Mode",
    "default_channel": "only for runs, and for clients without one",
    "entra_client_id": "only for Entra directories",
    "entra_client_secret": "only for Entra directories",
    "entra_client_certificate": "only instead of a secret",
    "ca_bundle": "only behind an inspecting proxy",
    "secret_key": "only for stored secrets",
    "today": "only for demos and tests",
}


def examine(readable: Readable, written: Collection[str], *, uses_entra: bool) -> list[Finding]:
    """A finding a setting, in the order of the reference; then those that don't fit each other."""
    settings = readable.settings
    needed = _needed(readable, uses_entra=uses_entra)
    return [
        *_env_file(readable),
        *(_one(readable, field, needed) for field in Settings.model_fields),
        *(_credentials(settings) if uses_entra and not readable.malformed & set(_ENTRA) else ()),
        *_unknown(written),
    ]


def usable_files(readable: Readable) -> Readable:
    """The same with a trust list that can't be used counted as malformed, since every connection would end there."""
    bundle = readable.settings.ca_bundle
    if bundle is None or _trust_is_usable(bundle):
        return readable
    settings = readable.settings.model_copy(update={"ca_bundle": None})
    return Readable(settings, readable.malformed | {"ca_bundle"}, readable.env_file_is_readable)


def _one(readable: Readable, field: str, needed: Mapping[str, Finding]) -> Finding:
    name, value = variable(field), getattr(readable.settings, field)
    if field in readable.malformed:
        # What a file holds is no matter of form, and only this one is looked into.
        text = "can't be used" if field == "ca_bundle" else "is malformed"
        return set_wrong(_PART, name, text, f"Expected: {expected(field)}.")
    if field in needed:
        return needed[field]
    if field == "today" and value is not None:
        text = f"the business date is fixed to {value}"
        return warn(_PART, name, text, "Take it away, unless this is a demo or a test: nothing would ever fall due.")
    if value is None:
        return ok(_PART, name, f"not set: {_ONLY_FOR.get(field, expected(field))}")
    return ok(_PART, name, _shown(field, value))


def _needed(readable: Readable, *, uses_entra: bool) -> dict[str, Finding]:
    """What isn't set although something that is set up can't do without it."""
    settings = readable.settings
    missing = {
        field for field in Settings.model_fields if getattr(settings, field) is None and field not in readable.malformed
    }
    return dict(_lacking(settings, missing, uses_entra=uses_entra))


def _lacking(settings: Settings, missing: set[str], *, uses_entra: bool) -> Iterator[tuple[str, Finding]]:
    takes_clicks = settings.slack_signing_secret is not None or settings.slack_app_token is not None
    if "slack_bot_token" in missing:
        text = "not set: without it there is no Slack, only the command line"
        make: _Maker = set_wrong if takes_clicks else warn
        yield _lack(make, "slack_bot_token", text)
    elif {"slack_signing_secret", "slack_app_token"} <= missing:
        text = f"not set: rollcall serve needs it, or {variable('slack_app_token')} for Socket Mode"
        yield _lack(set_wrong, "slack_signing_secret", text)
    if "default_channel" in missing and "slack_bot_token" not in missing:
        text = "not set: cards of billing runs, and of clients without a channel, have nowhere to go"
        yield _lack(warn, "default_channel", text)
    if uses_entra and "entra_client_id" in missing:
        yield _lack(set_wrong, "entra_client_id", "not set: a directory of the kind entra needs it")
    if uses_entra and {"entra_client_secret", "entra_client_certificate"} <= missing:
        text = f"not set: a directory of the kind entra needs it, or {variable('entra_client_certificate')}"
        yield _lack(set_wrong, "entra_client_secret", text)


def _lack(make: _Maker, field: str, text: str) -> tuple[str, Finding]:
    return field, make(_PART, variable(field), text, f"Expected: {expected(field)}.")


def _shown(field: str, value: object) -> str:
    is_default = value == Settings.model_fields[field].get_default()
    if isinstance(value, SecretStr):
        return "the default" if is_default else "set (not shown)"
    return f"{value} (default)" if is_default else str(value)


def _env_file(readable: Readable) -> Iterator[Finding]:
    if not readable.env_file_is_readable:
        yield set_wrong(_PART, ".env", "can't be read", "Expected: lines of NAME=value in UTF-8.")


def _credentials(settings: Settings) -> Iterator[Finding]:
    """Whether the app's id, and its secret or certificate, make one whole."""
    try:
        entra_credentials(settings).for_msal()
    except SettingIsMissing:
        return
    except RollcallError as error:
        yield failed(_PART, "Entra app", error)


def _unknown(written: Iterable[str]) -> Iterator[Finding]:
    """Variables that begin as ours do, but are none: a slip of the pen that nothing else would tell."""
    known = [variable(field) for field in Settings.model_fields]
    for name in sorted(written):
        if name.startswith(PREFIX) and name not in known:
            near = difflib.get_close_matches(name, known, 1)
            remedy = f"Did you mean {near[0]}?" if near else "Take it away; docs/reference/settings.md has them all."
            yield warn(_PART, name, "is no setting of Rollcall, so it does nothing", remedy)


def _trust_is_usable(bundle: Path) -> bool:
    try:
        ssl.create_default_context().load_verify_locations(cafile=bundle)
    except (OSError, ssl.SSLError):
        return False
    return True
