"""What the house signs in by: one warning a month before it expires, and none every night."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from commands import credentials
from commands.actors import Actor
from commands.credentials import Expiry
from commands.permissions import NotAllowed
from connectors.directories.examined import Credential
from connectors.directories.port import Directory
from connectors.errors import Cause, DirectoryNotRead
from tests.support.books import client
from tests.support.cards import every_owed
from tests.support.msp import ADA, Msp, played_once

RENEW = "Make a new one."


def expiring(msp: Msp, on: str | None, name: str = "hr") -> None:
    expires = None if on is None else datetime.fromisoformat(on).replace(tzinfo=UTC)
    msp.directory(name=name).credential = Credential("client secret", expires, RENEW)


def look(msp: Msp, actor: Actor = ADA) -> tuple[Expiry, ...]:
    def source(kind: str, settings: Mapping[str, object], client: str, name: str) -> Directory:
        return msp.directory(client, name)

    return asyncio.run(credentials.look(msp.database, actor, source, msp.clock))


def told(msp: Msp) -> list[tuple[str, int, str | None]]:
    found = every_owed(msp.database)
    return [(card.subject, card.wanted, card.channel) for card in found if card.kind == "credential"]


@pytest.fixture
@played_once
def acme(msp: Msp) -> Msp:
    msp.imports(client(directories=("hr", "shop")))
    return msp


def test_what_expires_within_a_month_is_told_once_and_to_the_house(acme: Msp) -> None:
    expiring(acme, "2027-01-31")
    look(acme)
    look(acme.on("2027-01-02"))
    assert told(acme) == [("Memory client secret", 1, None)]


def test_the_card_says_when_what_waits_and_what_to_do(acme: Msp) -> None:
    expiring(acme, "2027-01-31")
    look(acme)
    said = credentials.show(acme.database, "Memory client secret")
    assert (said.title, said.remedy, said.cleared) == ("The Memory client secret expires on 31 Jan 2027", RENEW, False)
    assert "invoices wait" in said.sentences[0]


def test_what_expires_later_is_not_told(acme: Msp) -> None:
    expiring(acme, "2027-02-15")
    look(acme)
    assert told(acme) == []


def test_what_does_not_say_when_it_expires_is_not_told(acme: Msp) -> None:
    expiring(acme, None)
    assert look(acme) == ()


def test_what_was_renewed_clears_its_card(acme: Msp) -> None:
    expiring(acme, "2027-01-31")
    look(acme)
    expiring(acme, "2028-01-31")
    look(acme)
    said = credentials.show(acme.database, "Memory client secret")
    assert (told(acme)[0][1], said.cleared) == (2, True)
    assert said.title == "The Memory client secret was renewed, until 31 Jan 2028"


def test_of_several_the_first_to_expire_is_told(acme: Msp) -> None:
    expiring(acme, "2028-01-31")
    expiring(acme, "2027-01-20", name="shop")
    assert [str(each.expires.date()) for each in look(acme)] == ["2027-01-20"]


def test_a_directory_that_can_not_be_looked_at_leaves_the_others(acme: Msp) -> None:
    expiring(acme, "2027-01-20", name="shop")
    acme.directory().unseen = DirectoryNotRead(Cause.NETWORK, "No answer.")
    assert len(look(acme)) == 1


def test_nobody_without_a_role_looks(acme: Msp) -> None:
    with pytest.raises(NotAllowed):
        look(acme, Actor("U0NOBODY", "slack"))


def test_it_is_looked_once_a_day(acme: Msp) -> None:
    assert credentials.take_daily(acme.database, acme.clock) is None
    acme.on("2027-01-02")
    turn = credentials.take_daily(acme.database, acme.clock)
    assert turn is not None
    credentials.done(acme.database, acme.clock, turn)
    assert credentials.take_daily(acme.database, acme.clock) is None
