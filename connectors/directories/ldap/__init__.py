"""Active Directory, and other servers that speak LDAP, such as OpenLDAP."""

from connectors.directories.kinds import Kind, Surroundings
from connectors.directories.ldap.settings import LdapSettings
from connectors.directories.port import Directory


def _open(settings: LdapSettings, surroundings: Surroundings) -> Directory:
    # ldap3 takes a while to load; whoever only wants the shape of the settings goes without it.
    from connectors.directories.ldap.directory import LdapDirectory  # noqa: PLC0415 - loaded when used, see above

    return LdapDirectory(settings, surroundings)


KIND = Kind("ldap", LdapSettings, _open, knows_licences=False)
