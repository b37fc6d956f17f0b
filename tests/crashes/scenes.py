"""The scenes that `rollcall serve` is killed in: what the database holds before, and what people do."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from commands import changes, credentials, digests, notices, runs, slots, undoing
from commands.actors import Actor, Clock
from commands.change_cards import ChangeView
from commands.imports import apply_import
from commands.reminders import REMINDER
from commands.roles import grant
from commands.sync import sync_clients
from connectors.books.reader import read_book
from connectors.directories.port import Directory
from rosters.rules import Account
from sandbox.microsoft.tenant import READ_APPS, Tenant
from sandbox.workspace.model import Content
from sandbox.workspace.state import BOT_USER, Workspace
from sandbox.workspace.troubles import Kind, Trouble
from storage import notices as stored_notices
from storage import slots as stored_slots
from storage.database import Database
from storage.schema import prepare
from tests.crashes.books import write_book
from tests.crashes.bots import NOW
from tests.crashes.office import ACME, ADMIN, APPROVER, BILLER, GROUP, HOUSE, Office
from tests.support.cards import every_owed
from tests.support.directories import FakeDirectory

TENANT = "11111111-2222-3333-4444-555555555555"
# Within a month of the scenes' day.
SECRET_EXPIRES = "2027-05-20T00:00:00Z"

_SHELL = Actor("cli:test", "cli")
_NIGHTLY = "nightly-sync"
_DIGEST = f'{{channel: {HOUSE}, at: "09:00"}}'
_STATE = "SELECT count(*) FROM changes WHERE state = '{}'"
_RUN = "SELECT count(*) FROM runs WHERE state = '{}'"
_DRAFTED = "SELECT count(*) FROM notices WHERE kind = 'run'"
_ISSUED = "SELECT count(*) FROM runs WHERE state = 'issued' AND issued_by IS NOT NULL"
_WHERE_IT_IS_EVENING = "Asia/Tokyo"
_TOLD = "SELECT count(*) FROM notices WHERE kind = '{}' AND shown = wanted"
_CREDITED = "SELECT count(*) FROM invoices WHERE document = 'credit_note'"
_PRICED = "SELECT count(*) FROM agreements WHERE terms LIKE '%110.00%'"
_UNDONE = "SELECT count(*) FROM changes WHERE undone IS NOT NULL"
_HELD = "SELECT count(*) FROM directories WHERE trips IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Scene:
    """One scene, and what Slack does to the bot's calls meanwhile."""

    name: str
    play: Callable[[Office], Awaitable[None]]
    troubles: tuple[Trouble, ...] = ()
    is_counted: bool = True
    somebody_joined: bool = True
    night_is_due: bool = False
    digest_is_due: bool = False
    look_is_due: bool = False
    many_left: bool = False
    morning_is_due: bool = False
    is_billed: bool = False
    over_sockets: bool = False

    @property
    def timezone(self) -> str:
        """Acme's: no morning comes between the first start and the second, which is two hours later."""
        return _WHERE_IT_IS_EVENING if self.morning_is_due else "America/New_York"

    def prepare(self, workspace: Workspace, file: Path) -> None:
        """What Slack shows before the bot is started."""
        if self.morning_is_due:
            _show_card_of_the_day_before(workspace, file)


async def _night(office: Office) -> None:
    """The clock reads the directory, and the first count is approved in a modal."""
    await office.see_that_it_is_ready()
    decided = _decided(office, "approved")
    values = {"effective": "2027-05-01"}
    await office.fill_in(APPROVER, ACME, "Approve", "Approve first count", values, decided)


async def _approval(office: Office) -> None:
    """A change is approved by somebody who has the role through a group; then the old card is clicked once more."""
    await office.click(APPROVER, ACME, "Approve", _decided(office, "approved"))
    await office.settle()
    before = len(office.answers())
    await office.click_late(APPROVER, ACME, "Approve", lambda: len(office.answers()) > before)


async def _undoing(office: Office) -> None:
    """A change is approved and undone; what is still so waits anew, on a card of its own."""
    await office.click(APPROVER, ACME, "Approve", _decided(office, "approved"))
    await office.settle()
    await office.click(APPROVER, ACME, "Undo", lambda: office.ask(_UNDONE) > 0)


async def _morning(office: Office) -> None:
    """The clock takes the turn of reminding, below the card of the day before."""
    await office.until(lambda: office.ask(_TOLD.format("reminder")) > 0, "a reminder")


async def _rejection(office: Office) -> None:
    """A change is rejected in a modal."""
    values = {"reason": "A test account"}
    await office.fill_in(APPROVER, ACME, "Reject", "Reject change", values, _decided(office, "rejected"))


async def _mishaps(office: Office) -> None:
    """Slack refuses the card at first, somebody deletes it by hand, and the decision is taken at the shell."""
    await office.settle()
    office.delete_card(ACME)
    await asyncio.to_thread(_ask_for_the_card_again, office.file)
    await office.settle()
    approved = await asyncio.to_thread(_approve_at_the_shell, office.file)
    assert approved.state == "approved"


async def _billing(office: Office) -> None:
    """A run is started, approved and issued, while the short-lived response URLs don't work."""
    await office.type(BILLER, HOUSE, "/run", "2027-05-01 start", lambda: office.ask(_DRAFTED) > 0)
    await office.settle()
    await office.click(BILLER, HOUSE, "Approve run", lambda: office.ask(_RUN.format("approved")) > 0)
    await office.settle()
    await office.click(BILLER, HOUSE, "Issue", lambda: office.ask(_ISSUED) > 0)


async def _digest(office: Office) -> None:
    """The clock takes a digest's turn, and its channel is told."""
    await office.until(lambda: office.ask(_TOLD.format("digest")) > 0, "a digest")


async def _expiry(office: Office) -> None:
    """The clock takes the turn of looking at what expires, and the house is told."""
    await office.until(lambda: office.ask(_TOLD.format("credential")) > 0, "a word about what expires")


async def _pass(office: Office) -> None:
    """A reading that is held is let through in a modal, and read again at once."""
    values = {"reason": "They left"}
    await office.fill_in(APPROVER, ACME, "Let it through", "Let it through", values, lambda: not office.ask(_HELD))


async def _details(office: Office) -> None:
    """Somebody looks at a change that waits: a modal opens, and a chart comes into it."""
    await office.settle()
    await office.look(APPROVER, ACME, "Details")


async def _home(office: Office) -> None:
    """A change is approved on the home tab, which is made anew then; the answer is a direct message."""
    await office.settle()
    await office.open_home(APPROVER, "Approve")
    await office.click_at_home(APPROVER, "Approve", _decided(office, "approved"))
    await office.until(lambda: "Approve" not in office.at_home(APPROVER), "a home tab without what was decided on it")


async def _mention(office: Office) -> None:
    """The run that was issued is asked about by a mention in a thread."""
    await office.mention(BILLER, HOUSE, "run 2027-05-01 status", lambda: bool(office.newest_answer(BILLER)))


async def _paper(office: Office) -> None:
    """An invoice's PDF is asked for, and comes in a direct message."""
    await office.type(BILLER, HOUSE, "/invoice", "globex pdf", lambda: bool(office.papers()))
    await office.until(lambda: office.bot.deaths > 0 or office.newest_answer(BILLER), "a word about the PDF")


async def _forms(office: Office) -> None:
    """An invoice is credited in part by a form, and a price changed by another."""
    credit, price = "Credit an invoice", "Change a price"
    await office.type(ADMIN, HOUSE, "/invoice", "globex history", lambda: bool(office.answered_with(ADMIN, credit)))
    given = {"line": "0", "amount": "10.00", "rebill": "concession", "reason": "An outage"}
    await office.fill_in_by_answer(ADMIN, credit, credit, given, lambda: office.ask(_CREDITED) > 0, "NW-000002")
    await office.settle()
    await office.type(ADMIN, HOUSE, "/client", "globex", lambda: bool(office.answered_with(ADMIN, price)))
    dearer = {"line": "flat", "effective": "2027-06-01", "Amount a cycle": "110.00"}
    await office.fill_in_by_answer(ADMIN, price, price, dearer, lambda: office.ask(_PRICED) > 0, None)


SCENES = (
    Scene("night", _night, is_counted=False, night_is_due=True),
    Scene("approval", _approval),
    Scene("undoing", _undoing),
    Scene("morning", _morning, morning_is_due=True),
    Scene("rejection", _rejection, over_sockets=True),
    Scene("mishaps", _mishaps, (Trouble("chat.postMessage", Kind.ERROR),)),
    Scene("billing", _billing, (Trouble("response_url", Kind.BROKEN, count=1000),), somebody_joined=False),
    Scene("digest", _digest, somebody_joined=False, digest_is_due=True),
    Scene("expiry", _expiry, somebody_joined=False, look_is_due=True),
    Scene("pass", _pass, somebody_joined=False, many_left=True),
    Scene("details", _details),
    Scene("home", _home),
    Scene("mention", _mention, somebody_joined=False, is_billed=True, over_sockets=True),
    Scene("paper", _paper, somebody_joined=False, is_billed=True),
    Scene("forms", _forms, somebody_joined=False, is_billed=True),
)


def set_up(scene: Scene, folder: Path) -> Path:
    """The database as it is before the scene."""
    file = folder / f"{scene.name}.db"
    with closing(Database(f"sqlite:///{file}")) as database:
        prepare(database)
        directory = f"{{name: m365, kind: entra, tenant: {TENANT}}}"
        book = write_book(folder, directory, digest=_DIGEST if scene.digest_is_due else "", timezone=scene.timezone)
        apply_import(database, _SHELL, read_book(book), _clock(date(2027, 4, 1)))
        grant(database, _SHELL, GROUP, "approver")
        grant(database, _SHELL, BILLER, "biller")
        grant(database, _SHELL, ADMIN, "admin")
        if scene.is_counted:
            asyncio.run(_count(database, "Fay" if scene.somebody_joined else None, many_left=scene.many_left))
            if not scene.morning_is_due:
                undoing.close_past(database, _clock(NOW.date()))
            # The card of the first count was shown long ago; only the second change's is owed.
            _forget_first_card(database)
        _take_last_night(database, NOW - timedelta(days=1) if scene.night_is_due else NOW)
        _take_mornings(database, ("2027-04-30",) if scene.morning_is_due else ("2027-04-30", "2027-05-01"))
        if scene.digest_is_due:
            _take_last_digest(database)
        if scene.look_is_due:
            credentials.take_daily(database, Clock(now=lambda: NOW - timedelta(days=1)))
        if scene.is_billed:
            _bill(database)
    return file


def staff(tenant: Tenant) -> None:
    """Who works at Acme, as the night finds it; the app is registered there, so that its secret's end is seen."""
    tenant.permissions.add(READ_APPS)
    for name in ("Ann", "Bo", "Cy", "Dee", "Eli"):
        tenant.people.hire(name, f"{name.lower()}@acme.example", object_id=name.lower())


async def _count(database: Database, joiner: str | None, *, many_left: bool) -> None:
    """Acme's first count is approved, and later somebody joins or nobody, or so many leave that the catch holds it."""
    directory = FakeDirectory()
    leavers = ("Gil", "Hal", "Ida", "Jo") if many_left else ()
    for name in ("Ann", "Bo", "Cy", "Dee", "Eli", *leavers):
        _hire(directory, name)

    def source(kind: str, settings: Mapping[str, object], client: str, name: str) -> Directory:
        return directory

    counted_on = date(2027, 4, 1)
    await sync_clients(database, _SHELL, source, _clock(counted_on), ["acme"])
    changes.approve(database, _SHELL, _clock(counted_on), 1, effective=counted_on)
    if joiner is not None:
        _hire(directory, joiner)
    for name in leavers:
        directory.remove(name.lower())
    await sync_clients(database, _SHELL, source, _clock(date(2027, 4, 11)), ["acme"])
    await sync_clients(database, _SHELL, source, _clock(NOW.date()), ["acme"])


def _hire(directory: FakeDirectory, name: str) -> None:
    directory.put(Account(object_id=name.lower(), name=name, upn=f"{name.lower()}@acme.example"))


def _forget_first_card(database: Database) -> None:
    (first,) = [notice for notice in every_owed(database) if notice.subject == "1"]
    notices.shown(database, first, ACME, None)
    with database.write("test") as session:
        stored_notices.forget(session, "decision", ACME)


def _take_last_night(database: Database, now: datetime) -> None:
    """The clock has met every client before, so that it doesn't wait for the next night."""
    slots.take_nightly(database, Clock(now=lambda: now), _NIGHTLY)


def _take_mornings(database: Database, days: tuple[str, ...]) -> None:
    """Acme was reminded of what waits on these days, or nothing did."""
    with database.write("test") as session:
        for day in days:
            stored_slots.claim(session, f"{REMINDER}:{ACME}", f"{day}T09:00", NOW)
            stored_slots.finish(session, f"{REMINDER}:{ACME}", f"{day}T09:00", NOW)


def _show_card_of_the_day_before(workspace: Workspace, file: Path) -> None:
    """The card of what waits was posted, and stands in its channel."""
    posted = workspace.messages.post(ACME, BOT_USER, Content("Acme Corp: +1 user"))
    with closing(Database(f"sqlite:///{file}")) as database:
        (owed,) = notices.owed(database, Clock())
        notices.shown(database, owed, ACME, posted.ts, NOW - timedelta(days=2))


def _take_last_digest(database: Database) -> None:
    """The clock has met the digest a day before, so that it doesn't wait for the next one."""
    digests.owe_due(database, Clock(now=lambda: NOW - timedelta(days=1)))


def _bill(database: Database) -> None:
    """The run of the day was issued, and its card shown."""
    clock = _clock(NOW.date())
    runs.start(database, _SHELL, clock, NOW.date())
    runs.approve(database, _SHELL, clock)
    runs.issue(database, _SHELL, clock)
    for notice in every_owed(database):
        notices.shown(database, notice, HOUSE, None)


def _ask_for_the_card_again(file: Path) -> None:
    with closing(Database(f"sqlite:///{file}")) as database:
        notices.show_again(database, "change", "2")


def _approve_at_the_shell(file: Path) -> ChangeView:
    with closing(Database(f"sqlite:///{file}")) as database:
        return changes.approve(database, _SHELL, _clock(NOW.date()), 2)


def _decided(office: Office, state: str) -> Callable[[], bool]:
    before = 0 if state == "rejected" else office.ask(_STATE.format("approved"))
    return lambda: office.ask(_STATE.format(state)) > before


def _clock(on: date) -> Clock:
    return Clock(fixed=on, now=lambda: datetime.combine(on, time(12), NOW.tzinfo))
