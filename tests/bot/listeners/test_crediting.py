"""An invoice is credited from its client's history: a form that shows what it comes to, over real HTTP."""

from datetime import UTC, datetime

import pytest

from commands import runs
from sandbox.workspace.records import MessageSeen
from tests.support.office import ACME, ADMIN, BILLER, SHELL, VIEWER, Office

MAY = datetime(2027, 5, 1, 16, 0, tzinfo=UTC).date()
LINE, AMOUNT = "What is given back?", "How much of it, before tax? Empty: all that is left"
KIND, WHY = "For good, or to bill it again?", "Why? It stands on the credit note."
FILLED = {LINE: "1", AMOUNT: "10.00", KIND: "concession", WHY: "Two slow days"}


@pytest.fixture
async def billed(office: Office) -> Office:
    """Acme was billed two users of 40 dollars in May, with 8.25 % tax: NW-000001."""
    await office.first_count("Ann", "Bo")
    for step in (runs.start, runs.approve, runs.issue):
        step(office.rollcall.database, SHELL, office.rollcall.clock, MAY)
    await office.delivery.send_owed()
    return office


async def open_form(office: Office, user: str = BILLER) -> None:
    history = await office.ask(user, "/invoice", "acme history")
    done = await office.slack.choose(user, ACME, history.ts, "Credit an invoice", "NW-000001")
    assert done.error is None
    await office.edge.work.drain(5)


def offers_credit(history: MessageSeen) -> bool:
    return "Credit an invoice" in str(history.blocks)


async def test_an_invoice_is_credited_in_part(billed: Office) -> None:
    await open_form(billed)
    (form,) = await billed.slack.views(BILLER)
    assert "Invoice NW-000001 of 1 May 2027, Acme Corp: $86.60 with tax. $80.00 before tax is left of it." in form.said
    await billed.slack.fill(BILLER, FILLED)
    await billed.slack.click_in_view(BILLER, "Work it out")
    await billed.edge.work.drain(5)
    (form,) = await billed.slack.views(BILLER)
    assert "It gives back $10.00 before tax, $10.83 with tax." in form.said
    done = await billed.slack.submit(BILLER, FILLED)
    assert (done.outcome, done.complaints) == ("closed", {})
    answer = (await billed.answer(BILLER)).said
    assert "Credit note NW-000003 over NW-000001 is issued to Acme Corp. It gives back $10.00 before tax" in answer
    listed = (await billed.ask(BILLER, "/invoice", "acme history")).said
    assert all(word in listed for word in ("NW-000003", "credit note", "11 Apr 2027", "-$10.83"))


async def test_what_is_chosen_shows_what_it_comes_to_at_once(billed: Office) -> None:
    await open_form(billed)
    await billed.slack.click_in_view(BILLER, LINE, "1")
    await billed.edge.work.drain(5)
    (form,) = await billed.slack.views(BILLER)
    assert "It gives back $80.00 before tax, $86.60 with tax." in form.said


@pytest.mark.parametrize(
    ("answers", "field", "complaint"),
    [
        ({AMOUNT: "80.01"}, "amount", "Only $80.00 before tax is left of what you chose."),
        ({AMOUNT: "ten"}, "amount", "'ten' is not a number here: expected one such as 1,250.5."),
        ({AMOUNT: "10,50"}, "amount", "'10,50' is not a number here"),
        ({AMOUNT: "1.005"}, "amount", "1.005 is finer than USD can be paid"),
        ({WHY: "  "}, "reason", "Say why the credit is given."),
    ],
)
async def test_what_is_wrong_stands_at_its_field(
    billed: Office, answers: dict[str, str], field: str, complaint: str
) -> None:
    await open_form(billed)
    done = await billed.slack.submit(BILLER, {**FILLED, **answers})
    assert (done.outcome, list(done.complaints)) == ("open", [field])
    assert complaint in done.complaints[field]


async def test_a_form_that_others_were_faster_than_gives_nothing(billed: Office) -> None:
    await open_form(billed)
    await open_form(billed, ADMIN)
    await billed.slack.submit(ADMIN, FILLED)
    await billed.edge.work.drain(5)
    done = await billed.slack.submit(BILLER, {**FILLED, AMOUNT: "5.00"})
    assert (
        "NW-000001 was credited since it was shown to you (the newest credit note is NW-000003)"
        in done.complaints["line"]
    )


async def test_a_reversal_is_billed_again(billed: Office) -> None:
    await open_form(billed)
    await billed.slack.submit(BILLER, {**FILLED, LINE: "0", AMOUNT: "", KIND: "reversal"})
    await billed.edge.work.drain(5)
    assert "gives back $80.00 before tax, $86.60 with tax" in (await billed.answer(BILLER)).said
    # What is left of nothing isn't offered.
    assert not offers_credit(await billed.ask(BILLER, "/invoice", "acme history"))
    assert "May 2027" in (await billed.ask(BILLER, "/invoice", "acme preview 2027-06-01")).said


async def test_below_biller_there_is_no_menu_and_no_form(billed: Office) -> None:
    history = await billed.ask(VIEWER, "/invoice", "acme history")
    assert "NW-000001" in history.said
    assert not offers_credit(history)
    shared = await billed.ask(BILLER, "/invoice", "acme history")
    assert offers_credit(shared)
    await billed.press(BILLER, "Share", message=shared)
    card = await billed.card()
    await billed.slack.choose(VIEWER, ACME, card.ts, "Credit an invoice", "NW-000001")
    assert "To give a credit takes the role biller; you have viewer" in (await billed.answer(VIEWER)).said
    assert await billed.slack.views(VIEWER) == []
