"""Several changes approved at once from /changes, over real HTTP: each by itself, as it was shown."""

from pathlib import Path

import pytest

from commands import changes
from commands.imports import apply_import
from commands.roles import grant
from connectors.books.reader import read_book
from sandbox.workspace.records import MessageSeen
from tests.bot.listeners.test_changes import seated
from tests.support.office import APPROVER, BILLER, BOOK, FIRST_DAY, SHELL, VIEWER, Office

OTHER = BOOK[BOOK.index("  - slug: acme") : BOOK.index("  - slug: globex")]
OTHER = OTHER.replace("slug: acme", "slug: initech").replace("Acme Corp", "Initech")


@pytest.fixture
async def two(office: Office, tmp_path: Path) -> Office:
    """Ann and Bo are billed at Acme and at Initech; Dee waits at both, as changes 3 and 4."""
    imports(office, tmp_path)
    office.hire("Ann", "Bo")
    for client in ("acme", "initech"):
        await office.read(client)
    for number in (1, 2):
        changes.approve(office.edge.database, SHELL, office.edge.clock, number, effective=FIRST_DAY)
    office.hire("Dee")
    for client in ("acme", "initech"):
        await office.read(client)
    return office


def imports(office: Office, folder: Path, approvals: str = "{}") -> None:
    """The office's book with a second client, and approval policies of the house."""
    file = folder / "two.yaml"
    book = f"{BOOK.rstrip()}\n{OTHER}".replace("clients:\n", f"approvals: {approvals}\nclients:\n", 1)
    file.write_text(book, encoding="utf-8")
    apply_import(office.rollcall.database, SHELL, read_book(file), office.rollcall.clock)


def states(office: Office) -> dict[int, str]:
    """How the two changes stand."""
    return {number: changes.show(office.edge.database, number).state for number in (3, 4)}


def boxes(shown: MessageSeen) -> list[str]:
    """The values of everything that can be ticked."""
    elements = [element for block in shown.blocks for element in block.get("elements", ())]
    ticking = [element for element in elements if element["type"] == "checkboxes"]
    assert all(element["options"] == element["initial_options"] for element in ticking)
    return [option["value"] for element in ticking for option in element["options"]]


async def test_what_waits_is_ticked_and_approved_at_once(two: Office) -> None:
    listed = await two.ask(APPROVER, "/changes")
    assert boxes(listed) == ["3:1", "4:1"]
    assert "With all 2 changes ticked: +$80.00 a month, before tax." in str(listed.blocks)
    await two.press(APPROVER, "Approve ticked", message=listed)
    assert states(two) == {3: "approved", 4: "approved"}
    told = (await two.answer(APPROVER)).said
    assert "Approved: Acme Corp: +1 user (2 → 3)." in told
    assert "Approved: Initech: +1 user (2 → 3)." in told
    assert changes.show(two.edge.database, 4).decided_by == APPROVER


async def test_what_was_unticked_stays_as_it_is(two: Office) -> None:
    listed = await two.ask(APPROVER, "/changes")
    await two.slack.choose(APPROVER, listed.channel, listed.ts, "change.tick", ["4:1"])
    await two.press(APPROVER, "Approve ticked", message=listed)
    assert states(two) == {3: "pending", 4: "approved"}


async def test_nothing_ticked_decides_nothing(two: Office) -> None:
    listed = await two.ask(APPROVER, "/changes")
    await two.slack.choose(APPROVER, listed.channel, listed.ts, "change.tick", [])
    await two.press(APPROVER, "Approve ticked", message=listed)
    assert (await two.answer(APPROVER)).said == "Nothing was ticked, so nothing was decided."
    assert states(two) == {3: "pending", 4: "pending"}


async def test_one_that_is_refused_undoes_no_other(two: Office) -> None:
    listed = await two.ask(APPROVER, "/changes")
    changes.reject(two.edge.database, SHELL, two.edge.clock, 3, reason="A slip")
    await two.press(APPROVER, "Approve ticked", message=listed)
    assert states(two) == {3: "rejected", 4: "approved"}
    told = (await two.answer(APPROVER)).said
    assert "Change 3 was already rejected by test (command line) on 11 Apr 2027 at 12:00 EDT." in told
    assert "Approved: Initech" in told


async def test_only_what_was_shown_is_approved(two: Office) -> None:
    listed = await two.ask(APPROVER, "/changes")
    two.hire("Eli")
    await two.read()
    await two.press(APPROVER, "Approve ticked", message=listed)
    assert states(two) == {3: "pending", 4: "approved"}
    assert "Change 3 has been replaced: you saw revision 1" in (await two.answer(APPROVER)).said
    assert seated(two) == ["Ann", "Bo"]


async def test_a_viewer_has_nothing_to_tick_and_sees_why(two: Office) -> None:
    listed = await two.ask(VIEWER, "/changes")
    assert boxes(listed) == []
    assert "Approve ticked" not in listed.buttons
    assert listed.said.count("Not among those to tick: To approve it takes the role approver.") == 2


async def test_a_list_of_somebody_who_lost_the_role_decides_nothing(two: Office) -> None:
    listed = await two.ask(APPROVER, "/changes")
    grant(two.edge.database, SHELL, APPROVER, "viewer")
    await two.press(APPROVER, "Approve ticked", message=listed)
    assert states(two) == {3: "pending", 4: "pending"}
    assert "takes the role approver; you have viewer" in (await two.answer(APPROVER)).said


async def test_what_takes_two_people_is_shown_with_the_reason_and_is_not_ticked(two: Office, tmp_path: Path) -> None:
    imports(two, tmp_path, "{two_people: {money: {USD: 1}}}")
    listed = await two.ask(APPROVER, "/changes")
    assert boxes(listed) == []
    assert "Not among those to tick: It takes two people." in listed.said
    changes.approve(two.edge.database, SHELL, two.edge.clock, 3)
    assert boxes(await two.ask(BILLER, "/changes")) == ["3:1"]


async def test_a_click_that_comes_twice_counts_once(two: Office) -> None:
    listed = await two.ask(APPROVER, "/changes")
    await two.press(APPROVER, "Approve ticked", message=listed)
    await two.press(APPROVER, "Approve ticked", message=listed)
    assert states(two) == {3: "approved", 4: "approved"}
    assert "was already approved by" in (await two.answer(APPROVER)).said
