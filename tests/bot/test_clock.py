"""What happens by itself."""

from bot.clock import take_nightly_turns
from commands.changes import pending
from tests.support.office import SHELL, Office

ONE_DAY = 24 * 60


async def test_every_night_each_clients_directory_is_read(office: Office) -> None:
    office.hire("Ann")
    await take_nightly_turns(office.edge)
    assert pending(office.edge.database, SHELL) == ()
    office.pass_minutes(ONE_DAY)
    await take_nightly_turns(office.edge)
    assert [change.client for change in pending(office.edge.database, SHELL)] == ["acme"]


async def test_a_night_is_read_once(office: Office) -> None:
    await take_nightly_turns(office.edge)
    office.pass_minutes(ONE_DAY)
    await take_nightly_turns(office.edge)
    office.hire("Ann")
    await take_nightly_turns(office.edge)
    assert pending(office.edge.database, SHELL) == ()
