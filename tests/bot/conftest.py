"""What the tests of the Slack edge share."""

import shutil
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from storage.database import Database
from storage.schema import prepare
from tests.support.office import Office, open_office


@pytest.fixture(scope="session")
def made_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with Rollcall's tables, to copy: migrating takes longer than most of the tests."""
    file = tmp_path_factory.mktemp("made") / "rollcall.db"
    with closing(Database(f"sqlite:///{file}")) as database:
        prepare(database)
    return file


@pytest.fixture
async def office(tmp_path: Path, made_database: Path) -> AsyncIterator[Office]:
    """A bot in a pretend Slack, with two clients, one directory and one person for each role."""
    file = Path(shutil.copy(made_database, tmp_path / "rollcall.db"))
    async with open_office(tmp_path, f"sqlite:///{file}") as opened:
        yield opened
