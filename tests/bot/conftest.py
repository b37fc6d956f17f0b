"""What the tests of the Slack edge share."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.databases import copy_sqlite
from tests.support.office import Office, open_office


@pytest.fixture
async def office(tmp_path: Path, sqlite_template: Path) -> AsyncIterator[Office]:
    """A bot in a pretend Slack, with two clients, one directory and one person for each role."""
    async with open_office(tmp_path, copy_sqlite(sqlite_template, tmp_path)) as opened:
        yield opened
