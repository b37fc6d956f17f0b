"""/rollcall digest, over real HTTP."""

from commands.imports import apply_import
from connectors.books.schedules import schedule
from connectors.books.values import Book, BookDigest
from tests.support.office import ACME, HOUSE, SHELL, VIEWER, Office


async def test_a_digest_says_what_waits_and_only_to_whoever_asks(office: Office) -> None:
    office.hire("Ann")
    await office.read()
    answer = await office.ask(VIEWER, "/rollcall", "digest")
    assert answer.said.startswith("1 change to decide\n")
    assert "Acme Corp: first count" in answer.said
    assert await office.slack.messages(ACME) == []


async def test_a_digest_is_about_the_clients_of_the_channel_in_which_it_is_asked(office: Office) -> None:
    globex = BookDigest(HOUSE, schedule("mon 09:00"), clients=("globex",))
    apply_import(office.edge.database, SHELL, Book(digests=(globex,)), office.edge.clock)
    assert "1 May 2027, 1 client." in (await office.ask(VIEWER, "/rollcall", "digest", HOUSE)).said
    assert "1 May 2027, 2 clients." in (await office.ask(VIEWER, "/rollcall", "digest", ACME)).said


async def test_somebody_without_any_role_gets_no_digest(office: Office) -> None:
    await office.slack.add_user("stranger", user_id="U0STRANGER")
    assert "takes the role viewer" in (await office.ask("U0STRANGER", "/rollcall", "digest")).said
