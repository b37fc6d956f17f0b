"""An Okta organization as a directory."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import quote

from connectors.directories.entries import Sighting
from connectors.directories.examined import Examined, Observation, refused
from connectors.directories.okta.answers import StartOver
from connectors.directories.okta.api import OktaApi
from connectors.directories.okta.groups import members_of
from connectors.directories.okta.position import FULL_EVERY, Position, position_in
from connectors.directories.okta.settings import OktaSettings
from connectors.directories.okta.users import entry_of, is_listed
from connectors.directories.patience import Patience
from connectors.directories.port import Reading
from connectors.directories.spool import Spool
from connectors.errors import Cause, DirectoryNotRead
from connectors.http import HttpFactory
from rosters.rules import Wanted

_RESTARTS = 3
_USERS = "/api/v1/users"


class OktaDirectory:
    """Reads who changed since a cursor; everybody where there is none, or where the last full reading is too old."""

    def __init__(self, settings: OktaSettings, token: str, http: HttpFactory, patience: Patience) -> None:
        """Sends nothing yet."""
        self._url = settings.url
        self._token = token
        self._http = http
        self._patience = patience

    async def read(self, cursor: str | None, spool: Spool, *, wanted: Wanted) -> Reading:
        """Reads every page into the spool; see `connectors.directories.port.Directory`."""
        _refuse_licences(wanted)
        async with self._http.client("okta") as client:
            api = OktaApi(client, self._url, self._token, self._patience.begin())
            start = position_in(cursor, self._url)
            for _ in range(_RESTARTS + 1):
                try:
                    members = await members_of(api, wanted.groups)
                    return replace(await self._walk(api, start, spool), members=members or None)
                except StartOver:
                    start = None
                    spool.restart()
        message = (
            f"Okta forgot {_RESTARTS + 1} times where the list of users stood, and never came to its end. "
            "The next sync tries again."
        )
        raise DirectoryNotRead(Cause.UNAVAILABLE, message)

    async def still_there(self, object_ids: Sequence[str]) -> frozenset[str]:
        """Asks for each user by its id; see `connectors.directories.port.Confirms`.

        Whoever was deactivated is found by its id, but isn't on the list of everybody.
        """
        async with self._http.client("okta") as client:
            api = OktaApi(client, self._url, self._token, self._patience.begin())
            asked = [(who, await api.found(f"{_USERS}/{quote(who, safe='')}")) for who in object_ids]
        return frozenset(who for who, user in asked if user is not None and is_listed(user))

    async def examine(self, *, wanted: Wanted, now: Callable[[], datetime]) -> Examined:
        """Looks whether the token may read users and groups; see `connectors.directories.port.Directory`."""
        async with self._http.client("okta") as client:
            api = OktaApi(client, self._url, self._token, self._patience.begin())
            try:
                _refuse_licences(wanted)
                async for _ in api.pages(_USERS, missing=self._missing):
                    break
                await members_of(api, wanted.groups)
            except DirectoryNotRead as failure:
                return Examined((refused("API token", failure),))
            except StartOver:
                return Examined()
        return Examined((Observation("API token", "well", f"may read what is needed at {self._url}"),))

    async def _walk(self, api: OktaApi, start: Position | None, spool: Spool) -> Reading:
        # `filter` rather than `search`: it is documented to have the users that were deactivated in it.
        query = {} if start is None else {"filter": start.filter()}
        pages = people = 0
        begun: datetime | None = None
        async for page in api.pages(_USERS, missing=self._missing, **query):
            if pages == 0:
                begun = page.at
                if start is not None and (begun is None or begun - start.full >= FULL_EVERY):
                    raise StartOver
            entries = [entry_of(user) for user in page.items]
            spool.append(entries)
            pages += 1
            people += sum(isinstance(entry, Sighting) for entry in entries)
        cursor = None if begun is None else Position(self._url, begun, start.full if start else begun).text()
        return Reading(full=start is None, cursor=cursor, pages=pages, people=people, licences=False)

    @property
    def _missing(self) -> str:
        return (
            f"There is no list of users at {self._url}. Check `url`: it is the organization's own address, such as "
            "https://acme.okta.com, without -admin."
        )


def _refuse_licences(wanted: Wanted) -> None:
    if wanted.needs_licences:
        message = (
            "Okta knows no licences, but the rule of a roster of this client asks for them. Give its rosters "
            "`basis: enabled` and narrow them by groups, or read the client's Microsoft or Google directory as well."
        )
        raise DirectoryNotRead(Cause.NOT_FOUND, message)
