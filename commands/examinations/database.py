"""The database: whether it is there, of this version, and can be written to; and how long its disk will last."""

from collections.abc import Iterator

from billing.errors import RollcallError
from commands.examinations.finding import Finding, Part, failed, failed_outside, ok, set_wrong, warn
from storage.examination import DatabaseState, look

_PART = Part.DATABASE
_MEGABYTE = 1024 * 1024
_LITTLE_BYTES, _NOTHING_BYTES = 1024 * _MEGABYTE, 100 * _MEGABYTE
# Its makers end the support of PostgreSQL 13 in November 2025.
_OLDEST_POSTGRES = 14


def examine(url: str) -> tuple[list[Finding], bool]:
    """The findings, and whether the database can be read as it is."""
    try:
        state = look(url)
    except RollcallError as error:
        return [failed(_PART, "database", error)], False
    return list(_told(state)), state.version is not None


def _told(state: DatabaseState) -> Iterator[Finding]:
    yield _itself(state)
    if state.there and state.refusal is None:
        yield _writing(state)
    yield from _engine(state)
    if state.network is not None:
        text = f"{state.place} lies on a network file system ({state.network}), whose locks SQLite can't rely on"
        remedy = "Put the file on a local disk, or use PostgreSQL: ROLLCALL_DATABASE_URL=postgresql+psycopg://…"
        yield warn(_PART, "file system", text, remedy)
    if state.free_bytes is not None:
        yield disk(state.free_bytes)


def _itself(state: DatabaseState) -> Finding:
    if state.refusal is not None:
        return failed(_PART, "version", state.refusal)
    if state.version is not None:
        return ok(_PART, "database", f"{state.place}, {state.engine}, version {state.version}")
    if state.writing is not None and not state.there:
        remedy = "Make the folder, or name another file: ROLLCALL_DATABASE_URL=sqlite:///FILE"
        return set_wrong(_PART, "database", f"{state.place} can't be made: {state.writing}", remedy)
    there = "is empty" if state.there else "isn't there yet"
    remedy = "The first command makes it: rollcall import BOOK --apply"
    return warn(_PART, "database", f"{state.place} {there} ({state.engine})", remedy)


def _writing(state: DatabaseState) -> Finding:
    if state.writing is None:
        return ok(_PART, "writing", "can be written to")
    if "locked" in state.writing:
        remedy = "If it stays so, end the program that holds it: a backup, a viewer, or a rollcall that hangs."
        return warn(_PART, "writing", "another program holds the lock for writing", remedy)
    remedy = (
        "Give the user that runs Rollcall the right to write: to the file and its folder, or to the tables "
        "of the database."
    )
    return failed_outside(_PART, "writing", f"nothing can be written: {state.writing}", remedy)


def _engine(state: DatabaseState) -> Iterator[Finding]:
    name, _, version = state.engine.partition(" ")
    if name == "PostgreSQL" and int(version.split(".")[0]) < _OLDEST_POSTGRES:
        text = f"{state.engine} is older than what its makers support"
        yield warn(_PART, "server", text, f"Move to PostgreSQL {_OLDEST_POSTGRES} or newer.")
    if state.version is not None and state.journal not in {None, "wal"}:
        text = f"the journal is kept as '{state.journal}', so a reader waits for each writer"
        remedy = "The next command sets it to WAL; if it stays so, put the file on a local disk."
        yield warn(_PART, "journal", text, remedy)


def disk(free_bytes: int) -> Finding:
    """How much room the database has to grow."""
    text = f"{free_bytes // _MEGABYTE:,} MB free beside the database"
    remedy = "Make room on that disk, or put the database on another one: ROLLCALL_DATABASE_URL=sqlite:///FILE"
    if free_bytes < _NOTHING_BYTES:
        return set_wrong(_PART, "disk", text, remedy)
    return ok(_PART, "disk", text) if free_bytes >= _LITTLE_BYTES else warn(_PART, "disk", text, remedy)
