"""The worked examples through Slack, with real HTTP to both vendors; amounts are read from the messages that came."""

from datetime import date

from documents.format import day
from sandbox.microsoft.tenant import READ_USERS
from sandbox.story.cast import ADA, ALMA, BERT, BILLING_CHANNEL, names
from sandbox.workspace.records import MessageSeen
from tests.support.stories import CHANNELS, GRADUATED, Stage, book, client, per_unit

ACME, BIRCH, CEDAR = CHANNELS["acme"], CHANNELS["birch"], CHANNELS["cedar"]
MAY = "2027-05-01"
TIMES, TO = "\N{MULTIPLICATION SIGN}", "\N{EN DASH}"


def people(number: int) -> list[str]:
    return [name for name, _ in zip(names(), range(number), strict=False)]


async def run_in_slack(stage: Stage, bill_date: str) -> MessageSeen:
    """Starts, approves and issues a run by command and buttons; its last card."""
    await stage.hands.ask(BERT, BILLING_CHANNEL, "/run", f"{bill_date} start")
    title = f"Billing run of {day(date.fromisoformat(bill_date))}"
    card = await stage.hands.card(BILLING_CHANNEL, title, "[Approve run]")
    await stage.hands.press(BERT, card, "Approve run")
    card = await stage.hands.card(BILLING_CHANNEL, title, "[Issue]")
    await stage.hands.press(BERT, card, "Issue")
    return await stage.hands.card(BILLING_CHANNEL, f"{title}: 1 issued")


async def test_growth_in_mid_month_from_the_card_to_the_invoice(stage: Stage) -> None:
    stage.hire("acme", people(42))
    await stage.open_for(book(client("acme", GRADUATED, counted="entra", bills_from="2027-04-01")), "2027-04-01")
    await stage.approve_first_counts("acme")
    issued = await run_in_slack(stage, "2027-04-01")
    assert "Acme Corp: $1,805.00, NW-000001, issued" in issued.said

    await stage.turn_to("2027-04-11")
    stage.hire("acme", ["Nora Nash", "Otto Orr"])
    await stage.succeeds("sync")
    first = await stage.hands.card(ACME, "+2 users (42 → 44)")
    stage.hire("acme", ["Pia Page"])
    await stage.succeeds("sync")
    card = await stage.hands.card(ACME, "+3 users (42 → 45)", "Nora Nash, Otto Orr, Pia Page")
    assert card.ts == first.ts
    assert "+$120.00 a month, before tax" in card.said
    assert "+$200.00 on the invoice of 1 May 2027, before tax" in card.said
    await stage.hands.press(ALMA, card, "Approve")
    decided = await stage.hands.card(ACME, "+3 users (42 → 45)", "Approved by")
    assert decided.buttons == ["Undo"]
    preview = await stage.hands.ask(ALMA, ACME, "/invoice", "acme preview")
    assert f"45 {TIMES} Managed user: $1,925.00" in preview.said
    assert f"Managed user, 1{TO}30 Apr 2027: $80.00" in preview.said
    assert "Total: $2,005.00" in preview.said

    await stage.turn_to(MAY)
    issued = await run_in_slack(stage, MAY)
    assert "Acme Corp: $2,005.00, NW-000002, issued" in issued.said


async def _two_join_late_in_january(stage: Stage) -> MessageSeen:
    """15 people, two more seen on 25 January; the card, after February was issued without them."""
    stage.hire("birch", people(15))
    await stage.open_for(book(client("birch", per_unit("80.00"), counted="entra")))
    await stage.approve_first_counts("birch")
    await stage.bill_by_shell("2027-01-01")
    stage.hire("birch", ["Nia North", "Ole Olsen"])
    await stage.turn_to("2027-01-25")
    await stage.succeeds("sync")
    await stage.hands.card(BIRCH, "+2 users (15 → 17)", "From 25 Jan 2027", "+$160.00 a month")
    await stage.turn_to("2027-02-01")
    await stage.hands.ask(BERT, BILLING_CHANNEL, "/run", "2027-02-01 start")
    card = await stage.hands.card(BILLING_CHANNEL, "Birch Corp is held (R05)")
    await stage.hands.fill_in(ADA, card, "Override", {"Why is it let through?": "the approval is late"})
    issued = await run_in_slack(stage, "2027-02-01")
    assert "Birch Corp: $1,200.00, NW-000002, issued, R05 overridden" in issued.said
    await stage.turn_to("2027-02-03")
    await stage.succeeds("sync")
    return await stage.hands.card(BIRCH, "+2 users (15 → 17)", "on the invoice of 1 Mar 2027")


async def test_a_late_approval_is_billed_a_line_a_period(stage: Stage) -> None:
    card = await _two_join_late_in_january(stage)
    await stage.hands.press(ALMA, card, "Approve")

    await stage.turn_to("2027-03-01")
    preview = await stage.hands.ask(BERT, BIRCH, "/rollcall", "invoice birch preview")

    assert f"17 {TIMES} Managed user: $1,360.00" in preview.said
    assert f"Managed user, 1{TO}31 Jan 2027: $36.13" in preview.said
    assert f"Managed user, 1{TO}28 Feb 2027: $160.00" in preview.said
    assert "Total: $1,556.13" in preview.said
    issued = await run_in_slack(stage, "2027-03-01")
    assert "Birch Corp: $1,556.13, NW-000003, issued" in issued.said


async def test_a_rejection_with_a_reason_is_kept_and_shown_with_its_money(stage: Stage) -> None:
    card = await _two_join_late_in_january(stage)
    await stage.hands.fill_in(ALMA, card, "Reject", {"Why is it rejected?": "they are interns"})
    rejected = await stage.hands.card(BIRCH, "+2 users (15 → 17)", "Rejected by")
    assert "Reason: they are interns" in rejected.said

    await stage.turn_to("2027-03-01")
    await stage.succeeds("sync")
    found = await stage.hands.ask(BERT, BIRCH, "/reconcile", "birch")
    assert "R06 birch: to look at, $160.00" in found.said
    issued = await run_in_slack(stage, "2027-03-01")
    assert "Birch Corp: $1,200.00, NW-000003, issued" in issued.said


async def _64_and_a_neighbour(stage: Stage) -> None:
    stage.hire("acme", people(10))
    stage.hire("cedar", people(64))
    terms = {"counted": "entra", "bills_from": MAY}
    clients = (client("acme", per_unit("50.00"), **terms), client("cedar", per_unit("70.00"), **terms))
    await stage.open_for(book(*clients), "2027-04-01")
    await stage.approve_first_counts("acme", "cedar")
    await stage.turn_to(MAY)


async def _held_and_overridden(stage: Stage, code: str) -> None:
    found = await stage.hands.ask(BERT, BILLING_CHANNEL, "/reconcile", "")
    assert f"{code} cedar: holds the invoice" in found.said
    await stage.hands.ask(BERT, BILLING_CHANNEL, "/run", f"{MAY} start")
    card = await stage.hands.card(BILLING_CHANNEL, f"Cedar Corp is held ({code})", "Acme Corp: $500.00, drafted")
    reason = {"Why is it let through?": "the head count was confirmed by phone"}
    await stage.hands.fill_in(ADA, card, "Override", reason)
    card = await stage.hands.card(BILLING_CHANNEL, f"Cedar Corp: $4,480.00, drafted, {code} overridden")
    await stage.hands.press(BERT, card, "Approve run")
    card = await stage.hands.card(BILLING_CHANNEL, "2 approved")
    await stage.hands.press(BERT, card, "Issue")
    issued = await stage.hands.card(BILLING_CHANNEL, "2 issued")
    assert f"Cedar Corp: $4,480.00, NW-000002, issued, {code} overridden" in issued.said


async def test_a_tenant_that_refuses_holds_its_client_alone(stage: Stage) -> None:
    await _64_and_a_neighbour(stage)
    stage.tenant("cedar").permissions.discard(READ_USERS)
    assert (await stage.rollcall("sync")).code == 3
    alert = await stage.hands.card(CEDAR, "Needs you")
    assert "HTTP 403" in alert.said
    await _held_and_overridden(stage, "R01")


async def test_a_tenant_that_answers_with_nobody_proposes_nothing_and_holds_its_client_alone(stage: Stage) -> None:
    await _64_and_a_neighbour(stage)
    for person in stage.tenant("cedar").people.everybody():
        stage.tenant("cedar").people.fire(person.id)
    assert (await stage.rollcall("sync", "--full")).code == 1
    alert = await stage.hands.card(CEDAR, "Needs you")
    assert "nobody in it" in alert.said
    waiting = await stage.hands.ask(ALMA, CEDAR, "/changes", "cedar")
    assert waiting.said == "No change is waiting for approval."
    await _held_and_overridden(stage, "R02")
