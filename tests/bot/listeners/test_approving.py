"""An approval with changes in Slack, over real HTTP: from another day, and without some people."""

import json
import re
from pathlib import Path

import httpx
import pytest

from bot.actions import Field, Modal
from commands.imports import apply_import
from commands.users import rosters
from commands.why import why
from connectors.books.reader import read_book
from sandbox.workspace.sending import sender_of
from sandbox.workspace.troubles import Kind
from tests.bot.listeners.test_changes import seated
from tests.support.office import APPROVER, BILLER, BOOK, FIRST_DAY, SHELL, VIEWER, Office

TITLE = "Approve with changes"
LEAVE_OUT = "Whom or what do you leave out?"


@pytest.fixture
async def proposal(office: Office) -> Office:
    """Ann and Bo are billed; Dee and Eli wait for approval."""
    await office.first_count("Ann", "Bo")
    office.hire("Dee", "Eli")
    await office.sync()
    return office


async def opened(office: Office, user: str = APPROVER) -> str:
    """What the modal says that the button opens."""
    await office.press(user, TITLE)
    return (await office.slack.wait_for_view(user, TITLE)).said


async def leave_out(office: Office, *values: str, user: str = APPROVER) -> None:
    """Chooses whom to leave out, after having looked them up."""
    await office.slack.suggest(user, LEAVE_OUT, "")
    await office.slack.click_in_view(user, LEAVE_OUT, list(values))
    await office.edge.work.drain(5)


async def test_the_modal_says_what_is_approved_and_how_far_back_that_may_go(proposal: Office) -> None:
    said = await opened(proposal)
    assert "Acme Corp: +2 users (2 → 4)" in said
    assert "You may let it hold from 11 Jan 2027 on; what goes back further takes the role biller." in said
    assert "You may let it hold from any day." in await opened(proposal, BILLER)


async def test_names_are_looked_up_as_somebody_types(proposal: Office) -> None:
    await opened(proposal)
    offered = await proposal.slack.suggest(APPROVER, LEAVE_OUT, "")
    assert [option["text"]["text"] for option in offered.options] == ["Dee joins full", "Eli joins full"]
    found = await proposal.slack.suggest(APPROVER, LEAVE_OUT, "eL")
    assert [option["value"] for option in found.options] == ["2"]
    assert (await proposal.slack.suggest(APPROVER, LEAVE_OUT, "nobody")).options == []


async def test_whoever_is_left_out_gets_a_reason_of_their_own_and_the_others_are_approved(proposal: Office) -> None:
    await opened(proposal)
    await leave_out(proposal, "1")
    modal = await proposal.slack.wait_for_view(APPROVER, TITLE)
    assert "Why is Dee left out?" in modal.said
    assert "Why is Eli left out?" not in modal.said
    done = await proposal.slack.submit(APPROVER, {"Why is Dee left out?": "A trainee"})
    assert done.outcome == "closed"
    await proposal.edge.work.drain(5)
    assert seated(proposal) == ["Ann", "Bo", "Eli"]
    told = why(proposal.rollcall.database, SHELL, "acme", "dee")
    assert f"{APPROVER} left that out of change 2 on 11 Apr 2027: A trainee" in told.sentence
    await proposal.sync()
    assert (await proposal.ask(VIEWER, "/changes")).said == "No change is waiting for approval."


async def test_it_holds_from_the_day_that_the_approver_states(proposal: Office) -> None:
    await opened(proposal)
    await proposal.slack.submit(APPROVER, {"effective": "2027-04-20"})
    await proposal.edge.work.drain(5)
    shown = rosters(proposal.rollcall.database, SHELL, proposal.rollcall.clock, "acme", FIRST_DAY.replace(day=20))
    assert [str(seat.start) for seat in shown.rosters[0].seats] == [
        "2027-04-11",
        "2027-04-11",
        "2027-04-20",
        "2027-04-20",
    ]


async def test_a_day_further_back_than_the_role_may_go_is_said_at_its_field(proposal: Office) -> None:
    await opened(proposal)
    refused = await proposal.slack.submit(APPROVER, {"effective": "2027-01-10"})
    assert refused.outcome == "open"
    assert "goes back to 2027-01-10, more than 3 months" in refused.complaints["effective"]
    assert seated(proposal) == ["Ann", "Bo"]
    assert (await proposal.slack.submit(APPROVER, {"effective": "2027-01-11"})).outcome == "closed"


async def test_nobody_is_approved_by_a_modal_that_could_not_ask_why_they_are_left_out(proposal: Office) -> None:
    await opened(proposal)
    await proposal.slack.add_trouble("views.update", Kind.ERROR, count=10)
    await leave_out(proposal, "1")
    refused = await proposal.slack.submit(APPROVER, {})
    assert "Say why these people are left out" in refused.complaints["change.leave_out"]
    assert seated(proposal) == ["Ann", "Bo"]


async def test_whoever_leaves_can_be_left_out_as_well(office: Office) -> None:
    await office.first_count("Ann", "Bo")
    office.hire("Dee")
    office.directory.remove("ann")
    await office.sync()
    await opened(office)
    offered = await office.slack.suggest(APPROVER, LEAVE_OUT, "full")
    assert [option["text"]["text"] for option in offered.options] == ["Ann leaves full", "Dee joins full"]


async def test_a_viewer_is_told_which_role_it_takes_and_no_window_opens(proposal: Office) -> None:
    await proposal.press(VIEWER, TITLE)
    assert "takes the role approver; you have viewer" in (await proposal.answer(VIEWER)).said
    assert await proposal.slack.views(VIEWER) == []


async def test_an_older_revision_opens_no_window(proposal: Office) -> None:
    proposal.hire("Fay")
    await proposal.sync()
    await proposal.press(APPROVER, TITLE, edition=0)
    assert "out of date" in (await proposal.answer(APPROVER)).said
    assert await proposal.slack.views(APPROVER) == []


async def test_a_modal_that_was_overtaken_decides_nothing_and_shows_the_change_anew(proposal: Office) -> None:
    await opened(proposal)
    proposal.hire("Fay")
    await proposal.sync()
    assert (await proposal.slack.submit(APPROVER, {})).outcome == "closed"
    await proposal.edge.work.drain(5)
    assert "has been replaced" in (await proposal.answer(APPROVER)).said
    assert seated(proposal) == ["Ann", "Bo"]


async def test_a_first_count_beside_a_stated_number_needs_no_day(office: Office) -> None:
    office.hire("Ann", "Bo", "Cy")
    await office.sync()
    await office.press(APPROVER, TITLE)
    assert (await office.slack.submit(APPROVER, {})).outcome == "closed"


async def test_a_first_count_that_goes_back_too_far_says_so_at_its_field(office: Office) -> None:
    office.hire("Ann", "Bo", "Cy")
    await office.sync()
    await office.press(APPROVER, "Approve")
    refused = await office.slack.submit(APPROVER, {"effective": "2027-01-10"})
    assert (refused.outcome, list(refused.complaints)) == ("open", ["effective"])
    assert "Change 1 goes back to 2027-01-10, more than 3 months" in refused.complaints["effective"]
    assert seated(office) == []
    assert (await office.slack.submit(APPROVER, {"effective": "2027-01-11"})).outcome == "closed"


@pytest.fixture
async def uncounted(office: Office, tmp_path: Path) -> Office:
    """Acme pays from March on, nobody ever said for how many people, and three of them wait to be counted."""
    file = tmp_path / "uncounted.yaml"
    book = re.sub(r" *quantities:.*\n", "", BOOK).replace("bills_from: 2027-05-01", "bills_from: 2027-03-01", 1)
    file.write_text(book, encoding="utf-8")
    apply_import(office.rollcall.database, SHELL, read_book(file), office.rollcall.clock)
    office.hire("Ann", "Bo", "Cy")
    await office.sync()
    return office


@pytest.mark.parametrize(("button", "window"), [(TITLE, Modal.APPROVE_WITH), ("Approve", Modal.FIRST_COUNT)])
async def test_a_first_count_without_a_day_says_so_at_its_field(uncounted: Office, button: str, window: Modal) -> None:
    """The window of a first count is sent off by hand: Slack itself keeps anybody from sending it off without a day."""
    await uncounted.press(APPROVER, button)
    (shown,) = await uncounted.slack.views(APPROVER)
    assert shown.payload["callback_id"] == window
    empty = {"values": {Field.EFFECTIVE: {Field.EFFECTIVE: {"selected_date": None}}}}
    view = {**shown.payload, "id": shown.id, "hash": shown.hash, "state": empty}
    sent = {"type": "view_submission", "user": {"id": APPROVER}, "team": {"id": "T0TEAM"}, "view": view}
    async with httpx.AsyncClient(trust_env=False) as http:
        sender = sender_of(uncounted.workspace, http)
        taken = await sender.send("view_submission", APPROVER, {"payload": json.dumps(sent)})
    told = (taken.structure() or {})["errors"]
    assert list(told) == [Field.EFFECTIVE]
    assert "acme pays for full from 2027-03-01, the count was made on 2027-04-11" in told[Field.EFFECTIVE]
    assert "--effective" not in told[Field.EFFECTIVE]
    assert seated(uncounted) == []
