"""However the parts of a batch fail, and in whatever order they come, everybody's mailbox is what it is."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.directories.entra.graph import Graph
from connectors.directories.entra.mailboxes import Purposes, mailboxes
from connectors.directories.entra.refusals import SignIn
from connectors.errors import Cause, DirectoryNotRead
from rosters.rules import MailboxKind
from tests.support.microsoft import Pauses

PURPOSES = ("user", "linked", "shared", "room", "equipment", "others", None)
KINDS: Mapping[str | None, MailboxKind] = {"shared": "shared", "room": "room", "equipment": "equipment"}
PART: Mapping[str, tuple[int, dict[str, str]]] = {
    "throttled": (429, {"retry-after": "3"}),
    "busy": (503, {}),
    "dependency": (424, {}),
    "token": (401, {}),
}
Json = dict[str, Any]


class FakeTokens:
    """Tokens that are always there."""

    sign_in = SignIn("tenant", "app", "https://login.example")

    async def current(self) -> str:
        return "token"

    async def renewed(self, claims: str | None) -> str:
        return "token"


class ScriptedGraph:
    """Answers batches in an order of its own, each part after its mishaps."""

    def __init__(self, purposes: Mapping[str, str | None], mishaps: Mapping[str, Sequence[str]]) -> None:
        self.purposes = purposes
        self.mishaps = {who: list(before) for who, before in mishaps.items()}
        self.sizes: list[int] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        asked = json.loads(request.content)["requests"]
        self.sizes.append(len(asked))
        answers = sorted((self._part(one) for one in asked), key=lambda part: str(part["body"]))
        return httpx.Response(200, json={"responses": answers})

    def _part(self, asked: Json) -> Json:
        who = asked["url"].split("/")[2]
        if self.mishaps.get(who):
            status, headers = PART[self.mishaps[who].pop()]
            return {"id": asked["id"], "status": status, "headers": headers, "body": {"error": {"code": "Busy"}}}
        purpose = self.purposes[who]
        if purpose is None:
            return {"id": asked["id"], "status": 404, "body": {"error": {"code": "MailboxNotEnabledForRESTAPI"}}}
        return {"id": asked["id"], "status": 200, "headers": {}, "body": {"value": purpose}}


async def ask(serve: Callable[[httpx.Request], httpx.Response], who: Sequence[str]) -> dict[str, MailboxKind]:
    async with httpx.AsyncClient(transport=httpx.MockTransport(serve)) as client:
        graph = Graph(client, FakeTokens(), "https://graph.example", Pauses().patience().begin())
        return await mailboxes(graph, who, Purposes(), lambda: 0, anew=True)


IDS = st.sampled_from([f"user-{number}" for number in range(45)])


@pytest.mark.property
@given(
    st.dictionaries(IDS, st.sampled_from(PURPOSES), max_size=45),
    st.dictionaries(IDS, st.lists(st.sampled_from([*PART]), max_size=3)),
)
def test_failures_of_parts_and_their_order_change_nothing(
    purposes: dict[str, str | None], mishaps: dict[str, list[str]]
) -> None:
    graph = ScriptedGraph(purposes, mishaps)
    assert asyncio.run(ask(graph, [*purposes])) == {who: KINDS.get(kind, "user") for who, kind in purposes.items()}
    assert max(graph.sizes, default=0) <= 20


@pytest.mark.parametrize(
    ("responses", "words"),
    [
        ([], "a batch whose replies don't fit its requests"),
        ([{"id": "1", "status": 200, "body": {"value": "user"}}], "a batch whose replies don't fit its requests"),
        ([{"id": "0", "status": 200, "body": {"value": "user"}}] * 2, "a batch whose replies don't fit its requests"),
        ([{"id": "0", "status": 200, "body": {"value": 7}}], "without the list or value"),
        ([{"id": "0", "status": "200"}], "a reply of a batch without its id or status"),
        ([{"status": 200}], "an entry without an id"),
        (None, "a batch without a list of replies"),
    ],
)
async def test_a_batch_that_cannot_be_trusted_is_refused(responses: object, words: str) -> None:
    with pytest.raises(DirectoryNotRead, match=words) as failed:
        await ask(lambda _: httpx.Response(200, json={"responses": responses}), ["ann"])
    assert failed.value.cause == Cause.MALFORMED
