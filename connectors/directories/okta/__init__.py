"""Okta, through an API token of the client's organization."""

from connectors.directories.kinds import Kind, Surroundings
from connectors.directories.okta.settings import OktaSettings, api_token
from connectors.directories.port import Directory


def _open(settings: OktaSettings, surroundings: Surroundings) -> Directory:
    from connectors.directories.okta.directory import OktaDirectory  # noqa: PLC0415 - httpx is slow to load

    token = api_token(surroundings.secret(settings.token.secret), settings.token.secret)
    return OktaDirectory(settings, token, surroundings.http(), surroundings.patience)


KIND = Kind("okta", OktaSettings, _open, knows_licences=False)
