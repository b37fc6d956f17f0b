"""A look at a database as it stands, which neither makes nor alters anything."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DatabaseError

from billing.errors import Refused
from storage.database import parsed_url, unreachable
from storage.schema import current_version

_PATIENCE_SECONDS = 3
# What Linux calls file systems whose locks don't hold between machines, or not as SQLite needs them.
_OVER_A_NETWORK = {
    "9p",
    "afs",
    "ceph",
    "cifs",
    "fuse.glusterfs",
    "fuse.s3fs",
    "fuse.sshfs",
    "glusterfs",
    "nfs",
    "nfs4",
    "smb3",
    "smbfs",
}
_MOUNTS = Path("/proc/mounts")


@dataclass(frozen=True, slots=True)
class DatabaseState:
    """What was found.

    `place` is the file, or host and name; never a password. `version` is None for a database that is not there or
    empty, then `refusal` may say that it is another's. `writing` says why nothing can be written, None when it can.
    The last three are about SQLite: how it keeps its journal, the network file system that it lies on, and the free
    bytes beside it.
    """

    place: str
    engine: str
    there: bool = True
    version: str | None = None
    refusal: Refused | None = None
    writing: str | None = None
    journal: str | None = None
    network: str | None = None
    free_bytes: int | None = None


def look(url: str, mounts: Path = _MOUNTS) -> DatabaseState:
    """The state of the database at a URL.

    Raises:
        DatabaseUrlIsWrong: that is no URL.
        DatabaseIsUnreachable: there is something, but it doesn't answer or is no database.

    """
    parsed = parsed_url(url)
    if parsed.drivername == "sqlite":
        return _sqlite(Path(parsed.database or ""), mounts)
    return _postgres(parsed)


def _sqlite(file: Path, mounts: Path) -> DatabaseState:
    engine = f"SQLite {sqlite3.sqlite_version}"
    folder = file.absolute().parent
    if not folder.is_dir():
        return DatabaseState(str(file), engine, there=False, writing=f"there is no folder {folder}")
    network, free_bytes = _network(folder, mounts), shutil.disk_usage(folder).free
    if not file.exists():
        writing = None if os.access(folder, os.W_OK) else f"the folder {folder} can't be written to"
        return DatabaseState(str(file), engine, there=False, writing=writing, network=network, free_bytes=free_bytes)
    # Opened as everywhere else, a file would be made into Rollcall's way of keeping a journal.
    with _connected(create_engine("sqlite://", creator=lambda: _opened(file, "ro"))) as connection:
        version, refusal = _version(connection)
        journal = str(connection.execute(text("PRAGMA journal_mode")).scalar_one())
    writing = None if refusal else _sqlite_writing(file)
    return DatabaseState(
        str(file),
        engine,
        version=version,
        refusal=refusal,
        writing=writing,
        journal=journal,
        network=network,
        free_bytes=free_bytes,
    )


def _sqlite_writing(file: Path) -> str | None:
    try:
        with closing(_opened(file, "rw")) as connection:
            connection.isolation_level = None
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
    except sqlite3.Error as error:
        return str(error)
    return None


def _opened(file: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(
        f"file:{quote(str(file.absolute()))}?mode={mode}",
        uri=True,
        timeout=_PATIENCE_SECONDS,
        check_same_thread=False,
    )


def _network(folder: Path, mounts: Path) -> str | None:
    """The network file system that a folder lies on, by the longest mount above it; None where that can't be said."""
    try:
        listed = [line.split() for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines()]
    except OSError:
        return None
    above = [(where, kind) for _, where, kind, *_ in listed if folder.is_relative_to(where.replace("\\040", " "))]
    _, kind = max(above, key=lambda mount: len(mount[0]), default=("", ""))
    return kind if kind in _OVER_A_NETWORK else None


def _postgres(url: URL) -> DatabaseState:
    place = f"{url.host or 'this machine'}/{url.database or ''}"
    engine = create_engine(url, connect_args={"connect_timeout": _PATIENCE_SECONDS})
    with _connected(engine) as connection:
        number = str(connection.execute(text("SHOW server_version")).scalar_one()).split()[0]
        version, refusal = _version(connection)
        writing = None if refusal else _postgres_writing(connection, has_tables=version is not None)
    return DatabaseState(place, f"PostgreSQL {number}", version=version, refusal=refusal, writing=writing)


def _postgres_writing(connection: Connection, *, has_tables: bool) -> str | None:
    if connection.execute(text("SHOW transaction_read_only")).scalar_one() == "on":
        return "the server lets this user only read"
    asked = (
        "SELECT has_table_privilege('changes', 'INSERT')"
        if has_tables
        else "SELECT has_schema_privilege(current_schema(), 'CREATE')"
    )
    if not connection.execute(text(asked)).scalar_one():
        return "this user lacks the right to write"
    return None


def _version(connection: Connection) -> tuple[str | None, Refused | None]:
    try:
        return current_version(connection), None
    except Refused as refusal:
        return None, refusal


@contextmanager
def _connected(engine: Engine) -> Iterator[Connection]:
    try:
        with engine.connect() as connection:
            yield connection
    except DatabaseError as error:
        raise unreachable(error) from error
    finally:
        engine.dispose()
