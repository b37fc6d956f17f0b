"""After a run: what it silently left out, or billed twice, is looked for among all of its clients."""

import json
from collections.abc import Sequence
from datetime import date

from checks.gaps import search
from checks.records import Finding
from commands.actors import Actor, Clock
from commands.catching_up import told_apart
from commands.run_cards import SEARCHED
from documents import bounds
from documents.format import Format
from storage import audit, clients, notices, records, runs, snapshots
from storage.database import Database, Session
from storage.ids import id_of
from storage.tables import ClientRow, RunClientRow

_CHUNK = 20


def look_for_gaps(database: Database, actor: Actor, clock: Clock, bill_date: date) -> None:
    """Searches every client of a run that has nothing left to be issued, and notes what is found.

    The search reads; what it found is written in a transaction of its own, and only where it found something else than
    the time before.
    """
    with database.read() as session:
        drafted = runs.drafts_elsewhere(session, bill_date)
        rows = runs.clients(session, bill_date)
        ids = [row.client_id for row in rows if row.state in SEARCHED and not _waits(row.state, row.client_id, drafted)]
        # Who was imported after the run was started isn't in it, and would be forgotten.
        ids += sorted({id_of(row) for row in clients.every(session)} - {row.client_id for row in rows} - drafted.keys())
    for start_at in range(0, len(ids), _CHUNK):
        chunk = ids[start_at : start_at + _CHUNK]
        with database.read() as session:
            found = {client_id: _found(session, clients.get(session, client_id), bill_date) for client_id in chunk}
        with database.write("run-search") as session:
            _note(session, actor, clock, bill_date, found)


def _waits(state: str, client_id: int, drafted: dict[int, date]) -> bool:
    """Whether the draft of a later run bills this date's periods as well."""
    return state == "nothing" and client_id in drafted


def _found(session: Session, client: ClientRow, bill_date: date) -> Sequence[Sequence[str]]:
    """What was found as it is stored; what the client's next run bills by itself is one entry, and no fault."""
    snapshot, row = snapshots.load(session, client), runs.client(session, bill_date, id_of(client))
    found = search(snapshot, records.of_client(session, id_of(client)), bill_date)
    again = row is None or row.state == "nothing"
    caught_up, faults = told_apart(found, snapshot, bill_date, again=again)
    style = Format(client.locale, client.currency)
    written = [_written(each, client, style) for each in faults]
    if caught_up is None:
        return written
    period, said = caught_up.period, bounds.caught_up(caught_up.late, caught_up.on, style)
    return [*written, ("late", caught_up.names, str(period.start), str(period.end), said)]


def _note(
    session: Session, actor: Actor, clock: Clock, bill_date: date, found: dict[int, Sequence[Sequence[str]]]
) -> None:
    tell = False
    for client_id, findings in found.items():
        row = runs.client(session, bill_date, client_id)
        client = clients.get(session, client_id)
        written = json.dumps(findings)
        if row is None and findings:
            row = RunClientRow(bill_date=bill_date, client_id=client_id, state="nothing")
        if row is None or row.findings == written:
            continue
        if findings:
            texts = [text for *_, text in findings]
            audit.append(session, client.slug, clock.now(), actor.id, "run.search", str(bill_date), {"found": texts})
        row.findings = written
        runs.put_client(session, row)
        tell = True
    if tell:
        notices.owe(session, "run", str(bill_date), None, None)


def _written(found: Finding, client: ClientRow, style: Format) -> Sequence[str]:
    what = bounds.NEXT_RUN_LACKS_IT if found.kind == "gap" else bounds.advice(found, client.slug)
    said = f"{bounds.finding(found, style)} {what}"
    return found.kind, found.name, str(found.period.start), str(found.period.end), said
