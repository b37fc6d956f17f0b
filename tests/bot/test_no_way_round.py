"""Below the role of approver there is no way to change what is billed: no command, button, modal, mention or home tab.

What is sent is what Slack would say of any button, choice or modal, also of those that whoever sends it was never
shown. That the same would change something is told by an admin who sends it.
"""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from random import Random

import httpx
import pytest

from bot.actions import Act, Modal
from bot.app import decisions
from commands import changes, runs
from commands.imports import apply_import
from commands.sync import sync_clients
from connectors.books.reader import read_book
from tests.support.databases import Rows, contents, fill
from tests.support.forging import Forger, Forgery, every_forgery
from tests.support.office import ADMIN, BOOK, FIRST_DAY, SHELL, VIEWER, Office

STRANGER = "U0STRANGER"
MAY, JUNE = date(2027, 5, 1), date(2027, 6, 1)
# What was said and shown, and what is still to be; none of it is billed.
OF_SLACK = {"interactions", "notices", "channels", "slots"}
DECIDES_NOTHING = {Act.TRY_AGAIN: "it only has cards shown, which are of Slack alone"}
STEPS = ("start", "approve", "issue")
# Forgeries of which each is about what another one is about.
PLAYED = 100

_AT_ACME = BOOK.index("  - slug: acme")
_AT_GLOBEX = BOOK.index("  - slug: globex")
_COUNTED = BOOK[_AT_ACME:_AT_GLOBEX].replace("    channel: C0ACME\n", "")
_STARK = _COUNTED.replace("acme", "stark").replace("Acme", "Stark")
_UMBRELLA = _COUNTED.replace("acme", "umbrella").replace("Acme", "Umbrella")
_HOOLI = BOOK[_AT_GLOBEX:].replace("globex", "hooli").replace("Globex", "Hooli")


def billed(office: Office) -> dict[str, Rows]:
    """Everything that is stored, but what is of Slack alone."""
    return {table: rows for table, rows in contents(office.rollcall.database).rows.items() if table not in OF_SLACK}


@pytest.fixture
async def busy(office: Office, tmp_path: Path) -> Office:
    """An office with everything that can be decided: see what is done below."""
    database, clock, file = office.rollcall.database, office.rollcall.clock, tmp_path / "busy.yaml"

    def imports(*more: str) -> None:
        file.write_text(BOOK.rstrip("\n") + "\n" + "".join(more), encoding="utf-8")
        apply_import(database, SHELL, read_book(file), clock)

    # Acme has a decision of the day, and a change that waits; it is held, and the other client's invoice is issued.
    await office.first_count("Ann", "Bo")
    office.hire("Cy", "Di")
    await office.sync()
    for step in (runs.start, runs.approve, runs.issue):
        step(database, SHELL, clock, MAY)
    # Stark's first count waits. Umbrella's was approved, and then too many came at once.
    imports(_STARK, _UMBRELLA)
    await office.read("stark")
    await office.read("umbrella")
    (first,) = changes.pending(database, SHELL, "umbrella")
    changes.approve(database, SHELL, clock, first.id, effective=FIRST_DAY)
    office.hire(*(f"P{number}" for number in range(9)))
    outcomes = await sync_clients(database, SHELL, office.rollcall.sources, clock, ["umbrella"])
    assert [outcome.outcome for outcome in outcomes] == ["held"]
    # One draft of the next run is approved, and another one isn't.
    for step in (runs.start, runs.approve):
        step(database, SHELL, clock, JUNE)
    imports(_STARK, _UMBRELLA, _HOOLI)
    run = runs.start(database, SHELL, clock, JUNE)
    states = {client.client: client.state for client in run.clients}
    assert states == {"acme": "held", "globex": "approved", "hooli": "drafted", "stark": "held", "umbrella": "held"}
    return office


@pytest.fixture
async def forger(busy: Office) -> AsyncIterator[Forger]:
    """Whoever sends what is forged to the busy office."""
    async with httpx.AsyncClient(trust_env=False, timeout=60) as http:
        yield Forger(busy, http)


def crossed(random: Random, every: tuple[Forgery, ...]) -> Forgery:
    """Any forgery, about what any other one of its kind is about."""
    one = random.choice(every)
    other = random.choice([each for each in every if each.kind == one.kind])
    return Forgery(one.kind, one.name, other.value, other.at_home)


def test_every_button_and_modal_is_forged(busy: Office) -> None:
    assert {each.name for each in every_forgery(busy)} >= {*Act, *Modal, "app_home_opened", "/run"}


@pytest.mark.property
@pytest.mark.parametrize(("user", "seed"), [(VIEWER, 1), (STRANGER, 2)])
async def test_below_approver_nothing_that_is_billed_can_be_changed(forger: Forger, user: str, seed: int) -> None:
    random, every, before = Random(seed), every_forgery(forger.office), billed(forger.office)
    for forged in (*every, *(crossed(random, every) for _ in range(PLAYED))):
        await forger.send(user, forged)
        assert billed(forger.office) == before, forged


async def test_the_same_changes_everything_there_is_to_decide_when_an_admin_sends_it(forger: Forger) -> None:
    office = forger.office
    database, before, every = office.rollcall.database, billed(office), every_forgery(office)
    start = contents(database)
    effective = set[Forgery]()
    for forged in every:
        await forger.send(ADMIN, forged)
        if billed(office) != before:
            effective.add(forged)
            fill(database, start)
    names = {each.name for each in effective}
    assert decisions().keys() - names == DECIDES_NOTHING.keys()
    # Whatever only asks, shows or offers changes nothing.
    assert names - decisions().keys() == {"/run", "/rollcall"}
    for kind in ("command", "mention"):
        assert {each.value.split()[-1] for each in effective if each.kind == kind} == set(STEPS)
    assert {each.name for each in effective if each.at_home} == {each.name for each in effective if each.is_used}
