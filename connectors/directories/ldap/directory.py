"""A domain or tree behind LDAP as a directory."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TypeVar

from connectors.directories.examined import Examined
from connectors.directories.kinds import Surroundings
from connectors.directories.ldap.cursor import Cursor
from connectors.directories.ldap.dialects import dialect
from connectors.directories.ldap.examination import NO_LICENCES, examined
from connectors.directories.ldap.session import PAGE_SIZE, Access, signed_in
from connectors.directories.ldap.settings import Host, LdapSettings
from connectors.directories.patience import TryAgain
from connectors.directories.port import Reading
from connectors.directories.spool import Spool
from connectors.errors import DirectorySettingsMakeNoSense
from connectors.trust import trust
from rosters.rules import Wanted

Answer = TypeVar("Answer")


class LdapDirectory:
    """Reads one of the servers, in a thread, since ldap3 waits for the network."""

    def __init__(self, settings: LdapSettings, surroundings: Surroundings, page_size: int = PAGE_SIZE) -> None:
        """Opens nothing yet."""
        self._settings = settings
        self._surroundings = surroundings
        self._page_size = page_size

    async def read(self, cursor: str | None, spool: Spool, *, wanted: Wanted) -> Reading:
        """Reads every page into the spool; see `connectors.directories.port.Directory`."""
        if wanted.needs_licences:
            raise DirectorySettingsMakeNoSense(NO_LICENCES)
        effort = self._surroundings.patience.begin()
        return await effort.persist(lambda: _in_a_thread(lambda: self._read(cursor, spool, wanted.groups)))

    async def examine(self, *, wanted: Wanted, now: Callable[[], datetime]) -> Examined:
        """Looks at each server; see `connectors.directories.port.Directory`."""
        return await _in_a_thread(lambda: examined(self._settings, self._access(), wanted, now))

    def _read(self, cursor: str | None, spool: Spool, groups: tuple[str, ...]) -> Reading:
        """Reads the first server that answers to the end; begins with the one that the cursor is about."""
        access = self._access()
        hosts = sorted(self._settings.hosts(), key=lambda host: not _is_pinned(host, cursor))
        for host in hosts[:-1]:
            try:
                return self._read_from(host, access, cursor, spool, groups)
            except TryAgain:
                continue
        return self._read_from(hosts[-1], access, cursor, spool, groups)

    def _read_from(
        self, host: Host, access: Access, cursor: str | None, spool: Spool, groups: tuple[str, ...]
    ) -> Reading:
        spool.restart()
        with signed_in(access, host, self._settings.base) as session:
            return dialect(session, self._settings).read(cursor, spool, groups)

    def _access(self) -> Access:
        http = self._surroundings.http().settings
        return Access(
            user=self._settings.user,
            secret=self._settings.password.secret,
            password=self._surroundings.secret(self._settings.password.secret),
            trust=trust(http.ca_bundle),
            connect_timeout_seconds=http.connect_timeout_seconds,
            read_timeout_seconds=http.read_timeout_seconds,
            on_call=http.on_call,
            page_size=self._page_size,
        )


def _is_pinned(host: Host, cursor: str | None) -> bool:
    before = Cursor.parsed(cursor)
    return before is not None and before.host == str(host)


async def _in_a_thread(work: Callable[[], Answer]) -> Answer:
    """The work's answer, from a thread of its own: a server that goes silent must take none from other clients."""
    with_one = ThreadPoolExecutor(max_workers=1, thread_name_prefix="rollcall-ldap")
    try:
        return await asyncio.get_running_loop().run_in_executor(with_one, work)
    finally:
        with_one.shutdown(wait=False)
