"""Below the role of approver there is no way to change what is billed: no command, button, modal, mention or home tab.

What is sent is signed as Slack signs, and says what Slack would say of a click on any button or the submission of any
modal, also on those that whoever sends it was never shown.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

import httpx
import pytest

from bot.actions import Act, Field, Modal, figure_field, reason_field
from bot.views.modals import Origin
from connectors.books import forms
from sandbox.workspace.sending import sender_of
from tests.support.databases import Rows, contents
from tests.support.office import ACME, ADMIN, BILLER, FIRST_DAY, HOUSE, VIEWER, Office

STRANGER = "U0STRANGER"
MAY = "2027-05-01"
# What was said and shown, and what is still to be; none of it is billed.
OF_SLACK = {"interactions", "notices", "channels", "slots"}
# Enough for each kind of forgery to come about ten times.
PLAYED = 300

CHANGES = ("1:1", "2:1", "2:2", "3:1")
VALUES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys((Act.APPROVE, Act.APPROVE_FIRST_COUNT, Act.APPROVE_WITH, Act.REJECT, Act.DETAILS), CHANGES),
    **dict.fromkeys((Act.UNDO, Modal.FIRST_COUNT, Modal.APPROVE_WITH, Modal.REJECTION), CHANGES),
    **dict.fromkeys((Act.OVERRIDE, Modal.OVERRIDE), (f"{MAY}:acme", f"{MAY}:globex")),
    **dict.fromkeys((Act.APPROVE_RUN, Act.ISSUE, Act.ABANDON, Modal.ABANDON), (f"{MAY}:seal",)),
    **dict.fromkeys((Act.SAME_PERSON, Act.TWO_PEOPLE), ("1:2",)),
    **dict.fromkeys((Act.LET_THROUGH, Modal.LET_THROUGH), ("1:seal",)),
    Act.PICK_CLIENT: ("invoice acme preview", f"run {MAY} issue"),
    Act.SHARE: ("invoice acme preview", f"run {MAY} approve"),
    Act.ADD_CLIENT: ("Initech",),
    Act.CREDIT: ("NW-000001",),
    **dict.fromkeys((Act.CHANGE_PRICE, Modal.CHANGE_PRICE), ("acme",)),
    Modal.CREDIT: ("0:NW-000001",),
}
COMMANDS = (
    *(f"/run {MAY} {step}" for step in ("start", "approve", "issue", "abandon", "status")),
    *("/rollcall run approve", "/rollcall run issue", f"/rollcall run {MAY} start", "/client add Initech"),
    *("/changes", "/changes acme", "/reconcile", "/users acme", "/invoice acme preview", "/invoice acme pdf"),
    *("/quote acme +3 full", "/quote acme -2 full pdf", "/rollcall digest", "/rollcall status", "/client acme"),
    *("/rollcall approve 2", "/rollcall role grant U0VIEWER admin", "/rollcall import book.yaml"),
)
ANSWERS: Mapping[str, str] = {
    Field.EFFECTIVE: FIRST_DAY.isoformat(),
    Field.REASON: "Because",
    Field.CODE: "R05",
    Field.UNTIL: "2027-05-31",
    Field.LEAVE_OUT: "1",
    Field.LINE: "0",
    Field.AMOUNT: "1.00",
    Field.REBILL: "concession",
    reason_field((1,)): "On leave",
    forms.NAME: "Initech",
    forms.CURRENCY: "USD",
    forms.TIMEZONE: "UTC",
    forms.KIND: "none",
}


# Where a modal means something else by a field than the others do.
OWN_ANSWERS: Mapping[str, Mapping[str, str]] = {
    Modal.CHANGE_PRICE: {Field.LINE: "managed-user", figure_field(0, FIRST_DAY, 0): "1.00", Field.SCOPE: "one"},
}


@dataclass(frozen=True)
class Forgery:
    """Something that Slack might tell the bot, and what stands in it beside who did it."""

    kind: str
    about: Mapping[str, object]
    name: str = ""

    def __str__(self) -> str:
        return f"{self.kind}: {json.dumps(self.about)}"


def drawn(random: Random, number: int) -> Forgery:
    """Any command, click, submission or mention."""
    trigger = f"{number}.0.forged"
    match random.choice(("command", "click", "click", "submission", "submission", "mention")):
        case "command":
            command, _, words = random.choice(COMMANDS).partition(" ")
            return Forgery("command", {"command": command, "text": words, "trigger_id": trigger}, "command")
        case "mention":
            command, _, words = random.choice(COMMANDS).partition(" ")
            noun = "" if command == "/rollcall" else command.removeprefix("/")
            return Forgery("mention", {"text": f"<@U0ROLLCALL> {noun} {words}", "number": number}, "mention")
        case "click":
            act = random.choice([*sorted(VALUES.keys() & set(Act)), Act.APPROVE_TICKED])
            return Forgery("click", {"action": _action(random, act), "trigger_id": trigger}, act)
        case _:
            modal = random.choice(sorted(Modal))
            value = random.choice(VALUES.get(modal, ("",)))
            return Forgery("submission", {"modal": modal, "value": value, "number": number}, modal)


def _action(random: Random, act: str) -> dict[str, object]:
    return {"type": "button", "action_id": act, "block_id": "forged", "value": random.choice(VALUES.get(act, ("",)))}


async def send(office: Office, http: httpx.AsyncClient, user: str, forged: Forgery) -> None:
    """Tells the bot, and waits until it has done whatever it does."""
    sender, about = sender_of(office.workspace, http), dict(forged.about)
    who = {"id": user, "username": "forger", "name": "forger", "team_id": "T0TEAM"}
    of_slack = {"user": who, "team": {"id": "T0TEAM", "domain": "x"}, "api_app_id": "A0APP", "token": "x"}
    if forged.kind == "command":
        form = {"user_id": user, "channel_id": ACME, "channel_name": "acme", "team_id": "T0TEAM", **about}
        await sender.send("command", user, {key: str(value) for key, value in form.items()})
    elif forged.kind == "mention":
        event = {"type": "app_mention", "user": user, "text": about["text"], "channel": ACME, "ts": "1.1"}
        told = {"type": "event_callback", "event": event, "event_id": f"Ev{about['number']}", "team_id": "T0TEAM"}
        await sender.tell("app_mention", user, {**told, "api_app_id": "A0APP"}, None)
    elif forged.kind == "click":
        state = {"values": {"ticked": {Act.TICK: {"selected_options": [{"value": "2:1"}]}}}}
        click = {"type": "block_actions", "actions": [about["action"]], "trigger_id": about["trigger_id"]}
        where = {"channel": {"id": ACME}, "container": {"type": "message"}, "state": state}
        await sender.send("block_actions", user, {"payload": json.dumps({**of_slack, **click, **where})})
    else:
        answers = {**ANSWERS, **OWN_ANSWERS.get(str(about["modal"]), {})}
        view = {
            "id": f"V{about['number']}",
            "hash": "1",
            "type": "modal",
            "callback_id": about["modal"],
            "private_metadata": Origin(str(about["value"]), ACME, None).packed(),
            "state": {"values": {field: {field: {"value": answer}} for field, answer in answers.items()}},
        }
        submitted = {"type": "view_submission", "view": view, "trigger_id": "1.0.forged"}
        await sender.send("view_submission", user, {"payload": json.dumps({**of_slack, **submitted})})
    await office.edge.work.drain(30)


def billed(office: Office) -> dict[str, Rows]:
    """Everything that is stored, but what is of Slack alone."""
    return {table: rows for table, rows in contents(office.rollcall.database).rows.items() if table not in OF_SLACK}


@pytest.fixture
async def busy(office: Office) -> Office:
    """An office with a decision of the day, a change that waits, and a run with a draft and a hold."""
    await office.first_count("Ann", "Bo")
    office.hire("Cy")
    await office.sync()
    await office.ask(BILLER, "/run", f"{MAY} start", HOUSE)
    return office


def changing(office: Office, user: str, seed: int) -> Iterator[tuple[Forgery, int]]:
    """Forgeries with their numbers, which no two users share."""
    random = Random(seed)
    yield from ((drawn(random, number), number) for number in range(seed * PLAYED, (seed + 1) * PLAYED))


@pytest.mark.property
@pytest.mark.parametrize(("user", "seed"), [(VIEWER, 1), (STRANGER, 2)])
async def test_below_approver_nothing_that_is_billed_can_be_changed(busy: Office, user: str, seed: int) -> None:
    before = billed(busy)
    async with httpx.AsyncClient(trust_env=False, timeout=60) as http:
        for forged, _ in changing(busy, user, seed):
            await send(busy, http, user, forged)
            assert billed(busy) == before, str(forged)


async def test_the_same_changes_a_lot_when_an_admin_sends_it(busy: Office) -> None:
    before, effects = billed(busy), set[str]()
    async with httpx.AsyncClient(trust_env=False, timeout=60) as http:
        for forged, _ in changing(busy, ADMIN, 3):
            await send(busy, http, ADMIN, forged)
            after = billed(busy)
            effects |= {forged.name} if after != before else set()
            before = after
    assert effects >= {"command", "mention", Modal.ADD_CLIENT, Modal.OVERRIDE}
    assert effects & {Act.APPROVE, Act.APPROVE_TICKED, Modal.APPROVE_WITH, Modal.REJECTION}
    assert Act.SHARE not in effects
