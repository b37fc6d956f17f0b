"""The home tab, over real HTTP: who sees what, what its buttons do, and when it is made anew."""

import asyncio
import contextlib
import sqlite3

import pytest
import structlog

from bot import homes
from bot.actions import Act
from bot.clicks import Click
from bot.message import HomeTab
from bot.views import parts, surfaces
from bot.views.fitting import Body
from commands import interactions
from sandbox.workspace.records import ViewSeen
from sandbox.workspace.troubles import Kind
from tests.support.office import ADMIN, APPROVER, BILLER, HOUSE, VIEWER, Office

MAY = "2027-05-01"
DECIDE = ["Approve", "Reject", "Details", "Approve with changes"]


async def opened(office: Office, user: str) -> ViewSeen:
    """Somebody's home tab as it is when they open it."""
    await office.slack.open_home(user)
    await office.edge.work.drain(5)
    return await office.slack.home(user)


async def waiting(office: Office) -> None:
    """Bo joins Ann at Acme, and that waits for approval."""
    await office.first_count("Ann")
    office.hire("Bo")
    await office.sync()


async def press(office: Office, user: str, label: str) -> None:
    """Presses a button on the tab as it stands there."""
    assert (await office.slack.click_at_home(user, label)).error is None
    await office.edge.work.drain(5)


async def told(office: Office, user: str) -> list[str]:
    """The direct messages of the bot to somebody."""
    direct = await office.edge.slack.direct(user)
    return [message.said for message in await office.slack.messages(direct)]


async def test_somebody_without_a_role_is_told_how_to_get_one_and_nothing_else(office: Office) -> None:
    await office.slack.add_user("stranger", user_id="U0STRANGER")
    await waiting(office)
    tab = await opened(office, "U0STRANGER")
    assert "rollcall role grant U0STRANGER viewer" in tab.said
    assert tab.buttons == []
    assert not any(word in tab.said for word in ("Acme", "Globex", "$"))


async def test_an_approver_is_shown_what_waits_for_them_with_its_buttons(office: Office) -> None:
    await waiting(office)
    tab = await opened(office, APPROVER)
    assert tab.said.startswith("1 change waits for you")
    assert "Acme Corp: +1 user (1 → 2)" in tab.said
    assert tab.buttons == DECIDE


async def test_a_viewer_sees_it_all_and_can_decide_nothing(office: Office) -> None:
    await waiting(office)
    await office.ask(BILLER, "/run", f"{MAY} start", channel=HOUSE)
    tab = await opened(office, VIEWER)
    assert "1 change waits for approval. It takes the role approver to decide." in tab.said
    assert "Acme Corp is held (R05)" in tab.said
    assert tab.buttons == ["Details"]


async def test_a_biller_may_override_on_the_tab(office: Office) -> None:
    await waiting(office)
    await office.ask(BILLER, "/run", f"{MAY} start", channel=HOUSE)
    assert (await opened(office, APPROVER)).buttons == DECIDE
    assert (await opened(office, BILLER)).buttons == [*DECIDE, "Override"]
    await press(office, BILLER, "Override")
    await office.slack.submit(BILLER, {"code": "R05", "reason": "Agreed by phone", "until": "2027-05-31"})
    await office.edge.work.drain(5)
    assert (await told(office, BILLER))[-1].startswith("Done. Billing run of 1 May 2027: 2 drafted")
    assert (await office.slack.home(BILLER)).buttons == DECIDE


async def test_an_approval_on_the_tab_is_answered_in_a_direct_message_and_the_tab_is_made_anew(office: Office) -> None:
    await waiting(office)
    await opened(office, APPROVER)
    await press(office, APPROVER, "Approve")
    assert [answer.partition(":")[0] for answer in await told(office, APPROVER)] == ["Approved"]
    tab = await office.slack.home(APPROVER)
    assert "No change is waiting for approval." in tab.said
    await office.delivery.send_owed()
    assert "Approved by" in (await office.card()).said


async def test_a_rejection_on_the_tab_goes_by_its_modal(office: Office) -> None:
    await waiting(office)
    await opened(office, APPROVER)
    await press(office, APPROVER, "Reject")
    await office.slack.submit(APPROVER, {"reason": "A trainee"})
    await office.edge.work.drain(5)
    assert (await told(office, APPROVER))[-1].startswith("Rejected")
    assert "No change is waiting" in (await office.slack.home(APPROVER)).said


async def test_a_tab_that_shows_what_was_decided_elsewhere_says_so_and_is_put_right(office: Office) -> None:
    await waiting(office)
    await opened(office, APPROVER)
    await opened(office, BILLER)
    await press(office, APPROVER, "Approve")
    for label in ("Approve", "Reject"):
        assert (await office.slack.home(BILLER)).buttons == DECIDE
        before = await office.slack.home(BILLER)
        await press(office, BILLER, label)
        assert len(await told(office, BILLER)) == 1 + (label == "Reject")
        assert (await office.slack.home(BILLER)).buttons == []
        await office.edge.slack.publish(BILLER, HomeTab({"type": "home", "blocks": before.payload["blocks"]}))
    assert "already approved" in (await told(office, BILLER))[0]
    assert "out of date" in (await told(office, BILLER))[1]


async def test_details_and_an_approval_with_changes_open_their_windows_from_the_tab(office: Office) -> None:
    await waiting(office)
    await opened(office, APPROVER)
    for label in ("Details", "Approve with changes"):
        await press(office, APPROVER, label)
        assert len(await office.slack.views(APPROVER)) == 1
        await office.slack.close(APPROVER)


async def test_a_click_on_the_tab_that_was_kept_is_carried_out_by_the_next_start(office: Office) -> None:
    await waiting(office)
    tab = await opened(office, APPROVER)
    body = {"trigger_id": "7", "user": {"id": APPROVER}, "view": tab.payload, "container": {"type": "view"}}
    click = Click.of_action({**body, "actions": [{"action_id": Act.APPROVE, "value": "2:1"}]})
    interactions.keep(office.edge.database, office.edge.clock, click.as_interaction())
    stop = asyncio.Event()
    stop.set()
    await office.desk.resume(await office.desk.left_behind(), stop)
    assert "No change is waiting" in (await office.slack.home(APPROVER)).said
    assert (await told(office, APPROVER))[-1].startswith("Approved")


async def test_what_was_put_there_since_the_tab_was_opened_stays(office: Office) -> None:
    first = await opened(office, APPROVER)
    await homes.show(office.edge, APPROVER)
    newer = await office.slack.home(APPROVER)
    assert newer.hash != first.hash
    await homes.show(office.edge, APPROVER, first.hash)
    assert (await office.slack.home(APPROVER)).hash == newer.hash


async def test_a_tab_that_slack_refuses_is_logged_and_a_decision_on_it_stands(office: Office) -> None:
    await waiting(office)
    await opened(office, APPROVER)
    await office.slack.add_trouble("views.publish", Kind.ERROR, error="not_enabled")
    with structlog.testing.capture_logs() as logs:
        await press(office, APPROVER, "Approve")
    assert [entry["event"] for entry in logs] == ["A home tab could not be shown"]
    assert (await told(office, APPROVER))[-1].startswith("Approved")
    assert interactions.left_behind(office.edge.database, office.edge.clock, at_start=True) == ()


async def test_another_tab_of_the_app_is_left_alone(office: Office) -> None:
    before = await opened(office, VIEWER)
    await office.desk.showing_home()(event={"type": "app_home_opened", "user": VIEWER, "tab": "messages"})
    assert (await office.slack.home(VIEWER)).hash == before.hash


async def test_a_tab_that_ran_into_a_bug_shows_a_reference(office: Office) -> None:
    file = office.rollcall.settings.database_url.get_secret_value().removeprefix("sqlite:///")
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute("ALTER TABLE run_clients RENAME TO elsewhere")
    with structlog.testing.capture_logs():
        tab = await opened(office, VIEWER)
    assert "Something went wrong, reference " in tab.said
    assert "run_clients" not in tab.said


VALUES = {
    Act.APPROVE: "2:1",
    Act.APPROVE_FIRST_COUNT: "2:1",
    Act.APPROVE_WITH: "2:1",
    Act.REJECT: "2:1",
    Act.DETAILS: "2:1",
    Act.OVERRIDE: f"{MAY}:acme",
    Act.APPROVE_RUN: f"{MAY}:5ea1",
    Act.ISSUE: f"{MAY}:5ea1",
    Act.ABANDON: f"{MAY}:5ea1",
    Act.SAME_PERSON: "1:2",
    Act.TWO_PEOPLE: "1:2",
    Act.LET_THROUGH: "1:5ea1",
    Act.PICK_CLIENT: "invoice globex preview",
    Act.SHARE: "invoice globex preview",
    Act.TRY_AGAIN: "cards",
    Act.UNDO: "2:1",
    Act.APPROVE_TICKED: "",
    Act.ADD_CLIENT: "Initech",
    Act.CHANGE_PRICE: "acme",
    Act.CREDIT: "NW-000001",
}


# They stand in a window, or beside others to tick, alone.
ELSEWHERE = {
    *(Act.LEAVE_OUT, Act.TICK, Act.CHOOSE_KIND, Act.CHOOSE_BASIS, Act.CHOOSE_GROUPS, Act.LOOK),
    *(Act.PRICE_LINE, Act.PRICE_DAY, Act.TRY_PRICE, Act.CREDIT_LINE, Act.TRY_CREDIT),
}


@pytest.mark.parametrize("act", [act for act in Act if act not in ELSEWHERE])
async def test_every_button_answers_on_a_home_tab_by_a_window_or_a_direct_message(office: Office, act: Act) -> None:
    await waiting(office)
    await office.ask(BILLER, "/run", f"{MAY} start", channel=HOUSE)
    button = parts.button("Press", act, VALUES[act], says="Press it")
    await office.edge.slack.publish(ADMIN, surfaces.home(Body((parts.buttons(button),))))
    with structlog.testing.capture_logs():
        await press(office, ADMIN, "Press")
    windows, answers = await office.slack.views(ADMIN), await told(office, ADMIN)
    assert len(windows) + len(answers) == 1
    assert not any("Something went wrong" in answer for answer in answers)
