"""Agreements that follow a template say only what is their own, when they are read and when they are written."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.agreement import Agreement, Line
from billing.calendar import always
from billing.prices import Flat, PerUnit
from connectors.books.following import CatalogueDoesNotFit, followed
from connectors.books.plain_terms import agreement_keys
from connectors.books.problems import BookIsWrong
from connectors.books.reader import read_book
from connectors.books.values import Book, BookTemplate, Catalogue, catalogue
from connectors.books.writer import dump_book
from rosters.rules import Roster
from tests.connectors.books.test_writer import agreements, clients, lines, products

HOUSE = """version: 1
products:
  - {code: MU, text: Managed user, price: {model: per_unit, unit: "50.00"}}
templates:
  - name: care
    timing: arrears
    cycle: {months: 3}
    lines:
      - {name: user, product: MU, count: {roster: full}, minimum: "5"}
      - {name: site, text: Network care, price: {model: flat, amount: "250.00"}, from: 2027-03-01}
    discounts: [{percent: "5"}]
    minimum_amount: "100.50"
"""
ACME = "clients:\n  - slug: acme\n    name: Acme\n    currency: USD\n    agreements:\n"


def read(text: str, stored: Catalogue | None = None) -> Book:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "book.yaml"
        file.write_text(text, encoding="utf-8")
        return read_book(file, stored)


def followers(*agreements: str) -> str:
    return ACME + "".join(f"      - {agreement}\n" for agreement in agreements)


def care(own: str = "", stored: Catalogue | None = None) -> Agreement:
    """The one agreement of a book that follows `care`."""
    text = HOUSE if stored is None else "version: 1\n"
    book = read(text + followers(f"{{name: Care, template: care, start: 2027-01-15{own}}}"), stored)
    return book.clients[0].terms.agreements[0]


def by_name(agreement: Agreement) -> dict[str, Line]:
    return {line.name: line for line in agreement.lines}


def refusal(text: str) -> list[str]:
    with pytest.raises(BookIsWrong) as refused:
        read(text)
    return [line.partition("book.yaml:")[2] for line in str(refused.value).splitlines()]


def test_an_agreement_takes_everything_from_its_template() -> None:
    made = care()
    assert (made.template, made.timing, made.cycle.months, made.cycle.anchor) == ("care", "arrears", 3, made.start)
    assert [line.name for line in made.lines] == ["user", "site"]
    assert made.lines[0].price == always(PerUnit(Decimal("50.00")))
    assert [discount.name for discount in made.discounts] == ["Care discount"]
    assert made.minimum_minor == always(10_050)


def test_what_an_agreement_says_itself_goes_before_its_template() -> None:
    made = care(", timing: advance, cycle: {months: 1}, minimum_amount: '7.00', discounts: [{percent: 1, name: Own}]")
    assert (made.timing, made.cycle.months, made.minimum_minor) == ("advance", 1, always(700))
    assert [discount.name for discount in made.discounts] == ["Own"]


def test_a_line_says_itself_what_is_its_own_key_by_key() -> None:
    own = ", lines: [{name: more, price: {model: flat, amount: '1'}}, {name: user, price: {model: flat, amount: '9'}}]"
    made = care(own)
    assert [line.name for line in made.lines] == ["user", "site", "more"]
    user = by_name(made)["user"]
    assert (user.price, user.minimum, user.product) == (always(Flat(Decimal(9))), always(Decimal(5)), "MU")


def test_null_takes_back_what_the_template_says() -> None:
    made = care(
        ", discounts: null, minimum_amount: null, lines: [{name: user, minimum: null}, {name: site, from: null}]"
    )
    assert (made.discounts, made.minimum_minor) == ((), None)
    assert (by_name(made)["user"].minimum, by_name(made)["site"].start) == (always(Decimal(0)), None)


def test_a_line_of_the_template_can_be_left_out() -> None:
    assert list(by_name(care(", without: [site]"))) == ["user"]


def test_an_agreement_may_follow_what_is_stored() -> None:
    house = read(HOUSE)
    assert care(stored=catalogue(house.products, house.templates)) == care()


def test_a_book_with_products_of_its_own_does_not_refer_to_stored_ones() -> None:
    house = read(HOUSE)
    other = "version: 1\nproducts: [{code: MV, text: User}]\n"
    line = "{name: user, product: MU, count: {roster: full}}"
    with pytest.raises(BookIsWrong, match="found the unknown product 'MU'"):
        read(other + followers(f"{{name: Care, start: 2027-01-01, lines: [{line}]}}"), catalogue(house.products, ()))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            HOUSE + followers("{name: Care, template: car, start: 2027-01-01}"),
            ["18: found the unknown template 'car'; did you mean 'care'?"],
        ),
        (
            HOUSE + followers("{name: Care, template: care, start: 2027-01-01, without: [sight]}"),
            ["18: found no line 'sight' in the template; did you mean 'site'?"],
        ),
        (
            HOUSE + followers("{name: Care, start: 2027-01-01, without: [site]}"),
            ["18: found without, and no template; expected both or neither"],
        ),
        (
            HOUSE
            + followers("{name: A, template: care, start: 2027-01-01}", "{name: B, template: care, start: 2027-01-01}"),
            ["19: found the line 'user' again; expected each name once (line 18)"],
        ),
        (
            HOUSE + followers("{name: Care, template: care, start: 2027-01-01, lines: [{name: user}, {name: user}]}"),
            ["18: found the line 'user' again; expected each name once (line 18)"],
        ),
        (
            HOUSE + followers("{name: Care, template: care, start: 2027-01-01}").replace("USD", "JPY"),
            ["18: 100.50 is finer than JPY can be paid: at most 0 digits."],
        ),
        (
            HOUSE
            + followers("{name: Care, template: care, start: 2027-01-01}").replace(
                "USD", "USD\n    rosters: [{name: staff}]"
            ),
            ["19: found the unknown roster 'full'; possible: staff"],
        ),
        (
            HOUSE.replace("product: MU", "product: MV").replace("name: site", "name: site, was: place"),
            [
                "9: found the unknown product 'MV'; possible: MU",
                "10: found was in a template; expected it on the line of each client",
            ],
        ),
        (
            HOUSE.replace("timing: arrears", "start: 2027-01-01"),
            [
                (
                    "6: found the unknown key 'start' in a template; "
                    "possible: name, cycle, timing, lines, discounts, minimum_amount"
                )
            ],
        ),
        (HOUSE + "  - {name: care}\n", ["13: found the template 'care' again; expected each name once (line 5)"]),
    ],
    ids=["name", "without", "no template", "two", "line twice", "currency", "roster", "lines", "key", "twice"],
)
def test_a_template_that_does_not_fit_is_refused_with_its_line(text: str, expected: list[str]) -> None:
    assert refusal(text) == expected


def test_an_agreement_is_written_with_what_is_its_own() -> None:
    own = "without: [site], lines: [{name: user, minimum: null, text: Person}], discounts: null, timing: advance"
    written = dump_book(read(HOUSE + followers(f"{{name: Care, template: care, start: 2027-01-15, {own}}}")))
    _, _, agreement = written.partition("agreements:\n")
    assert (
        agreement.split()
        == (
            "- name: Care template: care start: 2027-01-15 timing: advance discounts: null "
            "lines: - name: user text: Person minimum: null without: - site"
        ).split()
    )


@st.composite
def following(draw: st.DrawFn) -> Book:
    """A client whose agreement follows a template with which it has some lines and terms in common, or none."""
    known = draw(st.lists(products, max_size=2, unique_by=lambda product: product.code))
    client = draw(clients("acme", known).filter(lambda each: any(a.lines for a in each.terms.agreements)))
    first, *others = client.terms.agreements
    rosters = [roster.name for roster in client.rosters]
    shared = draw(st.lists(st.sampled_from(first.lines), unique=True))
    altered = [draw(lines(line.name, rosters, known)) for line in first.lines if line not in shared]
    foreign = [draw(lines(name, rosters, known)) for name in draw(st.lists(st.just("no line has this"), max_size=1))]
    template_lines = draw(st.permutations([*shared, *altered, *foreign]))
    basis = draw(agreements("Template", template_lines))
    if draw(st.booleans()):
        vendors = {None, *(line.vendor for line in template_lines)}
        fitting = tuple(each for each in first.discounts if each.vendor in vendors)
        basis = replace(first, lines=tuple(template_lines), discounts=fitting)
    keys = agreement_keys(basis, client.terms.currency, {product.code: product for product in known}, {}, {})
    kept = {key: keys[key] for key in ("cycle", "timing", "lines", "discounts", "minimum_amount") if key in keys}
    template = BookTemplate("care", json.loads(json.dumps(kept, default=str)))
    order = [line.name for line in template_lines]
    made = sorted(first.lines, key=lambda line: order.index(line.name))
    follower = replace(first, template="care", lines=tuple(made))
    client = replace(client, terms=replace(client.terms, agreements=(follower, *others)))
    return Book(products=tuple(known), templates=(template,), clients=(client,))


@pytest.mark.property
@given(book=following())
def test_whatever_an_agreement_shares_with_its_template_it_reads_back_equal(book: Book) -> None:
    assert read(dump_book(book)) == book


@pytest.mark.property
@given(book=following())
def test_a_client_is_left_as_it_is_by_a_catalogue_that_stays(book: Book) -> None:
    known, (client,) = catalogue(book.products, book.templates), book.clients
    rosters = tuple(Roster(roster.name) for roster in client.rosters)
    now = followed(replace(client, directories=(), rosters=rosters, billed=(), quantities=()), known, known)
    assert (now.terms, now.costs) == (client.terms, client.costs)


def test_an_agreement_follows_its_template_in_what_it_does_not_say_itself() -> None:
    book = read(
        HOUSE + followers("{name: Care, template: care, start: 2027-01-01, lines: [{name: user, minimum: '7'}]}")
    )
    new = read(HOUSE.replace("250.00", "300.00").replace('minimum: "5"', 'minimum: "6"').replace("50.00", "55.00"))
    now = followed(
        book.clients[0], catalogue(book.products, book.templates), catalogue(new.products, new.templates)
    ).terms.agreements[0]
    assert by_name(now)["site"].price == always(Flat(Decimal("300.00")))
    assert by_name(now)["user"].price == always(PerUnit(Decimal("55.00")))
    assert by_name(now)["user"].minimum == always(Decimal(7))
    assert now.start == date(2027, 1, 1)


def test_a_template_that_a_client_cannot_follow_is_refused_with_its_name() -> None:
    acme = followers("{name: Care, template: care, start: 2027-01-01}")
    book = read(HOUSE + acme.replace("USD", "USD\n    rosters: [{name: full}]"))
    new = read(HOUSE.replace("roster: full", "roster: staff"))
    with pytest.raises(CatalogueDoesNotFit, match="acme can't follow the book: found the unknown roster 'staff'"):
        followed(book.clients[0], catalogue(book.products, book.templates), catalogue(new.products, new.templates))
