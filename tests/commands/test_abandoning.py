"""A run of a mistyped date is given up: nothing of it is left but who did it, when, and why."""

import json
from collections.abc import Callable
from datetime import date

import pytest
from sqlmodel import select

from billing.errors import Refused
from commands import audit, runs
from commands.abandoning import RunIsIssued, abandon
from commands.actors import Actor
from commands.permissions import NotAllowed
from commands.reasons import ReasonIsMissing
from commands.run_cards import RunView
from storage.tables import NoticeRow
from tests.billing.build import agreement, day, flat, line
from tests.support.books import client
from tests.support.msp import ADA, BOB, Msp, of

FAR = "2072-01-01"


@pytest.fixture
def msp(msp: Msp) -> Msp:
    """Acme and Globex pay 100 dollars flat each."""
    for slug in ("acme", "globex"):
        msp.imports(client(line(flat("100"), name=f"{slug}-flat"), slug=slug, directories=(), rosters=()))
    return msp


def start(msp: Msp, text: str) -> RunView:
    return runs.start(msp.database, ADA, msp.clock, day(text))


def give_up(msp: Msp, text: str, reason: str = "2027 was meant", actor: Actor = BOB) -> RunView:
    return abandon(msp.database, actor, msp.clock, day(text), reason=reason)


def test_an_abandoned_run_has_no_clients_and_says_who_gave_it_up_and_why(msp: Msp) -> None:
    start(msp, FAR)
    run = give_up(msp, FAR)
    assert (run.state, run.clients, run.abandoned_by, run.abandoned_because) == (
        "abandoned",
        (),
        BOB.id,
        "2027 was meant",
    )


def test_its_drafts_are_gone_and_the_run_that_was_meant_bills(msp: Msp) -> None:
    start(msp, "2027-02-01")
    give_up(msp, "2027-02-01")
    assert msp.preview("2027-01-01")["bill_date"] == "2027-01-01"
    assert of(msp.bill("2027-01-01")).state == "issued"


def test_an_abandoned_run_is_not_the_newest(msp: Msp) -> None:
    start(msp, "2027-01-01")
    msp.on("2027-01-02")
    start(msp, FAR)
    give_up(msp, FAR)
    assert runs.status(msp.database, ADA).bill_date == day("2027-01-01")


def test_a_run_that_has_issued_a_document_stays(msp: Msp) -> None:
    msp.bill("2027-01-01")
    with pytest.raises(RunIsIssued, match="has issued 2 documents"):
        give_up(msp, "2027-01-01")
    assert of(runs.show(msp.database, day("2027-01-01"))).state == "issued"


STEPS: dict[str, Callable[[Msp, date], object]] = {
    "approve": lambda msp, on: runs.approve(msp.database, BOB, msp.clock, on),
    "issue": lambda msp, on: runs.issue(msp.database, BOB, msp.clock, on),
    "override": lambda msp, on: runs.override(msp.database, BOB, msp.clock, "acme", "R20", "it is meant", on, on),
}


@pytest.mark.parametrize("step", STEPS)
def test_no_step_is_taken_in_an_abandoned_run(msp: Msp, step: str) -> None:
    start(msp, "2027-01-01")
    runs.approve(msp.database, BOB, msp.clock, day("2027-01-01"))
    give_up(msp, "2027-01-01")
    with pytest.raises(Refused, match="was abandoned"):
        STEPS[step](msp, day("2027-01-01"))


def test_starting_it_again_takes_it_back(msp: Msp) -> None:
    start(msp, "2027-01-01")
    give_up(msp, "2027-01-01")
    run = start(msp, "2027-01-01")
    assert (run.state, run.abandoned_by, of(run).state) == ("drafted", None, "drafted")


def test_it_is_in_the_audit_log_once_and_the_card_is_asked_for(msp: Msp) -> None:
    start(msp, FAR)
    before = wanted(msp)
    for _ in range(2):
        give_up(msp, FAR)
    entries = [entry for entry in audit.entries(msp.database, ADA) if entry.action == "run.abandon"]
    assert [(entry.subject, json.loads(entry.data)) for entry in entries] == [(FAR, {"reason": "2027 was meant"})]
    assert wanted(msp) == before + 1


def wanted(msp: Msp) -> int:
    with msp.database.read() as session:
        query = select(NoticeRow.wanted).where(NoticeRow.kind == "run", NoticeRow.subject == FAR)
        return session.exec(query).one()


def test_it_takes_a_reason_and_a_biller(msp: Msp) -> None:
    start(msp, FAR)
    with pytest.raises(ReasonIsMissing):
        give_up(msp, FAR, reason=" ")
    with pytest.raises(NotAllowed):
        give_up(msp, FAR, actor=Actor("U0NOBODY", "slack"))


def test_a_date_without_a_run_is_told(msp: Msp) -> None:
    with pytest.raises(runs.NoSuchRun, match="No run was started for 2072-01-01"):
        give_up(msp, FAR)


def test_a_hold_with_several_causes_tells_all_of_them(msp: Msp) -> None:
    lines = [line(flat("10"), name=f"extra-{number}") for number in range(2)]
    msp.imports(client(agreement(*lines), slug="initech", directories=(), rosters=()))
    msp.on("2027-12-01")
    (cause,) = of(start(msp, "2027-12-01"), "initech").causes
    assert all(f"extra-{number} would be charged for 11 earlier periods" in cause for number in range(2))
