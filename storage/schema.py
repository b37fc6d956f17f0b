"""The database's version: made by the first command, moved by `rollcall migrate`, refused when it doesn't fit."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from billing.errors import Refused
from storage.database import Database

_MIGRATIONS = Path(__file__).parent / "migrations"
# Any constant serves, as long as every process uses the same one.
_ADVISORY_LOCK = 727_001


class DatabaseIsOlder(Refused):
    """The database was made by an older version of Rollcall."""


class DatabaseIsNewer(Refused):
    """The database was made by a newer version of Rollcall."""


class DatabaseIsForeign(Refused):
    """The database holds tables, but not Rollcall's."""


def prepare(database: Database) -> None:
    """Makes an empty database; refuses one of another version.

    Raises:
        DatabaseIsOlder, DatabaseIsNewer, DatabaseIsForeign: it can't be used as it is.

    """
    with database.read() as session:
        version = current_version(session.connection())
    if version is None:
        migrate(database)


def current_version(connection: Connection) -> str | None:
    """The version of a database that can be used as it is; None for an empty one. Alters nothing.

    Raises:
        DatabaseIsOlder, DatabaseIsNewer, DatabaseIsForeign: it can't be used as it is.

    """
    found, tables = _state(connection)
    newest = _script().get_current_head()
    if found == newest:
        return found
    _refuse_what_is_not_ours(found, tables)
    if found is not None:
        raise DatabaseIsOlder(
            f"The database is at version {found}, this is Rollcall for {newest}: run rollcall migrate."
        )
    return None


def migrate(database: Database) -> str:
    """Brings the database to this version in one transaction, and says which version that is.

    Raises:
        DatabaseIsNewer, DatabaseIsForeign: it isn't one that this Rollcall could bring anywhere.

    """
    with database.write("migrate") as session:
        connection = session.connection()
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
        _refuse_what_is_not_ours(*_state(connection))
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        return str(_version(connection))


def _state(connection: Connection) -> tuple[str | None, list[str]]:
    return _version(connection), inspect(connection).get_table_names()


def _refuse_what_is_not_ours(found: str | None, tables: list[str]) -> None:
    if found is None and tables:
        raise DatabaseIsForeign(
            "The database holds tables that are not Rollcall's: give Rollcall a database of its own."
        )
    if found is not None and all(revision.revision != found for revision in _script().walk_revisions()):
        raise DatabaseIsNewer(
            f"The database is at version {found}, newer than this Rollcall ({_script().get_current_head()}): "
            "update Rollcall."
        )


def _version(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def alembic_config() -> Config:
    """Where the migrations are."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    return config


def _script() -> ScriptDirectory:
    return ScriptDirectory.from_config(alembic_config())
