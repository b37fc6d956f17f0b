"""Digests in a book: what an import of them changes."""

from dataclasses import replace
from datetime import time

import pytest

from commands import audit, imports
from commands.digest_schedules import DigestNamesNobody
from commands.exports import export_book
from commands.import_book import ImportPlan
from connectors.books.schedules import schedule
from connectors.books.values import BookDigest
from storage import notices
from tests.support.books import book, client
from tests.support.cards import every_owed
from tests.support.msp import ADA, Msp

MONDAYS = BookDigest("C0BILLING", schedule("mon 09:00"), "America/New_York", ("acme",))
DAILY = BookDigest("C0HOUSE", schedule("09:00"))


def imported(msp: Msp, *digests: BookDigest) -> ImportPlan:
    return msp.imports(replace(book(client()), digests=digests))


def stored(msp: Msp) -> tuple[BookDigest, ...] | None:
    return export_book(msp.database, ADA, msp.clock).digests


def test_each_digest_that_differs_is_named(msp: Msp) -> None:
    imported(msp, MONDAYS, DAILY)
    plan = imported(msp, replace(MONDAYS, clients=None), replace(DAILY, at=schedule("weekdays 09:00")))
    assert plan.changes == (
        "digest of C0BILLING at mon 09:00 changed",
        "digest of C0HOUSE at 09:00 is gone",
        "digest of C0HOUSE at weekdays 09:00 is new",
    )


def test_the_same_digests_again_change_nothing(msp: Msp) -> None:
    imported(msp, MONDAYS, DAILY)
    assert imported(msp, MONDAYS, DAILY).changes == ()


def test_a_plan_stores_no_digest(msp: Msp) -> None:
    imports.plan_import(msp.database, ADA, replace(book(client()), digests=(DAILY,)), msp.clock)
    msp.imports()
    assert stored(msp) is None


def test_a_book_that_says_nothing_of_digests_leaves_them(msp: Msp) -> None:
    imported(msp, MONDAYS, DAILY)
    msp.imports(book(client(name="Acme Inc")))
    assert stored(msp) == (MONDAYS, DAILY)


def test_an_empty_list_takes_them_away(msp: Msp) -> None:
    imported(msp, MONDAYS, DAILY)
    assert len(imported(msp).changes) == 2
    assert stored(msp) is None


def test_a_digest_about_a_client_that_there_is_not_is_refused_and_nothing_is_imported(msp: Msp) -> None:
    message = r"The digest of C0BILLING at mon 09:00 is about acmee, .* There: acme\."
    with pytest.raises(DigestNamesNobody, match=message):
        imported(msp, replace(MONDAYS, clients=("acme", "acmee")))
    assert export_book(msp.database, ADA, msp.clock).clients == ()


def test_a_digest_may_be_about_clients_that_are_stored_and_not_in_the_book(msp: Msp) -> None:
    msp.imports(client(slug="birch"))
    imported(msp, replace(MONDAYS, clients=("birch",)))
    assert stored(msp) == (replace(MONDAYS, clients=("birch",)),)


def test_an_import_of_digests_is_in_the_audit_log_of_the_house(msp: Msp) -> None:
    imported(msp, DAILY)
    (entry,) = [entry for entry in audit.entries(msp.database, ADA) if entry.subject == "digests"]
    assert (entry.action, entry.data) == ("book.import", '{"changes":["digest of C0HOUSE at 09:00 is new"]}')


def test_what_a_removed_digest_owed_is_owed_no_more(msp: Msp) -> None:
    imported(msp, MONDAYS, DAILY)
    with msp.database.write("test") as session:
        notices.owe(session, "digest", "1/2027-04-12T09:00/2027-04-12", None, "C0BILLING")
        notices.owe(session, "digest", "2/2027-04-12T09:00/2027-04-12", None, "C0HOUSE")
    imported(msp, DAILY)
    assert [notice.channel for notice in every_owed(msp.database)] == ["C0HOUSE"]


def test_another_hour_of_a_clients_sync_is_named(msp: Msp) -> None:
    msp.imports(client())
    assert msp.imports(replace(client(), sync_at=time(4, 15))).changes == (
        "acme: the hour of its nightly sync changed",
    )
