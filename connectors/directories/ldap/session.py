"""A signed-in connection to one LDAP server; ldap3 is synchronous and loosely typed, and this module wraps it."""

import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from ldap3 import Connection, Server, Tls
from ldap3.core.exceptions import LDAPExceptionError

from connectors.directories.ldap.refusals import Asked, no_answer, no_tls, refusal
from connectors.directories.ldap.settings import Host
from connectors.directories.ldap.values import Found, malformed
from connectors.http import CallHook

_PAGED = "1.2.840.113556.1.4.319"
_SHOW_DELETED = ("1.2.840.113556.1.4.417", True, None)
# Below the thousand at which a domain controller cuts every page.
PAGE_SIZE = 500
# What ldap3 lets through when bytes aren't what it expects.
_TROUBLE = (LDAPExceptionError, OSError, ValueError, LookupError)


@dataclass(frozen=True, slots=True)
class Access:
    """How we come in: who we are, whose certificates count, and how long we wait for an answer."""

    user: str
    secret: str
    password: str = field(repr=False)
    trust: ssl.SSLContext
    connect_timeout_seconds: int
    read_timeout_seconds: int
    on_call: CallHook
    page_size: int


class _VerifiedTls(Tls):
    """TLS by our own trust store, with the host's name checked by OpenSSL; ldap3's own default trusts anybody."""

    def __init__(self, trust: ssl.SSLContext) -> None:
        super().__init__(validate=ssl.CERT_REQUIRED)
        self._trust = trust
        self.failure: Exception | None = None

    def wrap_socket(self, connection: Any, do_handshake: bool = False) -> None:  # noqa: FBT001, FBT002 - ldap3's own
        try:
            connection.socket = self._trust.wrap_socket(connection.socket, server_hostname=connection.server.host)
        except OSError as problem:
            # ldap3 makes a new exception of its text, which no longer says why.
            self.failure = problem
            raise


class Session:
    """Searches, page by page, for whoever signed in."""

    def __init__(self, connection: Connection, access: Access, host: Host) -> None:
        """Borrows an open, signed-in connection."""
        self._connection = connection
        self._access = access
        self.host = host

    def pages(
        self,
        base: str,
        search: str,
        attributes: Sequence[str],
        *,
        scope: Literal["BASE", "LEVEL", "SUBTREE"] = "SUBTREE",
        deleted: bool = False,
    ) -> Iterator[list[Found]]:
        """Every page of what a search finds at a server that gives pages; raises unless the last one arrived.

        Entries that lie on other servers are not followed.
        """
        cookie: bytes | None = None
        while True:
            result, page = self._search(base, search, attributes, scope=scope, deleted=deleted, cookie=cookie)
            yield page
            try:
                cookie = result["controls"][_PAGED]["value"]["cookie"]
            except (KeyError, TypeError) as problem:
                raise malformed("a page that doesn't say whether it is the last") from problem
            if not cookie:
                return

    def every(self, base: str, search: str, attributes: Sequence[str], *, deleted: bool = False) -> Iterator[Found]:
        """What a search finds, one by one."""
        for page in self.pages(base, search, attributes, deleted=deleted):
            yield from page

    def one(self, dn: str, attributes: Sequence[str]) -> Found | None:
        """The entry of that name; None where there is none that we may see."""
        pages = self.pages(dn, "(objectClass=*)", attributes, scope="BASE")
        return next((found for page in pages for found in page), None)

    def root(self, attributes: Sequence[str]) -> Found:
        """What the server says about itself; it has a single answer, which no server gives in pages."""
        _, page = self._search("", "(objectClass=*)", attributes, scope="BASE", paged=False)
        if not page:
            raise malformed("nothing about itself")
        return page[0]

    def certificate_ends(self) -> datetime | None:
        """The last moment of the server's certificate."""
        certificate = self._connection.socket.getpeercert() or {}
        if "notAfter" not in certificate:
            return None
        return datetime.fromtimestamp(ssl.cert_time_to_seconds(certificate["notAfter"]), UTC)

    def _search(
        self,
        base: str,
        search: str,
        attributes: Sequence[str],
        *,
        scope: Literal["BASE", "LEVEL", "SUBTREE"],
        deleted: bool = False,
        cookie: bytes | None = None,
        paged: bool = True,
    ) -> tuple[Mapping[str, Any], list[Found]]:
        access = self._access
        asked = _asked(access, self.host, base)
        access.on_call("ldap:before")
        try:
            _, result, response, _ = self._connection.search(
                base,
                search,
                scope,
                attributes=list(attributes),
                controls=[_SHOW_DELETED] if deleted else None,
                paged_size=access.page_size if paged else None,
                paged_criticality=paged,
                paged_cookie=cookie,
            )
        except _TROUBLE as problem:
            raise no_answer(problem, None, asked) from problem
        access.on_call("ldap:after")
        if result["result"] != 0:
            raise refusal(result, asked)
        return result, [_found(entry) for entry in response or () if entry["type"] == "searchResEntry"]


@contextmanager
def signed_in(access: Access, host: Host, base: str) -> Iterator[Session]:
    """A session for the length of the block; raises `TryAgain` where another server or another time may help."""
    tls = _VerifiedTls(access.trust)
    server = Server(
        host.name,
        host.port,
        use_ssl=host.tls_first,
        tls=tls,
        get_info="NO_INFO",
        connect_timeout=access.connect_timeout_seconds,
    )
    connection = Connection(
        server,
        user=access.user,
        password=access.password,
        client_strategy="SAFE_SYNC",
        auto_referrals=False,
        auto_range=False,
        check_names=False,
        read_only=True,
        receive_timeout=access.read_timeout_seconds,
    )
    try:
        _sign_in(connection, tls, access, _asked(access, host, base))
        yield Session(connection, access, host)
    finally:
        # An unbind would wait for a server that may have gone silent; the closed line says as much.
        if connection.socket is not None:
            connection.socket.close()


def _sign_in(connection: Connection, tls: _VerifiedTls, access: Access, asked: Asked) -> None:
    access.on_call("ldap:before")
    try:
        connection.open(read_server_info=False)
        if not connection.server.ssl:
            connection.start_tls(read_server_info=False)
        if not isinstance(connection.socket, ssl.SSLSocket):
            raise no_tls(asked)
        _, result, _, _ = connection.bind(read_server_info=False)
    except _TROUBLE as problem:
        refused_tls = connection.result is not None and connection.result.get("result") != 0 and tls.failure is None
        if not connection.server.ssl and refused_tls:
            raise no_tls(asked) from problem
        raise no_answer(problem, tls.failure, asked) from problem
    access.on_call("ldap:after")
    if result["result"] != 0:
        raise refusal(result, asked)


def _asked(access: Access, host: Host, base: str) -> Asked:
    return Asked(str(host), access.user, base, access.secret)


def _found(entry: Mapping[str, Any]) -> Found:
    values = {name.casefold(): tuple(value) for name, value in entry["raw_attributes"].items()}
    return Found(entry["dn"], values)
