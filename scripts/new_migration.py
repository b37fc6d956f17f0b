"""Writes the migration from the newest version to what the tables say: `python scripts/new_migration.py "message"`."""

import sys
import tempfile
from pathlib import Path

from alembic import command

import storage.tables  # noqa: F401 - the tables must be known to be compared
from storage import schema
from storage.database import Database


def main(message: str) -> None:
    """Makes a database at the newest version, compares it with the tables, and writes the difference."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'empty.db'}")
        schema.migrate(database)
        with database.write("compare") as session:
            config = schema.alembic_config()
            config.attributes["connection"] = session.connection()
            number = len(list(Path(schema.__file__).parent.glob("migrations/versions/*.py"))) + 1
            command.revision(config, message, autogenerate=True, rev_id=f"{number:04d}")


if __name__ == "__main__":
    main(sys.argv[1])
