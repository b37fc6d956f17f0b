"""A client whose name holds words of a command, asked for by its name, over real HTTP."""

import pytest

from commands.imports import apply_import
from connectors.books.values import Book
from tests.support.books import client
from tests.support.office import ACME, ADMIN, SHELL, VIEWER, Office

MUSEUM, ADD = "Natural History Museum", "Add Value Inc"


@pytest.fixture
async def museum(office: Office) -> Office:
    """An office with clients whose names hold keywords."""
    named = [("nhm", MUSEUM), ("value", ADD), ("pdfs", "Lux Pdf Partners"), ("space", "Lift from Space")]
    book = Book(clients=tuple(client(slug=slug, name=name) for slug, name in named))
    apply_import(office.rollcall.database, SHELL, book, office.rollcall.clock)
    return office


@pytest.mark.parametrize(
    ("command", "words", "told"),
    [
        ("/users", MUSEUM, f"{MUSEUM} on"),
        ("/users", "natural history museum history", f"{MUSEUM}: users billed"),
        ("/users", "history museum", f"{MUSEUM} on"),
        ("/invoice", f"{MUSEUM} preview", f"Nothing more is owed by {MUSEUM}"),
        ("/invoice", "natural history preview", f"Nothing more is owed by {MUSEUM}"),
        ("/invoice", f"{MUSEUM} history", "Nothing was issued to nhm yet."),
        ("/invoice", "Lux Pdf Partners preview", "Nothing more is owed by Lux Pdf Partners"),
        ("/quote", "Lift from Space 3 full from may 1", "Space Corp: 3 users more (full), from 1 May 2027 on"),
        ("/client", ADD, ADD),
        ("/rollcall", "client add value inc", ADD),
    ],
)
async def test_it_is_found_by_its_name(museum: Office, command: str, words: str, told: str) -> None:
    assert (await museum.ask(VIEWER, command, words)).said.startswith(told)


@pytest.mark.parametrize(
    ("command", "words", "told"),
    [
        ("/users", "natural history", f"{MUSEUM}: users billed"),
        ("/invoice", "acme history", "Nothing was issued to acme yet."),
    ],
)
async def test_a_keyword_behind_a_part_of_the_name_stays_one(
    museum: Office, command: str, words: str, told: str
) -> None:
    assert (await museum.ask(VIEWER, command, words)).said.startswith(told)


async def test_what_is_missing_or_amiss_is_told_of_the_whole_name(museum: Office) -> None:
    missing = await museum.ask(VIEWER, "/invoice", MUSEUM)
    assert missing.said.startswith(f"I understood the client “{MUSEUM}”, but not what to show.")
    amiss = await museum.ask(VIEWER, "/invoice", f"{MUSEUM} prevew")
    assert amiss.said.startswith("There is no “prevew”; did you mean preview? Possible: /invoice nhm preview")


async def test_without_such_a_client_it_is_told_what_was_understood(office: Office) -> None:
    answer = await office.ask(VIEWER, "/users", MUSEUM)
    assert answer.said.startswith("I understood the client “Natural”, but not what to say.")
    answer = await office.ask(VIEWER, "/invoice", "acme history 2027")
    assert answer.said.startswith("I understood the client “acme”, but not what to show.")


async def test_its_answer_is_shared(museum: Office) -> None:
    await museum.press(VIEWER, "Share", message=await museum.ask(VIEWER, "/users", MUSEUM))
    assert (await museum.card()).said.startswith(f"{MUSEUM} on")


@pytest.mark.parametrize("words", ["add value", "add Initech"])
async def test_adding_opens_the_form_unless_a_client_is_called_just_so(museum: Office, words: str) -> None:
    done = await museum.slack.command(ADMIN, ACME, "/client", words)
    assert done.error is None
    await museum.edge.work.drain(5)
    (form,) = await museum.slack.views(ADMIN)
    assert form.title == "Add a client"
