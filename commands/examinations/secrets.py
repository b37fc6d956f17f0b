"""Stored secrets: whether the keys at hand open them, without a look at what they say."""

from commands.actors import Actor
from commands.examinations.finding import Finding, Part, left_out, ok, set_wrong, warn
from commands.keys import Keys
from commands.secrets import list_secrets
from storage.database import Database

_PART = Part.SETTINGS
_WHAT = "stored secrets"
_DOCTOR = Actor("doctor", "cli")


def examine(database: Database, keys: Keys | None) -> list[Finding]:
    """One finding, or none where nothing is stored; without `keys`, their setting is malformed."""
    stored = list_secrets(database, _DOCTOR, keys or Keys())
    if not stored:
        return []
    if keys is None:
        return [left_out(_PART, _WHAT, "their keys are malformed")]
    closed = [one for one in stored if not one.opens]
    if closed:
        told = ", ".join(f"{one.name} (key {one.key_id})" for one in closed)
        missing = ", ".join(dict.fromkeys(one.key_id for one in closed))
        remedy = (
            f"ROLLCALL_SECRET_KEY {keys.said}. Add {missing} back behind the newest, or store each anew: "
            "rollcall secret set NAME"
        )
        return [set_wrong(_PART, _WHAT, f"no key opens {told}", remedy)]
    older = [one.name for one in stored if one.key_id != keys.newest]
    text = f"{len(stored)}, each opened by a key"
    if older:
        return [warn(_PART, _WHAT, f"{text}; not by the newest: {', '.join(older)}", "rollcall secret rotate")]
    return [ok(_PART, _WHAT, text)]
