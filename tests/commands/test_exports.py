"""The book of what is stored."""

from dataclasses import replace
from datetime import time

from commands import audit
from commands.exports import export_book
from connectors.books.schedules import schedule
from connectors.books.values import BookDigest
from tests.support.books import book, client
from tests.support.msp import ADA, Msp


def test_what_was_imported_is_exported_again(msp: Msp) -> None:
    given = book(client(slug="acme"), client(slug="birch"))
    msp.imports(given)
    assert export_book(msp.database, ADA, msp.clock) == given


def test_only_the_named_clients_are_exported(msp: Msp) -> None:
    msp.imports(client(slug="acme"), client(slug="birch"))
    assert [entry.slug for entry in export_book(msp.database, ADA, msp.clock, ["bir"]).clients] == ["birch"]


def test_an_export_is_kept_in_the_audit_log_with_its_clients(msp: Msp) -> None:
    msp.imports(client(slug="acme"))
    export_book(msp.database, ADA, msp.clock)
    (newest, *_) = audit.entries(msp.database, ADA)
    assert (newest.action, newest.actor, newest.data) == ("book.export", ADA.id, '{"clients":["acme"]}')


DIGESTS = (
    BookDigest("C0BILLING", schedule("mon 09:00"), "America/New_York", ("birch", "acme")),
    BookDigest("C0BILLING", schedule("1 09:00")),
)


def test_digests_and_the_hour_of_a_sync_are_exported_again(msp: Msp) -> None:
    acme, birch = client(slug="acme"), client(slug="birch")
    given = replace(book(replace(acme, sync_at=time(4, 15)), birch), digests=DIGESTS)
    msp.imports(given)
    assert export_book(msp.database, ADA, msp.clock) == given


def test_a_book_of_some_clients_is_silent_about_digests(msp: Msp) -> None:
    msp.imports(replace(book(client(slug="acme"), client(slug="birch")), digests=DIGESTS))
    assert export_book(msp.database, ADA, msp.clock, ["acme"]).digests is None
