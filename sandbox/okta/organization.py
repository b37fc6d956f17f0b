"""One organization of Okta: its users, its groups, its token, how often it may be asked, and what is to go wrong."""

import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sandbox.faults import Faults

Json = dict[str, Any]


class NobodyThere(Exception):
    """The organization has no such user, or not in the state that the call needs."""


@dataclass(slots=True)
class User:
    """A user as Okta keeps it; what is empty in the profile isn't shown."""

    id: str
    profile: dict[str, str | None]
    status: str
    updated: float
    last_login: float | None = None

    def shown(self) -> Json:
        """As the users API answers."""
        shown: Json = {
            "id": self.id,
            "status": self.status,
            "lastUpdated": moment(self.updated),
            "lastLogin": None if self.last_login is None else moment(self.last_login),
            "profile": {name: value for name, value in self.profile.items() if value is not None},
        }
        return shown


@dataclass(slots=True)
class Organization:
    """`limit` requests are allowed in each window of `window_seconds`; `clock` gives seconds since 1970."""

    token: str = "right"
    clock: Callable[[], float] = time.time
    page_size: int = 200
    limit: int = 600
    window_seconds: int = 60
    may_read: bool = True
    users: dict[str, User] = field(default_factory=dict)
    groups: dict[str, tuple[str, set[str]]] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    _cursors: dict[str, str] = field(default_factory=dict)
    _window: tuple[int, int] = (0, 0)

    def hire(self, name: str, login: str, *, object_id: str | None = None, **more: Any) -> str:
        """Creates a user; `more` is `email`, `status`, `department`, `employeeNumber` or `last_login`."""
        first, _, last = name.partition(" ")
        status, last_login = more.pop("status", "ACTIVE"), more.pop("last_login", None)
        identity = object_id or f"00u{secrets.token_hex(9)[:17]}"
        profile = {"firstName": first, "lastName": last, "login": login, "email": login} | more
        self.users[identity] = User(identity, profile, status, self.clock(), last_login)
        return identity

    def rename(self, object_id: str, name: str) -> None:
        """Gives a new name."""
        first, _, last = name.partition(" ")
        self.change(object_id, firstName=first, lastName=last)

    def change(self, object_id: str, **profile: str | None) -> None:
        """Sets attributes of the profile; None clears one."""
        user = self._user(object_id)
        user.profile.update(profile)
        user.updated = self.clock()

    def move(self, object_id: str, status: str) -> None:
        """Takes a user to another status, such as SUSPENDED."""
        user = self._user(object_id)
        user.status, user.updated = status, self.clock()

    def fire(self, object_id: str) -> None:
        """Deactivates: the user is still there, but no longer listed unless asked for."""
        self.move(object_id, "DEPROVISIONED")

    def purge(self, object_id: str) -> None:
        """Deletes for good, which leaves no trace."""
        self._user(object_id)
        del self.users[object_id]

    def group(self, name: str, *members: str, group_id: str | None = None) -> str:
        """Makes a group, or changes who is in one."""
        identity = group_id or f"00g{secrets.token_hex(9)[:17]}"
        self.groups[identity] = (name, set(members))
        return identity

    def remember(self, place: str) -> str:
        """An opaque cursor for a place in a list."""
        cursor = secrets.token_urlsafe(12)
        self._cursors[cursor] = place
        return cursor

    def place(self, cursor: str) -> str | None:
        """The place that a cursor stands for; None once it is forgotten."""
        return self._cursors.get(cursor)

    def forget(self) -> None:
        """Loses every cursor."""
        self._cursors.clear()

    def count(self) -> tuple[int, int]:
        """Counts a request; gives how many are left in this window (below 0: refused) and when the next one begins."""
        window = int(self.clock()) // self.window_seconds
        self._window = (window, self._window[1] + 1) if window == self._window[0] else (window, 1)
        return self.limit - self._window[1], (window + 1) * self.window_seconds

    def members(self, group_id: str) -> Iterator[User]:
        """The users in a group."""
        yield from (self.users[one] for one in sorted(self.groups[group_id][1]) if one in self.users)

    def _user(self, object_id: str) -> User:
        if object_id not in self.users:
            raise NobodyThere(object_id)
        return self.users[object_id]


def moment(seconds: float) -> str:
    """A time as Okta writes it."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.000Z"
