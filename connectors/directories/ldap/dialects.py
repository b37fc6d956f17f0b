"""Which of the two ways of reading a server wants."""

from connectors.directories.ldap.active_directory import ActiveDirectory
from connectors.directories.ldap.open_ldap import OpenLdap
from connectors.directories.ldap.root import root_of
from connectors.directories.ldap.session import Session
from connectors.directories.ldap.settings import LdapSettings


def dialect(session: Session, settings: LdapSettings) -> ActiveDirectory | OpenLdap:
    """The server, as it is at this moment."""
    root = root_of(session)
    return (ActiveDirectory if root.is_active_directory else OpenLdap)(session, root, settings)
