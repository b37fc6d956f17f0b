"""Each client's directories: a real reading into a spool, of which nothing is kept, and what it depends on."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from billing.errors import RollcallError
from commands.clients import named
from commands.examinations.finding import (
    Finding,
    Part,
    State,
    failed,
    failed_outside,
    left_out,
    ok,
    set_wrong,
    warn,
)
from commands.examinations.machine import clocks
from commands.sync import Sources
from commands.targets import Target, targets_of
from connectors.directories.entries import accounts_after
from connectors.directories.examined import Credential, Examined, Observation
from connectors.directories.port import Directory, Reading
from connectors.directories.spool import Spool
from documents import wording
from rosters.rules import Account, Roster, about
from rosters.split import EVERYBODY, Scope
from rosters.verdicts import place
from storage import clients, directories
from storage.database import Database
from storage.ids import id_of
from storage.tables import DirectoryRow

_PART = Part.DIRECTORIES
_AT_ONCE = 8
_SOON = timedelta(days=30)
_BUG = "looking at it ran into a defect of Rollcall"
_TELL = "Tell whoever makes Rollcall; with ROLLCALL_LOG_LEVEL=debug, rollcall sync prints where it happened."


@dataclass(frozen=True, slots=True)
class Patient:
    """One directory to look at: where it is, whom the rules about it take, and what past readings came to."""

    target: Target
    rosters: tuple[Roster, ...]
    scope: Scope
    past: Finding

    @property
    def name(self) -> str:
        """As the findings call it."""
        return f"{self.target.client}/{self.target.name}"


@dataclass(frozen=True, slots=True)
class _Looked:
    findings: tuple[Finding, ...]
    examined: Examined


def patients(database: Database, slugs: Sequence[str]) -> list[Patient]:
    """The directories of the named clients (default: of all).

    Raises:
        ClientIsUnknown, ClientIsAmbiguous: a name fits none, or several.

    """
    with database.read() as session:
        rows = [named(session, slug) for slug in slugs] if slugs else clients.every(session)
        return [
            Patient(
                target,
                about(clients.rosters_of(session, id_of(row)), target.name),
                directories.scope_of(directory),
                _past(target, directory),
            )
            for row in rows
            for target in targets_of(session, row)
            for directory in (directories.get(session, target.id),)
        ]


async def examine(
    found: Sequence[Patient],
    sources: Sources,
    now: Callable[[], datetime],
    progress: Callable[[str], None] | None = None,
) -> list[Finding]:
    """The findings on all of them, side by side, in the order in which they were given."""
    if not found:
        return [left_out(_PART, "directories", "there are none: a client's book names its directories")]
    turns = asyncio.Semaphore(_AT_ONCE)

    async def one(patient: Patient) -> _Looked:
        async with turns:
            looked = await _look(patient, sources, now)
        if progress is not None:
            progress(patient.name)
        return looked

    looked = await asyncio.gather(*(one(patient) for patient in found))
    shared = [*_credentials([one.examined.credential for one in looked], now()), *_clock(looked)]
    return [*(finding for one in looked for finding in one.findings), *shared]


async def _look(patient: Patient, sources: Sources, now: Callable[[], datetime]) -> _Looked:
    target = patient.target
    try:
        source = sources(target.kind, target.settings, target.client, target.name)
    except RollcallError as error:
        return _Looked((failed(_PART, patient.name, error),), Examined())
    try:
        examined = await source.examine(wanted=target.wanted, now=now)
        seen = () if examined.broken else await _reading(patient, source)
    except RollcallError as error:
        return _Looked((failed(_PART, patient.name, error), patient.past), Examined())
    except Exception:  # noqa: BLE001 - one directory that meets a defect must not keep the others from being told
        return _Looked((failed_outside(_PART, patient.name, _BUG, _TELL),), Examined())
    told = (_observed(patient, one) for one in examined.observations)
    return _Looked((*seen, *told, patient.past), examined)


async def _reading(patient: Patient, source: Directory) -> tuple[Finding, ...]:
    with Spool() as spool:
        try:
            reading = await source.read(None, spool, wanted=patient.target.wanted)
        except RollcallError as error:
            return (failed(_PART, patient.name, error),)
        accounts, billable = tally(spool, patient.rosters, reading, patient.scope)
    text = f"{wording.accounts(accounts)}, {billable} billable"
    if not accounts:
        remedy = "An empty directory changes no bill. Check that it is the client's, and that it isn't filtered."
        return (warn(_PART, patient.name, text, remedy),)
    if not billable:
        part = " and the directory's `only`" if patient.scope != EVERYBODY else ""
        remedy = (
            f"If that is wrong, see why: rollcall users {patient.target.client} why WHO, and the roster's rule{part}."
        )
        return (warn(_PART, patient.name, text, remedy),)
    return (ok(_PART, patient.name, text),)


def tally(spool: Spool, rosters: Sequence[Roster], reading: Reading, scope: Scope = EVERYBODY) -> tuple[int, int]:
    """How many accounts a first reading has, and how many of them count."""
    accounts = [_with_groups(one, reading) for one in accounts_after((), spool, full=True).values()]
    return len(accounts), sum(place(rosters, account, scope).counts for account in accounts)


def _with_groups(account: Account, reading: Reading) -> Account:
    if reading.members is None:
        return account
    return replace(account, groups=tuple(group for group, ids in reading.members.items() if account.object_id in ids))


def _observed(patient: Patient, seen: Observation) -> Finding:
    what = f"{patient.name} {seen.what}"
    match seen.state:
        case "broken":
            return failed_outside(_PART, what, seen.text, seen.remedy)
        case "doubtful":
            return warn(_PART, what, seen.text, seen.remedy)
    return ok(_PART, what, seen.text)


def _past(target: Target, row: DirectoryRow) -> Finding:
    what = f"{target.client}/{target.name} last reading"
    when = f"accepted on {row.read_at:%Y-%m-%d at %H:%M} UTC" if row.read_at else "none was ever accepted"
    if row.trips is not None:
        remedy = f"See what it would move: rollcall reconcile {target.client}"
        return warn(_PART, what, f"{when}; a later one is held by the safety catch", remedy)
    if row.failing_since is not None:
        remedy = f"Once it can be read again: rollcall sync {target.client}"
        return warn(_PART, what, f"{when}; it failed since {row.failing_since}", remedy)
    return ok(_PART, what, when) if row.read_at else warn(_PART, what, when, f"rollcall sync {target.client}")


def _credentials(seen: Sequence[Credential | None], now: datetime) -> Iterator[Finding]:
    """Directories share what their app signs in by, and only some may see when that ends."""
    by_name: dict[str, Credential] = {}
    for one in seen:
        if one is not None and (one.name not in by_name or one.expires is not None):
            by_name[one.name] = one
    for one in by_name.values():
        yield credential(one, now)


def credential(one: Credential, now: datetime) -> Finding:
    """When a credential ends, and from a month before on, what to do."""
    what = f"Entra {one.name}"
    if one.expires is None:
        return Finding(_PART, State.LEFT_OUT, what, "when it expires can't be seen", one.remedy)
    days = (one.expires - now).days
    if one.expires <= now:
        return set_wrong(_PART, what, f"expired on {one.expires:%Y-%m-%d}", one.remedy)
    text = f"expires on {one.expires:%Y-%m-%d}, in {days} day{'' if days == 1 else 's'}"
    return warn(_PART, what, text, one.remedy) if one.expires - now <= _SOON else ok(_PART, what, text)


def _clock(looked: Sequence[_Looked]) -> Iterator[Finding]:
    known = [one.examined.ahead for one in looked if one.examined.ahead is not None]
    if known:
        yield clocks("Microsoft", max(known, key=abs))
