"""A part of an LDAP server's tree that belongs to one test, with hands to change it and the directory that reads it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import uuid4

from ldap3 import MODIFY_DELETE, MODIFY_REPLACE, Connection, Server, Tls

from connectors.directories import open_directory
from connectors.directories.entries import accounts_after
from connectors.directories.kinds import Surroundings
from connectors.directories.port import Directory, Reading
from connectors.directories.spool import Spool
from connectors.http import CallHook, HttpFactory, HttpSettings
from rosters.rules import Account, Wanted
from tests.support.microsoft import Pauses

Values = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True, slots=True)
class LdapServer:
    """A running server: where, whom it lets in, and by which authority it is trusted.

    `reader` is the account by which Rollcall signs in; `plain_url` speaks no TLS until it is begun.
    """

    url: str
    plain_url: str
    context: str
    ca_bundle: Path
    administrator: str
    reader: str
    password: str

    @contextmanager
    def administered(self) -> Iterator[Connection]:
        """The administrator's own way in, for the length of the block."""
        host, _, port = self.url.rpartition("//")[2].partition(":")
        tls = Tls(ca_certs_file=str(self.ca_bundle))
        server = Server(host, int(port or 636), use_ssl=True, tls=tls, get_info="NO_INFO")
        user = self.administrator
        admin = Connection(server, user, self.password, auto_bind="NO_TLS", check_names=False, raise_exceptions=True)
        try:
            yield admin
        finally:
            admin.unbind()


def surroundings(
    ca_bundle: Path | None,
    secrets: Mapping[str, str],
    *,
    read_timeout_seconds: int = 60,
    on_call: CallHook = lambda _point: None,
) -> Surroundings:
    """A trust store, secrets, and a patience that doesn't wait."""
    settings = HttpSettings(
        ca_bundle, connect_timeout_seconds=5, read_timeout_seconds=read_timeout_seconds, on_call=on_call
    )
    http = HttpFactory(settings)
    patience = Pauses().patience(attempts=2)
    return Surroundings(http=lambda: http, secret=lambda name: secrets[name], patience=patience)


@dataclass
class Lab:
    """An organizational unit of a test's own, so that tests may share a server."""

    server: LdapServer
    admin: Any  # ldap3's types end where writing begins.
    secrets: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.secrets["reader"] = self.server.password
        self.admin.add(self.base, "organizationalUnit")

    @cached_property
    def mark(self) -> str:
        """What no other test's names begin with."""
        return f"t{uuid4().hex[:12]}"

    @cached_property
    def base(self) -> str:
        return f"OU={self.mark},{self.server.context}"

    def unit(self, name: str, base: str | None = None) -> str:
        """A further unit below."""
        dn = f"OU={name},{base or self.base}"
        self.admin.add(dn, "organizationalUnit")
        return dn

    def change(self, dn: str, values: Values) -> None:
        """Replaces attributes; an empty value takes one away."""
        changes: dict[str, Any] = {
            name: [(MODIFY_REPLACE, [value] if isinstance(value, str) else list(value))]
            if value
            else [(MODIFY_DELETE, [])]
            for name, value in values.items()
        }
        self.admin.modify(dn, changes)

    def move(self, dn: str, unit: str) -> None:
        """Puts an entry below another one."""
        self.admin.modify_dn(dn, dn.partition(",")[0], new_superior=unit)

    def attribute(self, dn: str, name: str) -> bytes:
        """One value of an entry, as it is."""
        self.admin.search(dn, "(objectClass=*)", "BASE", attributes=[name])
        found = self.admin.response or []
        value: bytes = found[0]["raw_attributes"][name][0]
        return value

    def settings(self, **changed: Any) -> dict[str, Any]:
        """What a book would say."""
        usual = {
            "url": self.server.url,
            "base": self.base,
            "user": self.server.reader,
            "password": {"secret": "reader"},
        }
        return {**usual, **changed}

    def directory(self, **changed: Any) -> Directory:
        """The directory as a book describes it."""
        return open_directory("ldap", self.settings(**changed), self.surroundings())

    def surroundings(self, on_call: CallHook = lambda _point: None) -> Surroundings:
        """What the product would hand on."""
        return surroundings(self.server.ca_bundle, self.secrets, on_call=on_call)


@dataclass
class Course:
    """Readings of one directory after each other, each from where the last one stopped."""

    directory: Directory
    wanted: Wanted = field(default_factory=Wanted)
    cursor: str | None = None
    accounts: dict[str, Account] = field(default_factory=dict)

    async def read(self) -> Reading:
        """One more reading; who is there afterwards stands in `accounts`."""
        with Spool() as spool:
            reading = await self.directory.read(self.cursor, spool, wanted=self.wanted)
            self.accounts = accounts_after(self.accounts.values(), spool, full=reading.full)
        self.cursor = reading.cursor
        return reading

    @property
    def names(self) -> set[str]:
        return {account.name for account in self.accounts.values()}
