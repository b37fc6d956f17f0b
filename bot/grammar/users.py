"""/users: rosters and names, one account's verdict, the head count over time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.grammar.words import CommandIsUnclear, split

OF_USERS = ("who", "why", "history", "xlsx")
"""The words that may stand behind a client's name."""


@dataclass(frozen=True, slots=True)
class ListUsers:
    """Rosters and names."""

    client: str


@dataclass(frozen=True, slots=True)
class ExplainUser:
    """One account's verdict."""

    client: str
    who: str


@dataclass(frozen=True, slots=True)
class UserHistory:
    """The head count over twelve months."""

    client: str


@dataclass(frozen=True, slots=True)
class UsersWorkbook:
    """Everybody on every roster, as a spreadsheet."""

    client: str


UsersRequest = ListUsers | ExplainUser | UserHistory


def read_users(tokens: Sequence[str], _today: date, in_name: int) -> UsersRequest | UsersWorkbook:
    """What is asked of a client's people."""
    before, keyword, after = split(tokens, OF_USERS, in_name)
    possible = "/users <client> [who] · /users <client> why <who> · /users <client> history · /users <client> xlsx"
    if not before:
        raise CommandIsUnclear(f"Of which client? Possible: {possible}.")
    client = " ".join(before)
    if keyword == "why" and after:
        return ExplainUser(client, " ".join(after))
    if keyword == "history" and not after:
        return UserHistory(client)
    if keyword == "xlsx" and not after:
        return UsersWorkbook(client)
    if keyword == "why" or after:
        raise CommandIsUnclear(f"I understood the client “{client}”, but not what to say. Possible: {possible}.")
    return ListUsers(client)
