"""What the command box offers while somebody types: the words that can follow, from the bot's own list of usages."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.parsing import USAGES
from sandbox.page.backstage import Client

_MOST = 12
_SLOT = re.compile(r"<[^>]*>|\[[^\]]*\]|\S+")
_ANY_COMMAND = "/rollcall"
_CLIENTS = ("<client>", "[client]")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`line` is the whole line with the word in it, `word` what is offered, `hint` what it means."""

    line: str
    word: str
    hint: str


def commands() -> list[str]:
    """The slash commands that the bot knows, each once."""
    return list(dict.fromkeys(usage.split()[0] for usage, _ in USAGES))


def complete(line: str, clients: Sequence[Client], next_bill_date: date | None) -> list[Suggestion]:
    """What may stand in the place of the line's last word, none of it standing there already."""
    if not line.startswith("/"):
        return []
    before, _, last = line.rpartition(" ")
    typed = before.split()
    if typed and typed[0].lower() == _ANY_COMMAND and len(typed) > 1:
        # The same commands by another name, for a workspace in which other apps have taken theirs.
        inner = complete(f"/{line.partition(' ')[2].lstrip()}", clients, next_bill_date)
        return [Suggestion(f"{_ANY_COMMAND} {one.line.removeprefix('/')}", one.word, one.hint) for one in inner]
    words = _Words(clients, next_bill_date)
    found: dict[str, str] = {}
    for usage, meaning in USAGES:
        for slot in _next_slots(usage, typed, words):
            for word, hint in words.offered(slot, last):
                found.setdefault(word, hint or (_rest(usage, meaning) if not typed else meaning))
    offered = [(word, hint) for word, hint in found.items() if word.lower() != last.lower()]
    start = f"{before} " if before else ""
    return [Suggestion(f"{start}{word} ", word, hint) for word, hint in offered[:_MOST]]


def _rest(usage: str, meaning: str) -> str:
    return f"{usage.partition(' ')[2]}: {meaning}" if " " in usage else meaning


def _next_slots(usage: str, typed: Sequence[str], words: "_Words") -> Iterator[str]:
    """The places of a usage at which the next word may stand, once all the typed ones have found theirs."""
    slots = _SLOT.findall(usage)
    places = {0}
    for word in typed:
        reached = {place for start in places for place in _reachable(slots, start)}
        places = {place + 1 for place in reached if words.fits(slots[place], word)}
    for place in sorted({place for start in places for place in _reachable(slots, start)}):
        yield slots[place]


def _reachable(slots: Sequence[str], start: int) -> Iterator[int]:
    """The place itself, and those after it as long as what is passed over may be left out."""
    for place in range(start, len(slots)):
        yield place
        if not slots[place].startswith("["):
            return


@dataclass(frozen=True, slots=True)
class _Words:
    clients: Sequence[Client]
    next_bill_date: date | None

    def fits(self, slot: str, word: str) -> bool:
        """Whether a whole word may stand in a place."""
        if slot[0] not in "<[":
            return slot.lower() == word.lower()
        wanted = self._choices(slot)
        if any(choice.lower() == word.lower() for choice in wanted):
            return True
        return not wanted or slot in _CLIENTS or "date" in slot

    def offered(self, slot: str, begun: str) -> Iterator[tuple[str, str]]:
        """The words that may stand in a place and begin so, each with what it means if that isn't plain."""
        if slot in _CLIENTS:
            for client in self.clients:
                if _begins(client, begun):
                    yield client.slug, client.name
            return
        for word, hint in self._choices(slot).items():
            if word.lower().startswith(begun.lower()):
                yield word, hint

    def _choices(self, slot: str) -> Mapping[str, str]:
        inside = slot.strip("<>[]")
        if slot[0] not in "<[":
            return {slot: ""}
        if slot in _CLIENTS:
            return {client.slug: client.name for client in self.clients}
        if inside == "date":
            return {self.next_bill_date.isoformat(): "the next bill date"} if self.next_bill_date else {}
        return dict.fromkeys((word.strip() for word in inside.split("|")), "") if "|" in inside else {}


def _begins(client: Client, begun: str) -> bool:
    wanted = begun.casefold()
    return any(word.casefold().startswith(wanted) for word in (client.slug, client.name, *client.name.split()))
