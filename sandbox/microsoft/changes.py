"""The list of changed users: rounds of pages, opaque tokens, and the link for the next time."""

import secrets
from dataclasses import dataclass, field
from itertools import pairwise

from sandbox.microsoft.people import Json, People


class TokenUnknown(Exception):
    """A paging or change token that this server did not give, or gave before it forgot."""


@dataclass(frozen=True, slots=True)
class _Round:
    select: tuple[str, ...]
    pages: list[list[Json]]
    version: int


@dataclass(frozen=True, slots=True)
class Page:
    """One page; exactly one of the two tokens leads on."""

    value: list[Json]
    skiptoken: str | None
    deltatoken: str | None
    place: tuple[_Round, int]


@dataclass(slots=True)
class Changes:
    """The rounds of one tenant.

    `page_size` caps what the client prefers. With `repeats`, each page begins with the last user of the page before,
    as happens when users change while somebody pages.
    """

    people: People
    page_size: int = 200
    repeats: bool = False
    _skip: dict[str, tuple[_Round, int]] = field(default_factory=dict)
    _delta: dict[str, _Round] = field(default_factory=dict)

    def begin(self, select: tuple[str, ...], wanted: int) -> Page:
        """The first page of everybody."""
        return self._begin(select, None, wanted)

    def since(self, deltatoken: str, wanted: int) -> Page:
        """The first page of what changed since the round that gave this token."""
        if deltatoken not in self._delta:
            raise TokenUnknown
        before = self._delta[deltatoken]
        return self._begin(before.select, before.version, wanted)

    def page(self, skiptoken: str) -> Page:
        """The page that this token leads to, as often as it is asked for."""
        if skiptoken not in self._skip:
            raise TokenUnknown
        return self._page(*self._skip[skiptoken])

    def emptied(self, page: Page) -> Page:
        """A page without users that leads to the page itself, as Graph sends now and then."""
        return Page([], self._remember(*page.place), None, page.place)

    def forget(self) -> None:
        """Loses every token, as a reset of the service or a week without reading does."""
        self._skip.clear()
        self._delta.clear()

    def _begin(self, select: tuple[str, ...], since: int | None, wanted: int) -> Page:
        size = max(1, min(wanted, self.page_size))
        users = self.people.listed(select, since)
        pages = [users[start : start + size] for start in range(0, len(users), size)] or [[]]
        if self.repeats:
            pages = [pages[0], *(before[-1:] + page for before, page in pairwise(pages))]
        return self._page(_Round(select, pages, self.people.version), 0)

    def _page(self, pages: _Round, number: int) -> Page:
        if number + 1 < len(pages.pages):
            return Page(pages.pages[number], self._remember(pages, number + 1), None, (pages, number))
        token = secrets.token_urlsafe(24)
        self._delta[token] = pages
        return Page(pages.pages[number], None, token, (pages, number))

    def _remember(self, pages: _Round, number: int) -> str:
        token = secrets.token_urlsafe(24)
        self._skip[token] = (pages, number)
        return token
