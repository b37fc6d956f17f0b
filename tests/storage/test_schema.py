"""The database's version: made by the first command, refused when it doesn't fit."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from billing.calendar import always
from billing.counting import BY_DAY
from billing.invoice import draft_invoice
from connectors.books.values import BookProduct
from rosters.policies import Policies
from storage import clients, invoices, snapshots, tables
from storage.codec import decode
from storage.database import Database
from storage.schema import DatabaseIsForeign, DatabaseIsNewer, DatabaseIsOlder, alembic_config, migrate, prepare
from storage.tables.base import metadata
from tests.billing.build import day


@pytest.fixture
def empty(database_url: str) -> Iterator[Database]:
    """A database with nothing in it."""
    with closing(Database(database_url)) as opened:
        yield opened


@pytest.fixture
def own(empty: Database) -> Database:
    """A database of this version that the test may spoil."""
    prepare(empty)
    return empty


def names(database: Database) -> set[str]:
    with database.read() as session:
        return set(inspect(session.connection()).get_table_names())


def pretend_version(database: Database, version: str) -> None:
    with database.write("test") as session:
        session.connection().execute(text("UPDATE alembic_version SET version_num = :v"), {"v": version})


def test_the_migrations_make_exactly_the_models(database: Database) -> None:
    with database.read() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_the_comparison_of_models_and_migrations_finds_a_difference(own: Database) -> None:
    with own.write("test") as session:
        session.connection().exec_driver_sql("DROP TABLE slots")
    with own.read() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        found = compare_metadata(context, metadata)
    assert [(step[0], step[1].name) for step in found] == [("add_table", "slots")]


def test_every_model_is_exported(database: Database) -> None:
    exported = {getattr(tables, name).__tablename__ for name in tables.__all__}
    assert exported == set(metadata.tables)


def test_an_empty_database_is_made(empty: Database) -> None:
    prepare(empty)
    assert names(empty) == {*metadata.tables, "alembic_version"}


def test_a_database_of_this_version_is_taken_as_it_is(database: Database) -> None:
    before = names(database)
    prepare(database)
    assert names(database) == before


def test_an_older_database_is_refused_with_the_remedy(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    # The first migration has no older one yet: the newest known is made another, which is what a newer Rollcall has.
    monkeypatch.setattr("alembic.script.ScriptDirectory.get_current_head", lambda _: "9999_newest")
    with pytest.raises(DatabaseIsOlder, match=r"at version .*, this is Rollcall for 9999_newest: run rollcall migrate"):
        prepare(database)


def test_a_newer_database_is_refused_and_named(own: Database) -> None:
    pretend_version(own, "9999_from_the_future")
    with pytest.raises(DatabaseIsNewer, match="at version 9999_from_the_future, newer than this Rollcall"):
        prepare(own)


def test_a_database_of_somebody_else_is_refused(empty: Database) -> None:
    with empty.write("test") as session:
        session.connection().exec_driver_sql("CREATE TABLE wordpress_posts (id integer)")
    with pytest.raises(DatabaseIsForeign, match="give Rollcall a database of its own"):
        prepare(empty)
    assert names(empty) == {"wordpress_posts"}


def test_migrating_refuses_what_no_migration_fits(empty: Database) -> None:
    with empty.write("test") as session:
        session.connection().exec_driver_sql("CREATE TABLE wordpress_posts (id integer)")
    with pytest.raises(DatabaseIsForeign):
        migrate(empty)
    assert names(empty) == {"wordpress_posts"}


def test_migrating_refuses_a_newer_database(own: Database) -> None:
    pretend_version(own, "9999_from_the_future")
    with pytest.raises(DatabaseIsNewer):
        migrate(own)


def test_migrating_again_changes_nothing_and_says_the_version(database: Database) -> None:
    before = names(database)
    version = migrate(database)
    assert (names(database), migrate(database)) == (before, version)


def test_two_processes_may_make_it_at_the_same_time(database_url: str) -> None:
    def one(_: int) -> set[str]:
        with closing(Database(database_url)) as opened:
            prepare(opened)
            return names(opened)

    with ThreadPoolExecutor(4) as processes:
        seen = list(processes.map(one, range(4)))
    assert seen == [{*metadata.tables, "alembic_version"}] * 4


def test_a_broken_migration_leaves_an_empty_database(empty: Database) -> None:
    def stop(point: str) -> None:
        raise InterruptedError(point)

    url = empty.engine.url.render_as_string(hide_password=False)
    with closing(Database(url, stop)) as interrupted, pytest.raises(InterruptedError):
        prepare(interrupted)
    assert names(empty) == set()


def test_clients_of_the_first_version_are_read_at_half_past_two(empty: Database) -> None:
    with empty.write("test") as session:
        config = alembic_config()
        config.attributes["connection"] = session.connection()
        command.upgrade(config, "0001")
        insert = "INSERT INTO clients (slug, name, currency, timezone, locale, buyer, taxes, costs, terms_days) VALUES "
        session.connection().exec_driver_sql(f"{insert} ('acme', 'Acme', 'USD', 'UTC', 'en_US', '', '', '', 30)")
    migrate(empty)
    with empty.read() as session:
        assert [row.sync_at for row in clients.every(session)] == ["02:30"]


# As the version before wrote it: no ways of counting, no discounts, no shares, and no decreases that are put off.
OLD_AGREEMENT = """{"name":"Care","start":"2027-01-01","cycle":{"months":1,"anchor":"2027-01-01"},"lines":[
{"name":"fee","text":"Fee","price":{"entries":[{"value":{"fixed":"100","model":"flat"},"since":null,"known":null}]},"count":null,
"start":null,"end":null,"included":{"entries":[{"value":"0","since":null,"known":null}]},"minimum":{"entries":[
{"value":"0","since":null,"known":null}]},"tax":"standard","vendor":null,"product":null,"account":null}],
"timing":"advance","end":null,"end_known":null,"bills_from":null,"one_offs":[]}"""
OLD_CHARGE = """{"item":{"agreement":"Care","kind":"line","name":"fee"},"kind":"recurring","text":"Fee",
"cycle":{"start":"2027-01-01","end":"2027-02-01"},"period":{"start":"2027-01-01","end":"2027-02-01"},"quantity":null,
"measure":null,"amount_minor":10000,"tax":"standard","rates":[{"name":"Sales tax","percent":"10"}],"owed_minor":10000,
"billed_minor":0,"segments":[{"period":{"start":"2027-01-01","end":"2027-02-01"},"cycle_days":31,"quantity":"0",
"priced":"0","parts":[{"quantity":"0","unit":"0","fixed":"100"}],"cycle_amount":"100"}],"moves":[],
"credits_line":null}"""
OLD_DRAFT = f"""{{"document":"invoice","client":"acme","bill_date":"2027-01-01","due_on":"2027-01-31","currency":"USD",
"charges":[{OLD_CHARGE}],"taxes":[{{"category":"standard","name":"Sales tax","percent":"10","base_minor":10000,
"amount_minor":1000}}],"subtotal_minor":10000,"total_minor":11000,"people":[],"corrects":[],"reason":null,
"tax_reasons":[]}}"""
OLD_PRODUCTS = """[{"code":"MU","text":"Managed user","price":null,"tax":"service","vendor":null,"account":null,
"cost":null,"ids":{}}]"""
OLD_TAXES = """[["standard",{"rates":{"entries":[{"value":[{"name":"Sales tax","percent":"10"}],"since":null,
"known":null}]},"reason":null}]]"""


@pytest.fixture
def old(empty: Database) -> Database:
    """A database of the version before with one client that was billed once, brought to this version."""
    with empty.write("test") as session:
        connection = session.connection()
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
        for table, row in {
            "house": {"id": 1, "seller": "{}", "products": OLD_PRODUCTS},
            "clients": {
                "id": 1,
                "slug": "acme",
                "name": "Acme",
                "currency": "USD",
                "timezone": "UTC",
                "locale": "en_US",
                "buyer": "{}",
                "taxes": OLD_TAXES,
                "costs": "[]",
                "terms_days": 30,
            },
            "agreements": {"client_id": 1, "name": "Care", "position": 0, "terms": OLD_AGREEMENT},
            "invoices": {
                "id": 1,
                "client_id": 1,
                "bill_date": "2027-01-01",
                "document": "invoice",
                "by_run": True,
                "state": "issued",
                "hash": "",
                "content": OLD_DRAFT,
                "seller": "{}",
                "buyer": "{}",
                "locale": "en_US",
                "digests": "{}",
                "total_minor": 11_000,
                "number_text": "NW-1",
                "reversal": False,
            },
            "charges": {
                "client_id": 1,
                "invoice_id": 1,
                "position": 1,
                "item_kind": "line",
                "agreement": "Care",
                "item": "fee",
                "starts": "2027-01-01",
                "ends": "2027-02-01",
                "amount_minor": 10_000,
                "reversal": False,
                "tax": "standard",
                "rates": '[{"name":"Sales tax","percent":"10"}]',
                "segments": "[]",
                "spans": "[]",
            },
        }.items():
            columns, values = ", ".join(row), ", ".join(f":{column}" for column in row)
            connection.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({values})"), row)  # noqa: S608 - our words
    migrate(empty)
    return empty


def test_terms_of_the_version_before_are_read_with_what_they_meant(old: Database) -> None:
    with old.read() as session:
        (row,) = clients.every(session)
        facts = snapshots.load(session, row)
    (made,) = facts.terms.agreements
    assert (facts.terms.bill_day, facts.readings) == (None, {})
    assert (made.discounts, made.minimum_minor, made.lines[0].counting, made.lines[0].commitment) == (
        *((), None, BY_DAY, None),
    )
    assert made.lines[0].tax == always("standard")


def test_clients_of_the_version_before_have_no_approval_policies(old: Database) -> None:
    with old.read() as session:
        (row,) = clients.every(session)
        assert (clients.policies(row), clients.house_policies(session)) == (Policies(), Policies())


def test_products_of_the_version_before_keep_their_tax_category(old: Database) -> None:
    with old.read() as session:
        products, templates = clients.catalogue(session)
    (product,) = decode(tuple[BookProduct, ...], products)
    assert (product.code, product.tax, templates) == ("MU", always("service"), "[]")


def test_documents_of_the_version_before_are_read_whole(old: Database) -> None:
    with old.read() as session:
        (row,) = invoices.issued(session)
        draft = invoices.content(row)
    assert (draft.total_minor, draft.put_off, draft.charges[0].shares) == (11_000, (), ())
    assert draft.charges[0].segments[0].cycle_amount == 100


def test_what_the_version_before_billed_is_not_billed_again_and_taken_back_as_it_was_taxed(old: Database) -> None:
    with old.read() as session:
        (row,) = clients.every(session)
        facts = snapshots.load(session, row)
    following = draft_invoice(facts, day("2027-02-01"))
    assert following is not None
    assert [(one.kind, str(one.period.start)) for one in following.charges] == [("recurring", "2027-02-01")]
    without = replace(
        facts, terms=replace(facts.terms, agreements=(replace(facts.terms.agreements[0], end=day("2027-01-11")),))
    )
    note = draft_invoice(without, day("2027-02-01"))
    assert note is not None
    assert [(tax.name, tax.base_minor) for tax in note.taxes] == [("Sales tax", -6_774)]
