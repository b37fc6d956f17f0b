"""The arrangements in which stories are played, each in a folder of its own with a database that is migrated."""

import shutil
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from sandbox.microsoft.certificate import Certificate, throw_away_certificate
from storage.database import Database
from storage.schema import prepare
from tests.support.stories import Office, Stage, open_stage


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return throw_away_certificate(tmp_path_factory.mktemp("ca"))


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("migrated") / "rollcall.db"
    with closing(Database(f"sqlite:///{file}")) as database:
        prepare(database)
    return file


@pytest.fixture
def database_file_url(migrated_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    # A developer's own .env must not have a say here.
    monkeypatch.chdir(tmp_path)
    return f"sqlite:///{shutil.copy(migrated_file, tmp_path)}"


@pytest.fixture
def office(tmp_path: Path, database_file_url: str) -> Office:
    return Office(tmp_path, {"ROLLCALL_DATABASE_URL": database_file_url})


@pytest.fixture(params=["http", "socket"])
async def stage(
    tmp_path: Path, database_file_url: str, certificate: Certificate, request: pytest.FixtureRequest
) -> AsyncIterator[Stage]:
    """A stage on which Slack reaches the bot by either of the two ways that there are."""
    async with open_stage(tmp_path, database_file_url, certificate, request.param) as opened:
        yield opened
