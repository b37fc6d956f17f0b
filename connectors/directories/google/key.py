"""The key of a service account, as Google hands it out: a JSON file."""

import json
from dataclasses import dataclass, field
from typing import Any

from connectors.errors import DirectorySettingsMakeNoSense

_NEEDED = ("client_email", "private_key", "client_id")


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """Who signs in; `client_id` is the number by which an administrator lets it in."""

    mail: str
    client_id: str
    info: dict[str, Any] = field(repr=False)


def service_account_key(text: str, secret: str) -> ServiceAccount:
    """The key in the stored secret; raises `DirectorySettingsMakeNoSense` for anything else."""
    try:
        info = json.loads(text)
    except ValueError:
        info = None
    kind = info.get("type") if isinstance(info, dict) else None
    if kind != "service_account" or not all(isinstance(info.get(name), str) for name in _NEEDED):
        message = (
            f"The secret {secret!r} isn't the key of a Google service account. Make one in the Google Cloud console "
            "under IAM, Service accounts, Keys, as JSON, and store the whole file."
        )
        raise DirectorySettingsMakeNoSense(message)
    return ServiceAccount(info["client_email"], info["client_id"], info)
