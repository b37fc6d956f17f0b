"""What mailboxes are for: Graph says it of one user at a time, so it is asked in batches and only of those who count.

A shared or room mailbox is an ordinary user object; nothing on a list tells it from a person.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from urllib.parse import quote

import httpx
from msgspec import Raw, Struct
from msgspec.json import Decoder

from connectors.directories.entra.answers import code_in, refused
from connectors.directories.entra.graph import Graph, still_refused
from connectors.directories.entra.paging import however_often
from connectors.directories.entra.shapes import fitted, malformed
from connectors.directories.entries import Entry, Removal
from connectors.directories.patience import TryAgain
from connectors.directories.waiting import seconds_to_wait
from connectors.errors import DirectoryNotRead
from rosters.rules import MailboxKind

_NEEDS = "MailboxSettings.Read"
_AT_ONCE = 20
# For so long, a full reading that is repeated after a failure takes what an earlier one was told.
_KEEP_SECONDS = 3600
_KINDS: Mapping[str, MailboxKind] = {"shared": "shared", "room": "room", "equipment": "equipment"}


class _Reply(Struct, frozen=True):
    id: str
    status: int
    headers: dict[str, str] | None = None
    body: Raw = Raw(b"null")


class _Replies(Struct, frozen=True):
    responses: list[_Reply]


class _Purpose(Struct, frozen=True):
    value: str | None


_REPLIES = Decoder(_Replies)
_PURPOSE = Decoder(_Purpose)


class Purposes:
    """What one tenant's mailboxes were said to be for a short while ago, by object id."""

    def __init__(self) -> None:
        """Begins with none."""
        self._told: dict[str, tuple[MailboxKind, float]] = {}

    def known(self, now: float) -> dict[str, MailboxKind]:
        """Those that may still be used at this second; the others are forgotten."""
        self._told = {who: told for who, told in self._told.items() if told[1] > now - _KEEP_SECONDS}
        return {who: kind for who, (kind, _) in self._told.items()}

    def note(self, told: Mapping[str, MailboxKind], now: float) -> None:
        """Keeps what was just told."""
        self._told.update((who, (kind, now)) for who, kind in told.items())


def candidates(entries: Iterable[Entry]) -> list[str]:
    """Who could count by what a reading says: enabled members who are there after its last word on them.

    Those without a licence too, since a roster with the basis `enabled` would count them.
    """
    seen: dict[str, tuple[bool, bool]] = {}
    for entry in entries:
        if isinstance(entry, Removal):
            seen.pop(entry.object_id, None)
            continue
        enabled, guest = seen.get(entry.object_id, (True, False))
        seen[entry.object_id] = (entry.fields.get("enabled", enabled), entry.fields.get("guest", guest))
    return [who for who, (enabled, guest) in seen.items() if enabled and not guest]


async def mailboxes(
    graph: Graph, who: Iterable[str], purposes: Purposes, clock: Callable[[], float], *, anew: bool
) -> dict[str, MailboxKind]:
    """The kind of everybody's mailbox, "user" where there is none; a part that fails fails the whole.

    `anew` asks also for those who were told a short while ago: somebody who changed since may be another kind.
    """
    known = {} if anew else purposes.known(clock())
    told = {one: known[one] for one in who if one in known}
    missing = [one for one in who if one not in told]
    for start in range(0, len(missing), _AT_ONCE):
        part = missing[start : start + _AT_ONCE]
        answered = await however_often("a batch of mailboxes", partial(_batch, graph, part))
        purposes.note(answered, clock())
        told.update(answered)
    return told


async def _batch(graph: Graph, who: Sequence[str]) -> dict[str, MailboxKind]:
    """Asks again only for those whose part failed in a way that may pass."""
    told: dict[str, MailboxKind] = {}

    async def attempt() -> None:
        pending = [one for one in who if one not in told]
        failed: list[_Reply] = []
        for one, reply in zip(pending, await _replies(graph, pending), strict=True):
            if reply.status == httpx.codes.OK:
                told[one] = _KINDS.get(fitted(bytes(reply.body), _PURPOSE).value or "", "user")
            elif reply.status == httpx.codes.NOT_FOUND:
                told[one] = "user"
            else:
                failed.append(reply)
        if failed:
            raise await _failure(graph, failed)

    await graph.effort.persist(attempt)
    return told


async def _replies(graph: Graph, who: Sequence[str]) -> list[_Reply]:
    """The replies in the order of the requests; Graph sends them in any."""
    requests = [
        {"id": str(number), "method": "GET", "url": f"/users/{quote(one, safe='')}/mailboxSettings/userPurpose"}
        for number, one in enumerate(who)
    ]
    answer = await graph.post(f"{graph.base_url}/v1.0/$batch", {"requests": requests}, _REPLIES, needs=_NEEDS)
    if sorted(reply.id for reply in answer.responses) != sorted(str(number) for number in range(len(who))):
        raise malformed("a batch whose replies don't fit its requests")
    return sorted(answer.responses, key=lambda reply: int(reply.id))


async def _failure(graph: Graph, failed: Sequence[_Reply]) -> DirectoryNotRead | TryAgain:
    """The worst of several failures: one that doesn't pass, else the longest pause."""
    if any(reply.status == httpx.codes.UNAUTHORIZED for reply in failed):
        await graph.renew(None)
        return TryAgain(still_refused())
    pauses: list[TryAgain] = []
    for reply in failed:
        wait = seconds_to_wait(httpx.Headers(reply.headers or {}))
        meant = refused(reply.status, code_in(bytes(reply.body)), _NEEDS, graph.tokens.sign_in, wait)
        if isinstance(meant, DirectoryNotRead):
            return meant
        pauses.append(meant)
    return max(pauses, key=lambda pause: pause.wait_seconds or 0)
