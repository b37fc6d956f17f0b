"""What the examples of the help are about."""

from datetime import date

import pytest

from commands.actors import Actor
from commands.examples import Examples, at_hand
from commands.imports import apply_import
from commands.roles import grant
from commands.users import erase
from connectors.books.values import Book
from tests.billing.build import flat, line
from tests.support.books import client
from tests.support.msp import ADA, Msp

VIEWER = Actor("U0VIEWER", "slack")


@pytest.fixture
def two(msp: Msp) -> Msp:
    """A client that is billed for a roster, and one that is not, with a channel of its own."""
    msp.imports(client(slug="acme"), client(line(flat("100"), name="flat"), slug="globex", channel="C0GLOBEX"))
    grant(msp.database, ADA, VIEWER.id, "viewer")
    return msp


def test_whoever_sees_it_all_gets_a_roster_somebody_and_the_next_bill_date(two: Msp) -> None:
    two.hire("ann", "bo")
    two.sync("acme")
    assert at_hand(two.database, ADA, two.on("2027-01-05").clock, None) == Examples(
        "acme", "full", "Ann", date(2027, 2, 1)
    )


def test_a_client_that_counts_and_knows_nobody_is_an_example_of_less(two: Msp) -> None:
    about = at_hand(two.database, ADA, two.on("2027-01-05").clock, "C0GLOBEX")
    assert about == Examples("globex", None, None, date(2027, 2, 1))


def test_nobody_is_shown_an_example_that_they_may_not_ask(two: Msp) -> None:
    assert at_hand(two.database, VIEWER, two.clock, None) == Examples("acme", "full")
    apply_import(two.database, ADA, Book(money_from="approver"), two.clock)
    assert at_hand(two.database, VIEWER, two.clock, None) == Examples("acme")
    assert at_hand(two.database, Actor("U0NOBODY", "slack"), two.clock, None) is None


def test_a_name_that_was_erased_is_no_example(two: Msp) -> None:
    two.hire("ann", "bo")
    two.sync("acme")
    erase(two.database, ADA, two.clock, "acme", "Ann", "She asked for it.")
    about = at_hand(two.database, ADA, two.clock, None)
    assert about is not None
    assert about.who == "Bo"
