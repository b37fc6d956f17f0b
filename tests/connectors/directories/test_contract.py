"""What every kind of directory promises, played with each of them."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from billing.accounts import Account
from connectors.directories.entries import accounts_after
from connectors.directories.port import Reading
from connectors.directories.spool import Spool
from connectors.errors import DirectoryNotRead
from tests.support.directories import CsvStage, EntraStage, FakeStage, Stage

ANN = Account("id-ann", "Ann Ames", "ann@acme.example", "ann@acme.example", licences=("FLOW_FREE", "SPB"))
BO = Account("id-bo", "Bo Beck", "", "bo@acme.example", enabled=False)
GUEST = Account("id-cy", "Cy Cole", "cy@other.example", "cy_other#EXT#@acme.example", guest=True)
NASTY = [
    "=cmd|' /C calc'!A0",
    "<!channel> *free*",
    "<script>alert(1)</script>",
    "אבג\u202eevil",
    "x" * 200,
    'a","b',
    "O'Ä+ß",
]


@pytest.fixture(params=["fake", "csv", "entra"])
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Stage:
    if request.param == "fake":
        return FakeStage()
    if request.param == "csv":
        return CsvStage(tmp_path / "people.csv")
    arranged = request.getfixturevalue("microsoft")
    arranged.tenant.changes.page_size = 2
    return EntraStage(arranged.tenant, arranged.app)


async def read(
    stage: Stage, before: Iterable[Account] = (), cursor: str | None = None
) -> tuple[Reading, dict[str, Account]]:
    with Spool() as spool:
        reading = await stage.directory().read(cursor, spool, licences=True)
        return reading, accounts_after(before, spool, full=reading.full)


async def test_a_first_reading_is_full_and_has_everybody_with_every_field(stage: Stage) -> None:
    for account in (ANN, BO, GUEST):
        stage.hire(account)
    reading, accounts = await read(stage)
    assert reading.full
    assert reading.people == 3
    assert accounts == {one.object_id: one for one in (ANN, BO, GUEST)}


async def test_reading_on_without_a_change_gives_the_same_accounts(stage: Stage) -> None:
    stage.hire(ANN)
    stage.hire(BO)
    reading, before = await read(stage)
    _, accounts = await read(stage, before.values(), reading.cursor)
    assert accounts == before


async def test_somebody_who_left_is_gone_after_the_next_reading(stage: Stage) -> None:
    stage.hire(ANN)
    stage.hire(BO)
    reading, before = await read(stage)
    stage.fire(BO.object_id)
    _, accounts = await read(stage, before.values(), reading.cursor)
    assert set(accounts) == {ANN.object_id}


async def test_somebody_who_came_is_there_after_the_next_reading(stage: Stage) -> None:
    stage.hire(ANN)
    reading, before = await read(stage)
    stage.hire(BO)
    _, accounts = await read(stage, before.values(), reading.cursor)
    assert accounts == {ANN.object_id: ANN, BO.object_id: BO}


async def test_a_new_name_changes_the_name_and_nothing_else(stage: Stage) -> None:
    stage.hire(ANN)
    reading, before = await read(stage)
    stage.rename(ANN.object_id, "Ann Adler")
    _, accounts = await read(stage, before.values(), reading.cursor)
    assert accounts[ANN.object_id].name == "Ann Adler"
    assert accounts[ANN.object_id].licences == ANN.licences


async def test_an_empty_directory_is_a_full_reading_of_nobody(stage: Stage) -> None:
    reading, accounts = await read(stage)
    assert (reading.full, reading.people, accounts) == (True, 0, {})


@pytest.mark.parametrize("name", NASTY)
async def test_a_name_arrives_as_it_is(stage: Stage, name: str) -> None:
    stage.hire(Account("id-x", name, "x@acme.example", "x@acme.example", licences=("SPB",)))
    _, accounts = await read(stage)
    assert accounts["id-x"].name == name


async def test_a_source_that_fails_is_an_error_with_a_cause_and_never_nobody(stage: Stage) -> None:
    stage.hire(ANN)
    reading, before = await read(stage)
    stage.break_down()
    with pytest.raises(DirectoryNotRead) as failed:
        await read(stage, before.values(), reading.cursor)
    assert failed.value.cause
    assert ". " in str(failed.value)
