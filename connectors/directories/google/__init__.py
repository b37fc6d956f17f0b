"""Google Workspace, through a service account that acts for an administrator of the client."""

from connectors.directories.google.settings import GoogleSettings
from connectors.directories.kinds import Kind, Surroundings
from connectors.directories.port import Directory


def _open(settings: GoogleSettings, surroundings: Surroundings) -> Directory:
    from connectors.directories.google.directory import GoogleDirectory  # noqa: PLC0415 - httpx is slow to load
    from connectors.directories.google.key import service_account_key  # noqa: PLC0415 - the same for google-auth

    key = service_account_key(surroundings.secret(settings.key.secret), settings.key.secret)
    return GoogleDirectory(settings, key, surroundings.http(), surroundings.patience)


KIND = Kind("google", GoogleSettings, _open)
