"""The rows that a test stands on."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from connectors.directories.entries import Told
from rosters.rules import Account, Roster, Rule
from rosters.split import Scope
from storage import acceptance, directories, identities
from storage.database import Database, Session
from storage.judging import Judging
from storage.newcomers import Newcomers
from storage.tables import (
    AccountRow,
    ChangeRow,
    ClientRow,
    DirectoryRow,
    IdentityRow,
    InvoiceRow,
    PersonRow,
    RunRow,
    SeatRow,
)
from tests.billing.build import day

NOW = datetime(2027, 4, 11, 12, 0, tzinfo=UTC)
EVERYBODY = (Roster("full", Rule(basis="enabled")),)


def a_client(session: Session, slug: str = "acme") -> int:
    row = ClientRow(slug=slug, name=slug, currency="USD", timezone="UTC", locale="en_US", buyer="{}", taxes="[]")
    session.add(row)
    session.flush()
    return row.id or 0


def a_person(session: Session, client_id: int) -> int:
    row = PersonRow(client_id=client_id)
    session.add(row)
    session.flush()
    return row.id or 0


def a_seat(client_id: int, person_id: int, ends: str | None = None, roster: str = "full") -> SeatRow:
    return SeatRow(
        client_id=client_id,
        roster=roster,
        person_id=person_id,
        starts=day("2027-04-01"),
        ends=day(ends) if ends else None,
        opened_by=1,
    )


def a_change(client_id: int, change_id: int = 1, revision: int = 1, state: str = "pending") -> ChangeRow:
    return ChangeRow(
        id=change_id,
        revision=revision,
        client_id=client_id,
        state=state,
        proposed_on=NOW.date(),
        proposed_at=NOW,
        fingerprint="",
        monthly_minor=0,
        next_invoice_minor=0,
    )


def a_document(
    client_id: int, bill_date: str = "2027-05-01", *, state: str = "draft", by_run: bool = True
) -> InvoiceRow:
    return InvoiceRow(
        client_id=client_id,
        bill_date=day(bill_date),
        document="invoice",
        by_run=by_run,
        state=state,
        hash="",
        content="{}",
        seller="{}",
        buyer="{}",
        locale="en_US",
        total_minor=0,
    )


def a_run(bill_date: str) -> RunRow:
    return RunRow(bill_date=day(bill_date), state="drafted", started_by="ada", started_at=NOW)


Fields = Mapping[str, Any]
"""What was told of an account."""


class Readings:
    """One directory, read again and again, a transaction a reading."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.write("test") as session:
            self.client_id = a_client(session)
            self.directory_id = directories.put(session, self.client_id, "hr", "memory", "{}").id or 0

    def share(self, scope: Scope) -> None:
        """Makes a part of the directory the client's."""
        with self.database.write("test") as session:
            directories.put(session, self.client_id, "hr", "memory", "{}", scope)

    def take(
        self,
        *entries: tuple[str, Fields | None],
        on: str = "2027-04-01",
        full: bool = False,
        rosters: tuple[Roster, ...] = EVERYBODY,
    ) -> int:
        """How many are present after a reading."""
        return self.take_and_judge(*entries, on=on, full=full, rosters=rosters)[0]

    def take_and_judge(
        self,
        *entries: tuple[str, Fields | None],
        on: str = "2027-04-01",
        full: bool = False,
        rosters: tuple[Roster, ...] = EVERYBODY,
        first_seen: dict[str, date] | None = None,
    ) -> tuple[int, int]:
        """How many are present after a reading, and how many count."""
        with self.database.write("test") as session:
            row = self._row(session)
            sync = directories.add_sync(session, directory_id=row.id, at=NOW, on=day(on), outcome="accepted")
            judging = Judging(rosters, day(on), sync.id, first_seen or {})
            acceptance.take(session, row, _told(entries), judging, full=full)
            acceptance.judge(session, row, judging)
            tally = acceptance.tally(session, row)
            return tally.present, tally.counting

    def newcomers(
        self, *entries: tuple[str, Fields | None], first_seen: dict[str, date] | None = None
    ) -> Newcomers | None:
        """Those whom a full reading shows for the first time."""
        with self.database.write("test") as session:
            row = self._row(session)
            sync = directories.add_sync(session, directory_id=row.id, at=NOW, on=day("2027-04-01"), outcome="accepted")
            judging = Judging(EVERYBODY, day("2027-04-01"), sync.id, first_seen or {})
            return acceptance.take(session, row, _told(entries), judging, full=True)

    def account(self, object_id: str) -> AccountRow:
        with self.database.read() as session:
            return directories.accounts(session, self.directory_id)[object_id]

    def seen(self, object_id: str) -> Account:
        """The account as a rule looks at it."""
        row = self.account(object_id)
        with self.database.read() as session:
            return directories.as_account(row, identities.by_ids(session, [row.identity_id])[row.identity_id])

    def identities(self, object_id: str) -> list[IdentityRow]:
        """Everything that the person was ever called, in the order in which it was seen; a database promises none."""
        person = self.account(object_id).person_id
        with self.database.read() as session:
            found = identities.by_ids(session, range(1, 100))
            return [row for _, row in sorted(found.items()) if row.person_id == person]

    def erase(self, object_id: str) -> None:
        person = self.account(object_id).person_id
        with self.database.write("test") as session:
            identities.erase(session, person, NOW.date())

    def _row(self, session: Session) -> DirectoryRow:
        return directories.get(session, self.directory_id)


def _told(entries: Iterable[tuple[str, Fields | None]]) -> Iterator[tuple[str, Told | None]]:
    return ((each, None if fields is None else Told(**fields)) for each, fields in entries)
