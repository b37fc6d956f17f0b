"""The book of what is stored."""

from commands import audit
from commands.exports import export_book
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
