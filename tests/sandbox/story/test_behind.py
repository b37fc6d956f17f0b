"""What is behind the demo's page, without a bot."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from billing.errors import WrongInput
from sandbox.page.backstage import BotIs, Client, Clock, Reading
from sandbox.story.behind import Behind
from sandbox.story.folder import fresh_folder
from sandbox.story.hands import Hands
from sandbox.story.office import open_office
from sandbox.story.scene import Scene
from sandbox.story.setting import import_book
from sandbox.story.teller import Teller


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    with fresh_folder(tmp_path / "demo") as folder:
        async with open_office(folder, 0) as office:
            scene = Scene(office, Hands(office.slack), Teller({}))
            await office.turn_to(date(2027, 1, 11))
            await import_book(scene)
            yield scene


@pytest.fixture
async def behind(scene: Scene) -> AsyncIterator[Behind]:
    behind = Behind(scene.office)
    await behind.look()
    await behind.wait_for_bot()
    yield behind
    await behind.close()


async def test_the_page_knows_the_clients_the_roles_and_the_next_bill_date(behind: Behind) -> None:
    assert behind.clients()[0] == Client("acme", "Acme Corp", "C0ACME")
    assert behind.roles()["U0BILLER"] == "biller"
    assert behind.clock() == Clock(date(2027, 1, 11), date(2027, 2, 1), BotIs.READY)


async def test_only_sample_clients_have_a_tenant(behind: Behind) -> None:
    tenant = behind.tenant("acme")
    assert tenant is not None
    assert tenant.domain == "acme.example"
    assert behind.tenant("globex") is None


async def test_a_reading_shows_what_a_terminal_would(behind: Behind, scene: Scene) -> None:
    number = scene.office.pulse.number
    behind.read("acme")
    assert behind.reading("acme") == Reading("rollcall sync acme", is_running=True)
    with pytest.raises(WrongInput, match="being read already"):
        behind.read("acme")
    while (reading := behind.reading("acme")) is None or reading.is_running:
        number = await scene.office.pulse.after(number)
    assert "acme/m365: 45 accounts, 42 billable" in reading.said
    assert reading.code == 0


async def test_the_clock_never_goes_back_nor_on_without_end(behind: Behind) -> None:
    for day in (date(2027, 1, 11), date(2026, 12, 31), date(2099, 1, 1)):
        with pytest.raises(WrongInput, match="the clock goes forward only, to 2037-12-31 at most"):
            behind.turn_to(day)


async def test_the_clock_is_not_set_before_the_bot_is_ready(scene: Scene) -> None:
    with pytest.raises(WrongInput, match="The bot isn't ready on this day yet"):
        Behind(scene.office).turn_to(date(2027, 2, 1))


async def test_a_client_that_there_is_not_is_not_read(behind: Behind) -> None:
    with pytest.raises(WrongInput, match="There is no client globex here"):
        behind.read("globex")


async def test_the_clock_brings_a_new_bot_and_a_reading_of_every_directory(behind: Behind, scene: Scene) -> None:
    behind.turn_to(date(2027, 2, 1))
    assert behind.clock().bot is BotIs.STARTING
    seen, number = set[BotIs](), scene.office.pulse.number
    while behind.clock().bot not in {BotIs.READY, BotIs.BROKEN}:
        number = await scene.office.pulse.after(number)
        seen.add(behind.clock().bot)
    assert behind.clock() == Clock(date(2027, 2, 1), date(2027, 3, 1), BotIs.READY)
    assert BotIs.READING in seen
    assert "TODAY=2027-02-01" in (scene.office.folder / "demo.env").read_text()


async def test_a_bot_that_does_not_start_is_told_on_the_page(behind: Behind, scene: Scene) -> None:
    scene.office.settings["ROLLCALL_SLACK_BOT_TOKEN"] = "no token"
    number = scene.office.pulse.number
    behind.turn_to(date(2027, 2, 1))
    while behind.clock().bot is not BotIs.BROKEN:
        number = await scene.office.pulse.after(number)
    assert "ROLLCALL_SLACK_BOT_TOKEN is malformed" in behind.clock().trouble


async def test_a_bot_that_ends_by_itself_is_told_and_can_be_started_again(behind: Behind, scene: Scene) -> None:
    async def until(state: BotIs) -> None:
        number = scene.office.pulse.number
        while behind.clock().bot is not state:
            number = await scene.office.pulse.after(number)

    behind.turn_to(date(2027, 2, 1))
    await until(BotIs.READY)
    scene.office.kill_bot()
    await until(BotIs.BROKEN)
    assert "The bot has ended" in behind.clock().trouble
    behind.turn_to(date(2027, 2, 1))
    await until(BotIs.READY)
    assert behind.clock().trouble == ""
