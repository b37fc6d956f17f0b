"""Clients whose agreements follow the templates and products that are stored."""

from pathlib import Path

import pytest

from commands.catalogue import CatalogueWasChanged, ProductIsUsed, stored_catalogue
from commands.exports import export_book
from commands.import_book import ImportPlan
from commands.imports import plan_import
from connectors.books.reader import read_book
from connectors.books.values import Book
from rosters.effects import BilledLineIsMissing, BilledPeriodsWouldChange
from tests.support.msp import ADA, Msp, amounts

SELLER = "version: 1\nseller: {name: Northwind IT, invoice_series: NW, credit_series: NWC}\n"
CARE = """templates:
  - name: care
    lines:
      - {name: site, text: Network care, price: {model: flat, amount: "250.00"}, cost: "20.00"}
      - {name: desk, text: Help desk, price: {model: flat, amount: "40.00"}}
"""
DEARER = CARE.replace("250.00", "300.00")
AGREEMENT = "{{name: Care {0}, template: care, start: 2027-01-01{1}}}"
CLIENT = "  - {{slug: {0}, name: {0}, currency: USD, agreements: [" + AGREEMENT + "]}}\n"
LINE = '{{name: desk, text: Help desk, price: {{model: flat, amount: "40.00"}}}}'
OWN = ', lines: [{name: site, price: {model: flat, amount: "200.00"}}]'


@pytest.fixture
def book(msp: Msp, tmp_path: Path) -> Path:
    """Where a book is written; acme follows the template in all, birch has its own price of one line."""
    file = tmp_path / "book.yaml"
    reads(msp, file, SELLER + CARE + "clients:\n" + CLIENT.format("acme", "") + CLIENT.format("birch", OWN))
    return file


def reads(msp: Msp, file: Path, text: str, correct: str | None = None) -> ImportPlan:
    """Imports a book as the command line does: read with what is stored."""
    return msp.imports(read(msp, file, text), correct=correct)


def read(msp: Msp, file: Path, text: str) -> Book:
    file.write_text(text, encoding="utf-8")
    return read_book(file, stored_catalogue(msp.database, ADA))


def test_a_template_that_changes_shows_its_effect_on_each_client(msp: Msp, book: Path) -> None:
    plan = plan_import(msp.database, ADA, read(msp, book, "version: 1\n" + DEARER), msp.clock)
    assert plan.changes == ("templates: changed", "acme: line site changed")
    assert [(each.client, each.before_minor, each.after_minor) for each in plan.effects] == [("acme", 29_000, 34_000)]
    assert (plan.following, plan.left_alone) == (("acme",), ("birch",))


def test_a_template_that_changes_is_followed_in_what_a_client_does_not_say_itself(msp: Msp, book: Path) -> None:
    reads(msp, book, "version: 1\n" + DEARER.replace("40.00", "45.00"))
    assert [amount for *_, amount in amounts(msp.preview("2027-01-01"))] == ["300.00", "45.00"]
    assert [amount for *_, amount in amounts(msp.preview("2027-01-01", "birch"))] == ["200.00", "45.00"]


def test_a_client_whose_rule_names_a_directory_follows_too(msp: Msp, book: Path) -> None:
    own = "directories: [{name: hr, kind: csv, path: a.csv}], rosters: [{name: full, rule: {directories: [hr]}}]"
    clients = (CLIENT.format("acme", "").replace("}\n", f", {own}}}\n"), CLIENT.format("birch", OWN))
    reads(msp, book, SELLER + CARE + "clients:\n" + "".join(clients))
    assert reads(msp, book, "version: 1\n" + DEARER).following == ("acme",)


def test_a_template_that_alters_billed_periods_is_a_correction(msp: Msp, book: Path) -> None:
    msp.bill("2027-01-01")
    with pytest.raises(BilledPeriodsWouldChange, match=r"acme: site, 2027-01-01 to 2027-02-01: 250.00 -> 300.00 USD"):
        reads(msp, book, "version: 1\n" + DEARER)
    reads(msp, book, "version: 1\n" + DEARER, correct="agreed in December")
    assert ("adjustment", "2027-01-01", "50.00") in amounts(msp.preview("2027-02-01"))


def test_a_template_cannot_lose_a_line_that_was_billed(msp: Msp, book: Path) -> None:
    msp.bill("2027-01-01")
    with pytest.raises(BilledLineIsMissing, match="acme: desk was billed"):
        reads(msp, book, "version: 1\n" + CARE[: CARE.index("      - {name: desk")])


def test_a_template_that_an_agreement_follows_cannot_go(msp: Msp, book: Path) -> None:
    with pytest.raises(ProductIsUsed, match="templates: care is what the agreement Care acme of acme refers to"):
        reads(msp, book, "version: 1\n" + CARE.replace("care", "core"))


def test_an_empty_list_of_templates_takes_away_those_that_there_were(msp: Msp, book: Path) -> None:
    with pytest.raises(ProductIsUsed, match="templates: care is what the agreement Care acme of acme refers to"):
        reads(msp, book, "version: 1\ntemplates: []\n")
    terms = "name: {0}, currency: USD, agreements: [{{name: Care, start: 2027-01-01, lines: [" + LINE + "]}}]"
    terms = "".join(f"  - {{slug: {slug}, {terms.format(slug)}}}\n" for slug in ("acme", "birch"))
    plan = reads(msp, book, "version: 1\ntemplates: []\nclients:\n" + terms)
    assert "templates: changed" in plan.changes
    assert stored_catalogue(msp.database, ADA).templates == {}


def test_an_empty_list_of_products_takes_away_those_that_there_were(msp: Msp, book: Path) -> None:
    reads(msp, book, "version: 1\nproducts: [{code: MU, text: User}]\n")
    assert reads(msp, book, "version: 1\n").changes == ()
    assert reads(msp, book, "version: 1\nproducts: []\n").changes == ("products: changed",)
    assert stored_catalogue(msp.database, ADA).products == {}


def test_a_new_client_follows_what_is_stored(msp: Msp, book: Path) -> None:
    reads(msp, book, "version: 1\nclients:\n" + CLIENT.format("cedar", ", without: [desk]"))
    assert amounts(msp.preview("2027-01-01", "cedar")) == [("recurring", "2027-01-01", "250.00")]


def test_what_is_exported_reads_back_to_the_same(msp: Msp, book: Path) -> None:
    exported = export_book(msp.database, ADA, msp.clock)
    assert [template.name for template in exported.templates or ()] == ["care"]
    assert msp.imports(exported).changes == ()
    assert export_book(msp.database, ADA, msp.clock) == exported


def test_a_book_that_was_read_with_another_catalogue_is_refused(msp: Msp, book: Path) -> None:
    late = read(msp, book, "version: 1\nclients:\n" + CLIENT.format("cedar", ""))
    reads(msp, book, "version: 1\n" + DEARER)
    with pytest.raises(CatalogueWasChanged, match="import it again"):
        msp.imports(late)
