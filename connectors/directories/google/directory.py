"""A Google Workspace as a directory: always read as a whole, since Google tells no changes."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from urllib.parse import quote

from connectors.directories.examined import Examined, Observation, refused
from connectors.directories.google.answers import StartOver, malformed
from connectors.directories.google.api import GoogleApi, Item
from connectors.directories.google.groups import members_of
from connectors.directories.google.key import ServiceAccount
from connectors.directories.google.licences import licences_of
from connectors.directories.google.refusals import SignIn
from connectors.directories.google.scopes import scopes
from connectors.directories.google.settings import GoogleSettings
from connectors.directories.google.tokens import GoogleTokens
from connectors.directories.google.users import FIELDS, entry_of
from connectors.directories.patience import Patience
from connectors.directories.port import Reading
from connectors.directories.spool import Spool
from connectors.errors import Cause, DirectoryNotRead
from connectors.http import HttpFactory
from rosters.rules import Wanted

_RESTARTS = 3
_PAGE_SIZE = "500"


class GoogleDirectory:
    """Reads everybody each time."""

    def __init__(self, settings: GoogleSettings, key: ServiceAccount, http: HttpFactory, patience: Patience) -> None:
        """Sends nothing yet."""
        self._settings = settings
        self._list = f"{settings.directory_url}/admin/directory/v1/users"
        self._key = key
        self._http = http
        self._patience = patience

    async def read(self, cursor: str | None, spool: Spool, *, wanted: Wanted) -> Reading:
        """Reads every page into the spool; see `connectors.directories.port.Directory`."""
        async with self._api(wanted) as api:
            for _ in range(_RESTARTS + 1):
                try:
                    return await self._everything(api, spool, wanted)
                except StartOver:
                    spool.restart()
        message = (
            f"Google forgot {_RESTARTS + 1} times where the list stood, and never came to its end. "
            "The next sync tries again."
        )
        raise DirectoryNotRead(Cause.UNAVAILABLE, message)

    async def still_there(self, object_ids: Sequence[str]) -> frozenset[str]:
        """Asks for each user by its id; see `connectors.directories.port.Confirms`."""
        async with self._api(Wanted()) as api:
            return frozenset([who for who in object_ids if await api.is_there(f"{self._list}/{quote(who, safe='')}")])

    async def examine(self, *, wanted: Wanted, now: Callable[[], datetime]) -> Examined:
        """Looks whether the sign-in and all that is wanted is allowed; see `connectors.directories.port.Directory`."""
        try:
            async with self._api(wanted) as api:
                await members_of(api, self._settings, wanted.groups)
                async for _ in self._users(api, "1"):
                    break
                if wanted.licences:
                    await licences_of(api, self._settings)
        except DirectoryNotRead as failure:
            return Examined((refused("service account", failure),))
        except StartOver:
            return Examined()
        text = f"may read what is needed for {self._settings.admin}"
        return Examined((Observation("service account", "well", text),))

    @asynccontextmanager
    async def _api(self, wanted: Wanted) -> AsyncIterator[GoogleApi]:
        sign_in = SignIn(self._key.mail, self._key.client_id, self._settings.admin, scopes(wanted))
        async with self._http.client("google") as client:
            with self._http.session("token") as session:
                tokens = GoogleTokens(self._key, sign_in, self._settings.token_url, session)
                yield GoogleApi(client, tokens, self._patience.begin())

    async def _everything(self, api: GoogleApi, spool: Spool, wanted: Wanted) -> Reading:
        members = await members_of(api, self._settings, wanted.groups)
        licences = await licences_of(api, self._settings) if wanted.licences else None
        pages = people = 0
        async for page in self._users(api, _PAGE_SIZE):
            spool.append(entry_of(user, licences) for user in page)
            pages += 1
            people += len(page)
        if people and wanted.licences and licences is None:
            # Nobody was there a moment ago, or so it was said: nobody's licences may be concluded from that.
            raise malformed("no user from whom the customer's id could be taken")
        return Reading(full=True, cursor=None, pages=pages, people=people, members=members or None)

    def _users(self, api: GoogleApi, page_size: str) -> AsyncIterator[list[Item]]:
        query = {"customer": self._settings.customer, "maxResults": page_size, "fields": FIELDS}
        return api.pages(
            self._list, query, kind="admin#directory#users", items="users", missing=self._settings.no_customer
        )
