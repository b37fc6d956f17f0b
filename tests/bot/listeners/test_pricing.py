"""A price is changed by a form under a client's card, with its effect shown before, over real HTTP."""

from datetime import date

import pytest

from commands import runs
from sandbox.workspace.troubles import Kind
from tests.support.office import ACME, ADMIN, BILLER, SHELL, Office

LINE, SINCE, EACH = "What for?", "From which day?", "Each"
WHY = "Why, if what is billed already changes by it?"
FILLED = {LINE: "managed-user", SINCE: "2027-06-01", EACH: "45.00", WHY: ""}


async def open_form(office: Office) -> None:
    card = await office.ask(ADMIN, "/client", "acme")
    await office.press(ADMIN, "Change a price", message=card)


async def test_a_price_is_changed_with_its_effect_shown_before(office: Office) -> None:
    await office.first_count("Ann", "Bo")
    await open_form(office)
    (form,) = await office.slack.views(ADMIN)
    assert form.title == "Change a price"
    assert "Acme Corp, in USD before tax." in form.said
    await office.slack.fill(ADMIN, FILLED)
    await office.slack.click_in_view(ADMIN, "Show its effect")
    await office.edge.work.drain(5)
    (form,) = await office.slack.views(ADMIN)
    assert "acme: a month from 1 Jun 2027: $80.00 → $90.00" in form.said
    done = await office.slack.submit(ADMIN, FILLED)
    assert (done.outcome, done.complaints) == ("closed", {})
    told = (await office.answer(ADMIN)).said
    assert "Managed user has another price from 1 Jun 2027 on.\nacme: a month from 1 Jun 2027: $80.00 → $90.00" in told
    assert "Managed user: $90.00" in (await office.ask(BILLER, "/invoice", "acme preview 2027-06-01")).said


@pytest.mark.parametrize(
    ("answers", "field", "complaint"),
    [
        ({EACH: "45,00"}, "figure:0:2027-05-01:0", "'45,00' is not a number here: expected one such as 1,250.5."),
        ({EACH: "-1"}, "figure:0:2027-05-01:0", "A unit price can't be negative (-1)"),
        ({EACH: "1000000000"}, "figure:0:2027-05-01:0", "looks like a slip of the keyboard"),
    ],
)
async def test_what_is_wrong_stands_at_its_field(
    office: Office, answers: dict[str, str], field: str, complaint: str
) -> None:
    await open_form(office)
    done = await office.slack.submit(ADMIN, {**FILLED, **answers})
    assert (done.outcome, list(done.complaints)) == ("open", [field])
    assert complaint in done.complaints[field]


async def test_what_is_billed_already_changes_only_for_a_reason(office: Office) -> None:
    await office.first_count("Ann", "Bo")
    for step in (runs.start, runs.approve, runs.issue):
        step(office.rollcall.database, SHELL, office.rollcall.clock, date(2027, 5, 1))
    await open_form(office)
    backdated = {**FILLED, SINCE: "2027-05-01"}
    done = await office.slack.submit(ADMIN, backdated)
    assert "Periods that are billed already would change" in done.complaints["reason"]
    done = await office.slack.submit(ADMIN, {**backdated, WHY: "Agreed in March"})
    assert (done.outcome, done.complaints) == ("closed", {})
    await office.edge.work.drain(5)
    assert "managed-user 1–31 May 2027, billed already: $80.00 → $90.00" in (await office.answer(ADMIN)).said  # noqa: RUF001


async def test_another_day_shows_the_amounts_of_that_day(office: Office) -> None:
    await open_form(office)
    await office.slack.submit(ADMIN, {**FILLED, EACH: "55.00"})
    await office.edge.work.drain(5)
    await open_form(office)
    await office.slack.click_in_view(ADMIN, SINCE, "2027-07-01")
    await office.edge.work.drain(5)
    (form,) = await office.slack.views(ADMIN)
    (field,) = [block for block in form.payload["blocks"] if block.get("block_id", "").startswith("figure:")]
    assert (field["block_id"], field["element"]["initial_value"]) == ("figure:0:2027-07-01:0", "55")


async def test_amounts_of_another_day_than_was_chosen_at_last_are_not_taken(office: Office) -> None:
    await open_form(office)
    await office.slack.submit(ADMIN, {**FILLED, EACH: "55.00"})
    await office.edge.work.drain(5)
    await open_form(office)
    done = await office.slack.submit(ADMIN, {**FILLED, SINCE: "2027-07-01", EACH: "41.00"})
    assert (done.outcome, list(done.complaints)) == ("open", ["effective"])
    assert (
        "On 1 Jul 2027 other amounts are agreed than on 1 May 2027, which were shown." in done.complaints["effective"]
    )


async def test_a_day_that_was_taken_out_is_proposed_again(office: Office) -> None:
    await open_form(office)
    await office.slack.fill(ADMIN, {SINCE: None})
    await office.slack.click_in_view(ADMIN, "Show its effect")
    await office.edge.work.drain(5)
    (form,) = await office.slack.views(ADMIN)
    (picker,) = [block for block in form.payload["blocks"] if block.get("block_id") == "effective"]
    assert picker["element"]["initial_date"] == "2027-05-01"


async def test_a_window_that_was_closed_meanwhile_is_no_trouble(office: Office) -> None:
    await open_form(office)
    before = len(await office.slack.messages(ACME, ADMIN))
    await office.slack.add_trouble("views.update", Kind.ERROR, error="not_found")
    await office.slack.click_in_view(ADMIN, "Show its effect")
    await office.edge.work.drain(5)
    assert (await office.slack.calls("views.update"))[-1].error == "not_found"
    assert len(await office.slack.messages(ACME, ADMIN)) == before


async def test_the_same_price_changes_nothing(office: Office) -> None:
    await open_form(office)
    await office.slack.submit(ADMIN, {**FILLED, EACH: "40.00"})
    await office.edge.work.drain(5)
    assert "That is the price from that day on already" in (await office.answer(ADMIN)).said


async def test_below_admin_there_is_no_button_and_no_form(office: Office) -> None:
    assert "Change a price" not in (await office.ask(BILLER, "/client", "acme")).buttons
    card = await office.ask(ADMIN, "/client", "acme")
    assert "Change a price" in card.buttons
    assert card.channel == ACME
