"""Settings: read once from the environment, or from a file `.env` in the working directory.

Every field's description says what a good value looks like; a refusal quotes it, and never the value.
"""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, DotEnvSettingsSource, SettingsConfigDict

from billing.errors import WrongInput

PREFIX = "ROLLCALL_"
_FERNET_KEY_BYTES = 32


class SettingIsMissing(WrongInput):
    """Something can't be done without a setting that isn't there."""


class SettingIsMalformed(WrongInput):
    """A setting is there, but not in a form that can be used."""


def variable(field: str) -> str:
    """The environment variable of a field."""
    return f"{PREFIX}{field.upper()}"


def _iso_date(value: object) -> object:
    # pydantic would also take a number of seconds for a date.
    return date.fromisoformat(value) if isinstance(value, str) else value


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _with_slash(url: str) -> str:
    return f"{url.rstrip('/')}/"


def _without_slash(url: str) -> str:
    return url.rstrip("/")


def _fernet_keys(keys: SecretStr) -> SecretStr:
    for key in keys.get_secret_value().split(","):
        try:
            length = len(base64.urlsafe_b64decode(key.strip()))
        except binascii.Error:
            length = 0
        if length != _FERNET_KEY_BYTES:
            raise ValueError
    return keys


def _starting_with(prefix: str) -> AfterValidator:
    def check(secret: SecretStr) -> SecretStr:
        if not secret.get_secret_value().startswith(prefix):
            raise ValueError
        return secret

    return AfterValidator(check)


_Url = Annotated[str, Field(pattern=r"^https?://[^\s/]+\S*$")]
_HttpsUrl = Annotated[str, Field(pattern=r"^https://[^\s/]+\S*$"), AfterValidator(_without_slash)]


class Settings(BaseSettings):
    """What the surroundings decide; an empty variable counts as one that is not set."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
    )

    database_url: SecretStr = Field(
        default=SecretStr("sqlite:///rollcall.db"),
        description="a database URL, such as sqlite:///rollcall.db or postgresql+psycopg://USER:PASSWORD@HOST/NAME",
    )
    slack_bot_token: Annotated[SecretStr, _starting_with("xoxb-")] | None = Field(
        default=None, description="the bot token of your Slack app, which starts with xoxb-"
    )
    slack_signing_secret: SecretStr | None = Field(
        default=None, description="the signing secret of your Slack app, from its Basic Information page"
    )
    slack_app_token: Annotated[SecretStr, _starting_with("xapp-")] | None = Field(
        default=None, description="an app-level token of your Slack app, which starts with xapp-"
    )
    slack_api_url: Annotated[_Url, AfterValidator(_with_slash)] = Field(
        default="https://slack.com/api/", description="the base URL of Slack's Web API, such as https://slack.com/api/"
    )
    default_channel: str | None = Field(
        default=None, pattern=r"^[CDG][A-Z0-9]+$", description="the id of a Slack channel, such as C0BILLING"
    )
    entra_client_id: str | None = Field(
        default=None, pattern=r"^[A-Za-z0-9.-]+$", description="the application (client) id of your Entra app"
    )
    entra_client_secret: SecretStr | None = Field(
        default=None, description="a client secret of your Entra app (its value, not its id)"
    )
    entra_client_certificate: Path | None = Field(
        default=None, description="a PEM file with the certificate of your Entra app and its private key"
    )
    entra_authority_url: _HttpsUrl = Field(
        default="https://login.microsoftonline.com",
        description="the https address of the token authority, such as https://login.microsoftonline.com",
    )
    graph_url: _HttpsUrl = Field(
        default="https://graph.microsoft.com",
        description="the https address of Microsoft Graph, such as https://graph.microsoft.com",
    )
    ca_bundle: Path | None = Field(default=None, description="a PEM file with certificate authorities")
    secret_key: Annotated[SecretStr, AfterValidator(_fernet_keys)] | None = Field(
        default=None,
        description="one or more Fernet keys (openssl rand -base64 32 | tr +/ -_), comma separated, newest first",
    )
    http_host: str = Field(
        default="127.0.0.1", pattern=r"^\S+$", description="the address to listen on, such as 127.0.0.1 or 0.0.0.0"
    )
    http_port: int = Field(default=3000, ge=0, le=65535, description="a port from 1 to 65535, or 0 for any free one")
    log_format: Annotated[Literal["console", "json"], BeforeValidator(_lower)] = Field(
        default="console", description="console or json"
    )
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)] = Field(
        default="info", description="debug, info, warning or error"
    )
    today: Annotated[date, BeforeValidator(_iso_date)] | None = Field(
        default=None, description="a date as YYYY-MM-DD, such as 2027-05-01"
    )

    @property
    def uses_socket_mode(self) -> bool:
        """Whether Slack is reached over WebSockets that we open, instead of Slack posting to us."""
        return self.slack_app_token is not None

    def require_slack(self) -> None:
        """Makes sure that `serve` can speak to Slack, and Slack to it.

        Raises:
            SettingIsMissing: the bot token isn't set, or neither of the two ways in is.

        """
        self.required("slack_bot_token")
        if not self.uses_socket_mode and self.slack_signing_secret is None:
            raise SettingIsMissing(
                f"{variable('slack_app_token')} is not set: expected {expected('slack_app_token')} (Socket Mode, "
                f"which needs no public address). Or, if Slack is to post to this server over HTTP, set "
                f"{variable('slack_signing_secret')}: {expected('slack_signing_secret')}."
            )

    def required(self, field: str) -> str:
        """The value of a setting, as plain text, that something can't be done without.

        Raises:
            SettingIsMissing: it isn't set; the message says what it should look like.

        """
        value: object = getattr(self, field)
        if value is None:
            raise SettingIsMissing(f"{variable(field)} is not set: expected {expected(field)}.")
        return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def read_settings() -> Settings:
    """The settings of this process.

    Raises:
        SettingIsMalformed: in one line, every variable that can't be used and what it should look like.

    """
    try:
        return Settings()
    except ValidationError as error:
        fields = dict.fromkeys(str(problem["loc"][0]) for problem in error.errors(include_input=False))
        told = " ".join(f"{variable(field)} is malformed: expected {expected(field)}." for field in fields)
        # Without its cause, since pydantic's own text would show the value.
        raise SettingIsMalformed(told) from None
    except (OSError, UnicodeDecodeError):
        raise SettingIsMalformed("The file .env can't be read: expected lines of NAME=value in UTF-8.") from None


@dataclass(frozen=True, slots=True)
class Readable:
    """The settings as far as they can be read; the `malformed` fields have their defaults."""

    settings: Settings
    malformed: frozenset[str]
    env_file_is_readable: bool = True


def read_what_can_be_read() -> Readable:
    """The settings of this process for whoever wants to say what is wrong with them."""
    try:
        return _without_malformed({})
    except (OSError, UnicodeDecodeError):
        return replace(_without_malformed({"_env_file": None}), env_file_is_readable=False)


def written_names(environment: Iterable[str]) -> frozenset[str]:
    """Every name that is set in an environment or in the file `.env`, ours or not."""
    try:
        in_file = DotEnvSettingsSource(Settings).env_vars
    except (OSError, UnicodeDecodeError):
        in_file = {}
    # The file's names come in small letters, since ours may be written in either.
    return frozenset({*environment, *(name.upper() for name in in_file)})


def _without_malformed(sources: dict[str, Any]) -> Readable:
    try:
        return Readable(Settings(**sources), frozenset())
    except ValidationError as error:
        malformed = frozenset(str(problem["loc"][0]) for problem in error.errors(include_input=False))
    # What is given in the call wins over what the surroundings say.
    defaults = {field: Settings.model_fields[field].get_default() for field in malformed}
    return Readable(Settings(**sources, **defaults), malformed)


def expected(field: str) -> str:
    """What a good value looks like."""
    return Settings.model_fields[field].description or "a value"
