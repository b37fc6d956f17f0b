"""However Graph orders, repeats, cuts and interrupts its pages, the accounts come out the same."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.directories.entra.delta import Round, first_url
from connectors.directories.entra.graph import Graph
from connectors.directories.entra.refusals import SignIn
from connectors.directories.entra.users import UserReader
from connectors.directories.entries import accounts_after
from connectors.directories.spool import Spool
from rosters.rules import Account, Wanted
from tests.support.microsoft import Pauses

BASE = "https://graph.example"
WANTED = Wanted(licences=True)
MISHAPS = ("cut", "truncated", "busy", "throttled", "token")

Users = Sequence[dict[str, Any]]


class FakeTokens:
    """Tokens that are always there."""

    sign_in = SignIn("tenant", "app", "https://login.example")

    async def current(self) -> str:
        return "token"

    async def renewed(self, claims: str | None) -> str:
        return "token"


class ScriptedGraph:
    """Answers page after page, with up to two mishaps before each."""

    def __init__(self, pages: Sequence[Users], mishaps: Mapping[int, Sequence[str]]) -> None:
        self.pages = pages
        self.mishaps = {number: list(before) for number, before in mishaps.items()}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        number = int(request.url.params.get("$skiptoken", "0"))
        last = number + 1 == len(self.pages)
        link = f"{BASE}/v1.0/users/delta?{'$deltatoken=end' if last else f'$skiptoken={number + 1}'}"
        body = {"value": self.pages[number], "@odata.deltaLink" if last else "@odata.nextLink": link}
        mishap = self.mishaps[number].pop() if self.mishaps.get(number) else None
        match mishap:
            case "cut":
                raise httpx.ReadError("cut", request=request)
            case "truncated":
                content = json.dumps(body).encode()
                return httpx.Response(200, content=content[: len(content) // 2])
            case "busy":
                return httpx.Response(503)
            case "throttled":
                return httpx.Response(429, headers={"Retry-After": "3"})
            case "token":
                return httpx.Response(401)
        return httpx.Response(200, json=body)


async def read(graph: ScriptedGraph) -> dict[str, Account]:
    async with httpx.AsyncClient(transport=httpx.MockTransport(graph)) as client:
        with Spool() as spool:
            lines = Graph(client, FakeTokens(), BASE, Pauses().patience().begin())
            reading = await Round(lines, UserReader(WANTED, {}), spool, 100).walk(first_url(BASE, WANTED), full=True)
            assert reading.pages == len(graph.pages)
            return accounts_after((), spool, full=reading.full)


def paged(users: Users, sizes: Sequence[int]) -> list[Users]:
    """The users on pages of these sizes, of which some are empty; what is left goes on a last page."""
    pages: list[Users] = []
    start = 0
    for size in sizes:
        pages.append(users[start : start + size])
        start += size
    return [*pages, users[start:]]


IDS = st.sampled_from([f"user-{number}" for number in range(8)])
PRESENT = st.fixed_dictionaries({"id": IDS, "displayName": st.text(max_size=5), "accountEnabled": st.booleans()})
REMOVED = st.fixed_dictionaries(
    {"id": IDS, "@removed": st.sampled_from([{"reason": "changed"}, {"reason": "deleted"}])}
)
SIZES = st.lists(st.integers(0, 4), max_size=6)
INTERRUPTIONS = st.dictionaries(
    st.integers(0, 6),
    st.lists(st.sampled_from(MISHAPS), max_size=3).filter(lambda mishaps: mishaps.count("token") < 2),
)


@pytest.mark.property
@given(st.lists(PRESENT | REMOVED, max_size=20), SIZES, INTERRUPTIONS)
def test_interruptions_and_the_size_of_pages_change_nothing(
    users: list[dict[str, Any]], sizes: list[int], mishaps: dict[int, list[str]]
) -> None:
    last = {user["id"]: user for user in users}
    expected = {
        user["id"]: Account(user["id"], user["displayName"], enabled=user["accountEnabled"])
        for user in last.values()
        if "@removed" not in user
    }
    assert asyncio.run(read(ScriptedGraph(paged(users, sizes), mishaps))) == expected


@pytest.mark.property
@given(st.data())
def test_the_order_and_repetition_of_pages_change_nothing(data: st.DataObject) -> None:
    users = data.draw(st.lists(PRESENT, unique_by=lambda user: user["id"], max_size=8))
    pages = paged(users, data.draw(SIZES))
    shuffled = data.draw(st.permutations([*pages, *data.draw(st.lists(st.sampled_from(pages), max_size=4))]))
    assert asyncio.run(read(ScriptedGraph(shuffled, {}))) == asyncio.run(read(ScriptedGraph([users], {})))
