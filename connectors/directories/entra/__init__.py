"""Microsoft Entra ID, through the MSP's app and Microsoft Graph."""

from connectors.directories.entra.settings import EntraSettings
from connectors.directories.kinds import Kind, Surroundings
from connectors.directories.port import Directory


def _open(settings: EntraSettings, surroundings: Surroundings) -> Directory:
    return surroundings.app().directory(settings, surroundings.patience)


KIND = Kind("entra", EntraSettings, _open)
