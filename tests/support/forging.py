"""What Slack might tell the bot of anybody: clicks on any button, choices in any modal, submissions, commands, events.

It is signed as Slack signs, and is about what there is in the office by then: real changes, seals, invoices, accounts.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from bot.actions import Act, Field, Modal, figure_field, reason_field
from bot.targets import CreditTarget
from bot.views.modals import Origin
from commands import credits, invoices, runs  # noqa: A004 - the builtin credits is for the interactive shell
from connectors.books import forms
from sandbox.workspace.sending import sender_of
from tests.support.databases import contents
from tests.support.office import ACME, FIRST_DAY, SHELL, Office

# What is pressed or chosen inside a modal, and in which one.
CHOICES: Mapping[str, Modal] = {
    Act.LEAVE_OUT: Modal.APPROVE_WITH,
    **dict.fromkeys((Act.CHOOSE_KIND, Act.CHOOSE_BASIS, Act.CHOOSE_GROUPS, Act.LOOK), Modal.ADD_CLIENT),
    **dict.fromkeys((Act.PRICE_LINE, Act.PRICE_DAY, Act.TRY_PRICE), Modal.CHANGE_PRICE),
    **dict.fromkeys((Act.CREDIT_LINE, Act.TRY_CREDIT), Modal.CREDIT),
}
_OF_A_CHANGE = (Act.APPROVE, Act.APPROVE_FIRST_COUNT, Act.APPROVE_WITH, Act.REJECT, Act.DETAILS, Act.UNDO)
_OF_A_CHANGE_TOO = (Modal.FIRST_COUNT, Modal.APPROVE_WITH, Modal.REJECTION, Act.APPROVE_TICKED)
_STEPS = ("start", "approve", "issue", "abandon", "status")
_SAID = (
    *("/rollcall run approve", "/rollcall run issue", "/client add Initech", "/client acme", "/rollcall digest"),
    *("/changes", "/changes acme", "/reconcile", "/users acme", "/invoice acme preview", "/invoice acme pdf"),
    *("/quote acme +3 full", "/quote acme -2 full pdf", "/rollcall status", "/invoice globex history"),
    *("/rollcall approve 2", "/rollcall role grant U0VIEWER admin", "/rollcall import book.yaml"),
)
_ANSWERS: Mapping[str, str] = {
    Field.EFFECTIVE: FIRST_DAY.isoformat(),
    Field.REASON: "Because",
    Field.CODE: "R05",
    Field.UNTIL: "2027-05-31",
    Field.LEAVE_OUT: "1",
    Field.LINE: "1",
    Field.AMOUNT: "1.00",
    Field.REBILL: "concession",
    reason_field((1,)): "On leave",
    forms.NAME: "Initech",
    forms.CURRENCY: "USD",
    forms.TIMEZONE: "UTC",
    forms.KIND: "none",
}
# Where a modal means something else by a field than the others do.
_OWN_ANSWERS: Mapping[str, Mapping[str, str]] = {
    Modal.CHANGE_PRICE: {Field.LINE: "managed-user", figure_field(0, FIRST_DAY, 0): "1.00", Field.SCOPE: "one"},
}


@dataclass(frozen=True)
class Forgery:
    """Who did it aside, something that Slack might tell: what was used or said, what it is about, and where."""

    kind: str
    name: str
    value: str = ""
    at_home: bool = False

    @property
    def is_used(self) -> bool:
        """Whether something was pressed, chosen or sent off, rather than said or opened."""
        return self.kind in {"click", "choice", "submission"}


@dataclass
class Forger:
    """Sends forgeries to the bot of an office; no two are taken for the same one."""

    office: Office
    http: httpx.AsyncClient
    sent: int = field(default=0)

    async def send(self, user: str, forged: Forgery) -> None:
        """Tells the bot, and waits until it has done whatever it does."""
        self.sent += 1
        sender = sender_of(self.office.workspace, self.http)
        if forged.kind == "command":
            form = {"user_id": user, "channel_id": ACME, "team_id": "T0TEAM", "trigger_id": self._trigger}
            await sender.send("command", user, {**form, "command": forged.name, "text": forged.value})
        elif not forged.is_used:
            event = _mention(forged) if forged.kind == "mention" else {"tab": "home", "channel": "D0FORGED"}
            name = "app_mention" if forged.kind == "mention" else "app_home_opened"
            told = {"type": "event_callback", "event": {"type": name, "user": user, **event}, "team_id": "T0TEAM"}
            await sender.tell(name, user, {**told, "event_id": f"Ev{self.sent}", "api_app_id": "A0APP"}, None)
        else:
            kind = "view_submission" if forged.kind == "submission" else "block_actions"
            about = {"type": kind, "trigger_id": self._trigger, **self._about(forged)}
            who = {"user": {"id": user, "username": "forger", "team_id": "T0TEAM"}, "team": {"id": "T0TEAM"}}
            await sender.send(kind, user, {"payload": json.dumps({**who, "api_app_id": "A0APP", **about})})
        await self.office.edge.work.drain(30)

    @property
    def _trigger(self) -> str:
        return f"{self.sent}.0.forged"

    def _about(self, forged: Forgery) -> Mapping[str, object]:
        action = {"type": "button", "action_id": forged.name, "block_id": "forged", "value": forged.value}
        if forged.kind == "submission":
            return {"view": self._modal(forged.name, forged)}
        if forged.kind == "choice":
            return {"view": self._modal(CHOICES[forged.name], forged), "actions": [action], "container": {}}
        ticked = {"values": {"ticked": {Act.TICK: {"selected_options": [{"value": forged.value}]}}}}
        home = {"view": {"type": "home", "id": "V0HOME", "hash": "1"}, "container": {"type": "view"}}
        where = home if forged.at_home else {"channel": {"id": ACME}, "container": {"type": "message"}}
        return {**where, "actions": [action], "state": ticked}

    def _modal(self, modal: str, forged: Forgery) -> Mapping[str, object]:
        answers = {**_ANSWERS, **_OWN_ANSWERS.get(modal, {})}
        origin = Origin(forged.value, None if forged.at_home else ACME, at_home=forged.at_home)
        return {
            "id": f"V{self.sent}",
            "hash": "1",
            "type": "modal",
            "callback_id": modal,
            "private_metadata": origin.packed(),
            "state": {"values": {block: {block: {"value": answer}} for block, answer in answers.items()}},
        }


def _mention(forged: Forgery) -> Mapping[str, object]:
    noun = "" if forged.name == "/rollcall" else forged.name.removeprefix("/")
    return {"text": f"<@U0ROLLCALL> {noun} {forged.value}", "channel": ACME, "ts": "1.1"}


def every_forgery(office: Office) -> tuple[Forgery, ...]:
    """Each button, choice, modal and command there is, for each thing that it can be about now, also from home."""
    known = _values(office)
    return (Forgery("home", "app_home_opened"), *_said(office), *_used(known))


def _said(office: Office) -> Iterator[Forgery]:
    steps = (f"/run {row['bill_date']} {step}" for row in _rows(office, "runs") for step in _STEPS)
    for line in (*_SAID, *steps):
        command, _, words = line.partition(" ")
        yield Forgery("command", command, words)
        yield Forgery("mention", command, words)


def _used(known: Mapping[str, tuple[str, ...]]) -> Iterator[Forgery]:
    named: tuple[tuple[str, Iterable[str]], ...] = (
        ("click", [act for act in Act if act not in CHOICES]),
        ("choice", CHOICES),
        ("submission", Modal),
    )
    for kind, name in ((kind, name) for kind, names in named for name in names):
        for value in known.get(CHOICES.get(name, name), ("",)):
            yield Forgery(kind, name, value)
            yield Forgery(kind, name, value, at_home=True)


def _values(office: Office) -> Mapping[str, tuple[str, ...]]:
    """What the buttons and windows carry that there are, or could be, by their ids."""
    database = office.rollcall.database
    changes = tuple(f"{row['id']}:{row['revision']}" for row in _rows(office, "changes"))
    days = [row["bill_date"] for row in _rows(office, "runs")]
    sealed = tuple(f"{day}:{runs.show(database, day).seal}" for day in days)
    held = tuple(f"{row['id']}:{row['held_seal']}" for row in _rows(office, "directories") if row["held_seal"])
    issued = [each.number for each in invoices.history(database, SHELL) if each.document == "invoice"]
    shown = [credits.credit_form(database, SHELL, number) for number in issued]
    first, second, *_ = (row["id"] for row in _rows(office, "accounts"))
    return {
        **dict.fromkeys((*_OF_A_CHANGE, *_OF_A_CHANGE_TOO), changes),
        **dict.fromkeys((Act.OVERRIDE, Modal.OVERRIDE), tuple(f"{day}:acme" for day in days)),
        **dict.fromkeys((Act.APPROVE_RUN, Act.ISSUE, Act.ABANDON, Modal.ABANDON), sealed),
        **dict.fromkeys((Act.SAME_PERSON, Act.TWO_PEOPLE), (f"{first}:{second}",)),
        **dict.fromkeys((Act.LET_THROUGH, Modal.LET_THROUGH), held),
        **dict.fromkeys((Act.CHANGE_PRICE, Modal.CHANGE_PRICE), ("acme",)),
        Act.PICK_CLIENT: ("invoice acme preview", *(f"run {day} issue" for day in days)),
        Act.SHARE: ("invoice acme preview", *(f"run {day} approve" for day in days)),
        Act.ADD_CLIENT: ("Initech",),
        Act.CREDIT: tuple(form.number for form in shown),
        Modal.CREDIT: tuple(str(CreditTarget(form.number, form.notes)) for form in shown),
    }


def _rows(office: Office, table: str) -> Iterator[Mapping[str, Any]]:
    yield from contents(office.rollcall.database).rows.get(table, ())
