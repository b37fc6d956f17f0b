"""What every kind of directory promises, played with each of them."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from connectors.directories.entries import accounts_after
from connectors.directories.port import Confirms, Reading
from connectors.directories.spool import Spool
from connectors.errors import DirectoryNotRead
from rosters.rules import Account
from tests.support.directories import CsvStage, EntraStage, FakeStage, Stage
from tests.support.example import ExampleStage
from tests.support.google import GoogleStage
from tests.support.ldap_stages import SambaStage, SlapdStage
from tests.support.okta import OktaStage

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


def _google(request: pytest.FixtureRequest, _: Path) -> Stage:
    arranged = request.getfixturevalue("google")
    arranged.workspace.page_size = 2
    return GoogleStage(arranged)


def _okta(request: pytest.FixtureRequest, _: Path) -> Stage:
    arranged = request.getfixturevalue("okta")
    arranged.organization.page_size = 2
    return OktaStage(arranged)


def _entra(request: pytest.FixtureRequest, _: Path) -> Stage:
    arranged = request.getfixturevalue("microsoft")
    arranged.tenant.changes.page_size = 2
    return EntraStage(arranged.tenant, arranged.app)


STAGES: dict[str, Callable[[pytest.FixtureRequest, Path], Stage]] = {
    "fake": lambda _, __: FakeStage(),
    "csv": lambda _, folder: CsvStage(folder / "people.csv"),
    "xlsx": lambda _, folder: CsvStage(folder / "people.xlsx"),
    "example": lambda _, folder: ExampleStage(folder / "people.json"),
    "entra": _entra,
    "google": _google,
    "okta": _okta,
    "samba": lambda request, _: SambaStage(request.getfixturevalue("domain")),
    "slapd": lambda request, _: SlapdStage(request.getfixturevalue("tree")),
}
TOOLS = ("samba", "slapd")


@pytest.fixture(
    params=[pytest.param(name, marks=pytest.mark.needs_tool(name) if name in TOOLS else ()) for name in STAGES]
)
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Stage:
    return STAGES[request.param](request, tmp_path)


async def read(
    stage: Stage, before: Iterable[Account] = (), cursor: str | None = None
) -> tuple[Reading, dict[str, Account]]:
    with Spool() as spool:
        reading = await stage.directory().read(cursor, spool, wanted=stage.wanted)
        return reading, accounts_after(before, spool, full=reading.full)


async def test_a_first_reading_is_full_and_has_everybody_with_every_field(stage: Stage) -> None:
    hired = [stage.hire(account) for account in (ANN, BO, GUEST)]
    reading, accounts = await read(stage)
    assert reading.full
    assert reading.people == 3
    assert accounts == {one.object_id: one for one in hired}


async def test_reading_on_without_a_change_gives_the_same_accounts(stage: Stage) -> None:
    stage.hire(ANN)
    stage.hire(BO)
    reading, before = await read(stage)
    _, accounts = await read(stage, before.values(), reading.cursor)
    assert accounts == before


async def test_somebody_who_left_is_gone_after_the_next_reading(stage: Stage) -> None:
    ann, bo = stage.hire(ANN), stage.hire(BO)
    reading, before = await read(stage)
    stage.fire(bo.object_id)
    _, accounts = await read(stage, before.values(), reading.cursor)
    assert set(accounts) == {ann.object_id}


async def test_somebody_who_came_is_there_after_the_next_reading(stage: Stage) -> None:
    ann = stage.hire(ANN)
    reading, before = await read(stage)
    bo = stage.hire(BO)
    _, accounts = await read(stage, before.values(), reading.cursor)
    assert accounts == {ann.object_id: ann, bo.object_id: bo}


async def test_a_new_name_changes_the_name_and_nothing_else(stage: Stage) -> None:
    ann = stage.hire(ANN)
    reading, before = await read(stage)
    stage.rename(ann.object_id, "Ann Adler")
    _, accounts = await read(stage, before.values(), reading.cursor)
    assert accounts == {ann.object_id: replace(ann, name="Ann Adler")}


async def test_an_empty_directory_is_a_full_reading_of_nobody(stage: Stage) -> None:
    reading, accounts = await read(stage)
    assert (reading.full, reading.people, accounts) == (True, 0, {})


@pytest.mark.parametrize("name", NASTY)
async def test_a_name_arrives_as_it_is(stage: Stage, name: str) -> None:
    hired = stage.hire(Account("id-x", name, "x@acme.example", "x@acme.example", licences=("SPB",)))
    _, accounts = await read(stage)
    assert accounts[hired.object_id].name == name


@pytest.fixture(params=["entra", "google", "okta"])
def asked(request: pytest.FixtureRequest, tmp_path: Path) -> Stage:
    """A stage whose source can be asked for single accounts: one that sends its list in pages over the internet."""
    return STAGES[request.param](request, tmp_path)


async def test_who_is_on_no_list_is_asked_for_and_only_who_is_there_is_still_there(asked: Stage) -> None:
    ann, bo, gone = asked.hire(ANN), asked.hire(BO), asked.hire(GUEST)
    asked.fire(gone.object_id)
    directory = asked.directory()
    assert isinstance(directory, Confirms)
    there = await directory.still_there([ann.object_id, bo.object_id, gone.object_id, "no/body"])
    assert there == {ann.object_id, bo.object_id}


async def test_whether_somebody_is_still_there_is_not_concluded_from_a_failure(asked: Stage) -> None:
    ann, directory = asked.hire(ANN), asked.directory()
    asked.break_down()
    assert isinstance(directory, Confirms)
    with pytest.raises(DirectoryNotRead):
        await directory.still_there([ann.object_id])


async def test_a_source_that_fails_is_an_error_with_a_cause_and_never_nobody(stage: Stage) -> None:
    stage.hire(ANN)
    reading, before = await read(stage)
    stage.break_down()
    with pytest.raises(DirectoryNotRead) as failed:
        await read(stage, before.values(), reading.cursor)
    assert failed.value.cause
    assert ". " in str(failed.value)
