"""A book that is right becomes the values that it says."""

from datetime import date
from datetime import time as time_of_day
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from babel.numbers import get_currency_precision, list_currencies

from billing.agreement import Agreement, Buyer, Line, Reduction, Seller
from billing.calendar import Dated, Entry, always
from billing.counting import Commitment, Counting
from billing.money import digits_of, text_of
from billing.prices import Flat, Graduated, PerUnit, Tier
from billing.quantities import Measure, Reading
from billing.taxes import TaxRate
from connectors.books.currencies import CURRENCIES
from connectors.books.problems import BookIsWrong
from connectors.books.reader import read_book
from connectors.books.schedules import schedule
from connectors.books.values import Book, BookBilled, BookClient, BookDigest, BookDirectory, BookQuantity, BookReading
from rosters.policies import Automatic, Policies, TwoPeople
from rosters.rules import Exclusion, Roster, Rule

EXAMPLE = Path(__file__).parent / "example.yaml"
REFERENCE = Path(__file__).parents[3] / "docs" / "reference" / "book.md"


def client(folder: Path, keys: str, before: str = "") -> BookClient:
    """The one client of a book with these keys beside its slug, name and currency."""
    file = folder / "book.yaml"
    file.write_text(f"version: 1\n{before}\nclients:\n  - {{slug: acme, name: Acme, currency: USD, {keys}}}\n")
    (only,) = read_book(file).clients
    return only


def test_the_example_is_read_whole() -> None:
    book = read_book(EXAMPLE)
    (acme,) = book.clients
    (agreement,) = acme.terms.agreements
    (line,) = agreement.lines
    assert book.seller == Seller("Northwind IT", ("1 Main St", "Portland OR"), "US", "12-3456789", "NW", "NW")
    assert acme.buyer == Buyer("Acme Corp", ("9 High St", "Boston MA"), "US")
    assert (acme.slug, acme.timezone, acme.locale, acme.channel) == ("acme", "America/New_York", "en_US", "C0ACME")
    assert acme.directories == (BookDirectory("m365", "entra", {"tenant": "11111111-2222-3333-4444-555555555555"}),)
    assert line.count == Measure("roster", "full")
    assert line.price == always(
        Graduated((Tier(Decimal(45), Decimal(25)), Tier(Decimal(40), Decimal(50)), Tier(Decimal(35))))
    )
    assert agreement.one_offs[0].amount_minor == -2500
    assert acme.quantities == (
        BookQuantity(Measure("roster", "full"), date(2027, 1, 1), Decimal(42)),
        BookQuantity(Measure("roster", "full"), date(2027, 4, 11), Decimal(45), date(2027, 4, 11)),
    )


def digests(folder: Path, text: str) -> tuple[BookDigest, ...] | None:
    """The digests of a book that says nothing else."""
    file = folder / "book.yaml"
    file.write_text(f"version: 1\n{text}\n")
    return read_book(file).digests


def test_a_digest_has_a_channel_a_schedule_and_clients(tmp_path: Path) -> None:
    text = "digests: [{channel: C0BILLING, at: mon 09:00, timezone: America/New_York, clients: [acme, birch, acme]}]"
    expected = BookDigest("C0BILLING", schedule("mon 09:00"), "America/New_York", ("acme", "birch"))
    assert digests(tmp_path, text) == (expected,)


def test_a_digest_that_names_no_clients_is_about_all_of_them_and_in_utc(tmp_path: Path) -> None:
    assert digests(tmp_path, "digests: [{channel: C0BILLING, at: 09:00}]") == (
        BookDigest("C0BILLING", schedule("09:00"), "UTC", None),
    )


def test_a_book_without_digests_says_nothing_about_them_and_an_empty_list_does(tmp_path: Path) -> None:
    assert (digests(tmp_path, ""), digests(tmp_path, "digests: []")) == (None, ())


def approvals(folder: Path, text: str) -> Policies | None:
    """The approval policies of a book that says nothing else."""
    file = folder / "book.yaml"
    file.write_text(f"version: 1\n{text}\n")
    return read_book(file).approvals


def test_the_houses_approvals_have_amounts_in_each_currency(tmp_path: Path) -> None:
    limits = "automatic: {people: 3, money: {USD: '250.00', JPY: 20000}}, two_people: {people: 20}"
    assert approvals(tmp_path, f"approvals: {{{limits}, by: [U0DANA]}}") == Policies(
        automatic=Automatic(3, {"USD": 25_000, "JPY": 20_000}), two_people=TwoPeople(20), by=("U0DANA",)
    )


def test_a_clients_approvals_have_amounts_in_its_own_currency(tmp_path: Path) -> None:
    text = (
        "approvals: {automatic: {people: 3, money: '250', rule_changes: true}, two_people: false, own_proposals: false}"
    )
    expected = Policies(Automatic(3, {"USD": 25_000}, rule_changes=True), two_people=False, own_proposals=False)
    assert client(tmp_path, text).approvals == expected


def test_everybody_may_decide_at_a_client_whoever_else_the_house_names(tmp_path: Path) -> None:
    assert client(tmp_path, "approvals: {by: everybody}").approvals == Policies(by=())


def test_a_book_without_approvals_says_nothing_of_the_houses_and_an_empty_one_does(tmp_path: Path) -> None:
    assert (approvals(tmp_path, ""), approvals(tmp_path, "approvals: {}")) == (None, Policies())


def test_a_client_is_read_at_half_past_two_or_at_its_own_hour(tmp_path: Path) -> None:
    assert client(tmp_path, "").sync_at == time_of_day(2, 30)
    assert client(tmp_path, "sync_at: 04:15").sync_at == time_of_day(4, 15)


def test_one_persons_accounts_may_be_in_a_directory_with_a_slash_in_its_name(tmp_path: Path) -> None:
    keys = "directories: [{name: a/b, kind: csv, path: a.csv}], people: [{same: [a/b/1, a/b/2]}]"
    assert client(tmp_path, keys).people == (("a/b/1", "a/b/2"),)


def test_the_rule_of_the_example_excludes_with_reason_and_owner() -> None:
    (acme,) = read_book(EXAMPLE).clients
    assert acme.rosters == (Roster("full", Rule(exclude=(Exclusion("upn", "svc-*", "service account", "ops"),))),)


def test_the_annotated_example_of_the_reference_is_a_book(tmp_path: Path) -> None:
    text = REFERENCE.read_text(encoding="utf-8").partition("```yaml\n")[2].partition("```")[0]
    (tmp_path / "book.yaml").write_text(text, encoding="utf-8")
    book = read_book(tmp_path / "book.yaml")
    assert book.seller
    assert len(book.clients) == 2


def test_a_book_may_say_only_its_version(tmp_path: Path) -> None:
    (tmp_path / "book.yaml").write_text("version: 1\n")
    assert read_book(tmp_path / "book.yaml") == Book()


def test_every_key_of_a_client_may_be_written_as_nothing(tmp_path: Path) -> None:
    keys = "channel, address, country, tax_id, reference, bill_day, taxes, directories, people, rosters, agreements"
    nothing = ", ".join(f"{key.strip()}: null" for key in f"{keys}, quantities, usage, billed".split(","))
    assert client(tmp_path, nothing) == client(tmp_path, "people: []")


def test_a_line_takes_from_its_product_what_it_does_not_say(tmp_path: Path) -> None:
    products = (
        "products: [{code: MU, text: Managed user, price: {model: per_unit, unit: '50.00'}, vendor: V, "
        "tax: service, account: '4000', cost: '20.00', ids: {psa: '7'}}]"
    )
    acme = client(
        tmp_path,
        "agreements: [{name: Care, start: 2027-01-01, lines: ["
        "{name: a, product: MU, count: {roster: full}}, "
        "{name: b, product: MU, count: {roster: full}, text: Other, tax: goods, account: '5000', vendor: W, "
        "price: {model: flat, amount: 9}}]}]",
        products,
    )
    first, second = acme.terms.lines()
    assert (first.text, first.account, first.vendor) == ("Managed user", "4000", "V")
    assert (first.tax, second.tax) == (always("service"), always("goods"))
    assert first.price == always(PerUnit(Decimal("50.00")))
    assert (second.text, second.account, second.vendor) == ("Other", "5000", "W")
    assert second.price == always(Flat(Decimal(9)))


def test_a_tax_category_may_change_on_a_date(tmp_path: Path) -> None:
    acme = client(
        tmp_path,
        "agreements: [{name: Care, start: 2027-01-01, lines: [{name: a, price: {model: flat, amount: 9}, "
        "tax: [{category: standard}, {from: 2027-06-01, category: reduced, known: 2027-05-02}]}]}]",
    )
    (line,) = acme.terms.lines()
    assert line.tax == Dated((Entry("standard"), Entry("reduced", date(2027, 6, 1), date(2027, 5, 2))))


def test_a_product_keeps_its_plain_data(tmp_path: Path) -> None:
    (tmp_path / "book.yaml").write_text(
        "version: 1\nproducts: [{code: MU, text: User, ids: {psa: '7'}, "
        "cost: [{unit: '20.00'}, {from: 2027-06-01, unit: 21}]}]\n"
    )
    (product,) = read_book(tmp_path / "book.yaml").products or ()
    assert product.ids == {"psa": "7"}
    assert product.cost
    assert product.cost.entries == (Entry(Decimal(20)), Entry(Decimal(21), date(2027, 6, 1)))


def test_terms_may_change_on_dates(tmp_path: Path) -> None:
    acme = client(
        tmp_path,
        "agreements: [{name: Care, start: 2027-01-01, lines: [{name: a, count: {fixed: 3}, minimum: '2', included: ["
        "{quantity: 1}, {from: 2027-03-01, quantity: '2', known: 2027-02-15}], "
        "price: [{model: per_unit, unit: '5'}, {from: 2027-06-11, known: 2027-06-20, model: per_unit, unit: '6'}]}]}]",
    )
    (line,) = acme.terms.lines()
    assert line.count == Measure("fixed", "3")
    assert line.minimum == always(Decimal(2))
    assert line.included.entries == (Entry(Decimal(1)), Entry(Decimal(2), date(2027, 3, 1), date(2027, 2, 15)))
    assert line.price.entries == (
        Entry(PerUnit(Decimal(5))),
        Entry(PerUnit(Decimal(6)), date(2027, 6, 11), date(2027, 6, 20)),
    )


def test_nothing_is_included_and_no_minimum_holds_before_the_first_day_that_is_named(tmp_path: Path) -> None:
    acme = client(
        tmp_path,
        "agreements: [{name: Care, start: 2027-01-01, lines: [{name: a, count: {fixed: 3}, "
        "minimum: [{from: 2027-02-01, quantity: 5}], included: [{from: 2027-03-01, quantity: 2}], "
        "price: {model: per_unit, unit: '5'}}]}]",
    )
    (line,) = acme.terms.lines()
    assert [line.minimum.at(date(2027, 1, 31)), line.minimum.at(date(2027, 2, 1))] == [0, 5]
    assert [line.included.at(date(2027, 2, 28)), line.included.at(date(2027, 3, 1))] == [0, 2]


def test_a_cycle_that_is_not_written_is_a_month_from_the_agreements_start(tmp_path: Path) -> None:
    acme = client(tmp_path, "agreements: [{name: Care, start: 2027-01-15}]")
    cycle = acme.terms.agreements[0].cycle
    assert (cycle.months, cycle.anchor) == (1, date(2027, 1, 15))


def test_a_tax_keeps_its_rate_until_an_entry_of_its_own_name(tmp_path: Path) -> None:
    acme = client(
        tmp_path, "taxes: {both: [{name: GST, rate: 5}, {name: PST, rate: 7}, {from: 2027-07-01, name: GST, rate: 6}]}"
    )
    rates = acme.terms.tax_category("both").rates
    assert rates.at(date(2027, 6, 30)) == (TaxRate("GST", Decimal(5)), TaxRate("PST", Decimal(7)))
    assert rates.at(date(2027, 7, 1)) == (TaxRate("GST", Decimal(6)), TaxRate("PST", Decimal(7)))


def test_a_tax_that_begins_on_a_day_is_not_taken_before_it(tmp_path: Path) -> None:
    acme = client(tmp_path, "taxes: {standard: [{name: GST, rate: 5, from: 2027-07-01}]}")
    rates = acme.terms.tax_category("standard").rates
    assert rates.at(date(2027, 6, 30)) == ()
    assert rates.at(date(2027, 7, 1)) == (TaxRate("GST", Decimal(5)),)


def test_two_rates_learnt_at_different_times_are_both_in_force_once_both_are_known(tmp_path: Path) -> None:
    acme = client(
        tmp_path,
        "taxes: {both: [{name: A, rate: 1}, {name: B, rate: 1}, {from: 2027-06-01, known: 2027-05-01, name: A, rate: 2}"
        ", {from: 2027-07-01, known: 2027-04-01, name: B, rate: 3}]}",
    )
    rates = acme.terms.tax_category("both").rates
    assert rates.as_known(date(2027, 4, 15)).at(date(2027, 7, 1)) == (
        TaxRate("A", Decimal(1)),
        TaxRate("B", Decimal(3)),
    )
    assert rates.as_known(date(2027, 5, 15)).at(date(2027, 7, 1)) == (
        TaxRate("A", Decimal(2)),
        TaxRate("B", Decimal(3)),
    )


@pytest.mark.parametrize(
    "taxes",
    [
        "{export: {exempt: [], reason: Art. 146}}",
        "{export: [], reason: Art. 146}",
        "{export: {exempt: []}, reason: Art. 146}",
    ],
    ids=["inside", "beside", "beside what is exempt"],
)
def test_a_category_without_rates_carries_its_reason(tmp_path: Path, taxes: str) -> None:
    acme = client(tmp_path, f"taxes: {taxes}")
    assert acme.terms.tax_category("export").reason == "Art. 146"
    assert [name for name, _ in acme.terms.taxes] == ["export"]


def test_what_was_billed_elsewhere_and_what_was_renamed_is_kept(tmp_path: Path) -> None:
    acme = client(
        tmp_path,
        "agreements: [{name: Care, start: 2027-01-01, lines: [{name: new, was: old, price: {model: flat, amount: 1}, "
        "cost: '0.50'}]}], billed: [{line: new, from: 2027-01-01, to: 2027-02-01, amount: '1.00'}]",
    )
    assert acme.renamed == (("old", "new"),)
    assert acme.billed == (BookBilled("new", date(2027, 1, 1), date(2027, 2, 1), 100),)
    assert [(cost.line, cost.cost) for cost in acme.costs] == [("new", always(Decimal("0.50")))]


def test_quantities_are_of_rosters_licences_and_devices(tmp_path: Path) -> None:
    acme = client(
        tmp_path,
        "quantities: [{of: full, on: 2027-01-01, quantity: 1}, {of: {licence: SPB}, on: 2027-01-01, quantity: 2}, "
        "{of: {device: server}, on: '2027-01-01', quantity: '2.5'}]",
    )
    assert [quantity.of for quantity in acme.quantities] == [
        Measure("roster", "full"),
        Measure("licence", "SPB"),
        Measure("device", "server"),
    ]


def test_a_csv_directorys_path_is_relative_to_the_book(tmp_path: Path) -> None:
    acme = client(tmp_path, "directories: [{name: staff, kind: csv, path: lists/staff.csv, format: plain}]")
    assert acme.directories == (
        BookDirectory("staff", "csv", {"path": str(tmp_path / "lists" / "staff.csv"), "format": "plain"}),
    )


def test_words_that_other_yaml_takes_for_truth_are_words_here(tmp_path: Path) -> None:
    acme = client(tmp_path, "country: NO, address: [02110 Boston, on], reference: 12:30")
    assert acme.buyer == Buyer("Acme", ("02110 Boston", "on"), "NO", None, "12:30")


def test_anchors_and_merge_keys_share_what_lines_have_in_common(tmp_path: Path) -> None:
    acme = client(
        tmp_path,
        "agreements: [{name: Care, start: 2027-01-01, lines: [&user {name: a, count: {roster: full}, "
        "price: {model: per_unit, unit: '5'}}, {<<: *user, name: b}]}]",
    )
    assert [(line.name, line.count) for line in acme.terms.lines()] == [
        ("a", Measure("roster", "full")),
        ("b", Measure("roster", "full")),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_book_is_text_in_any_unicode_encoding(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "book.yaml").write_text("version: 1\nseller: {name: Bäcker & Söhne}\n", encoding=encoding)
    book = read_book(tmp_path / "book.yaml")
    assert book.seller
    assert book.seller.name == "Bäcker & Söhne"


def test_the_currencies_are_known_elsewhere_with_the_same_digits() -> None:
    accounting_units = {"CLF", "UYI", "UYW", "VED", "XCG"}
    assert set(list_currencies()) >= CURRENCIES - accounting_units
    # The places that differ are currencies whose coins went out of use; ISO 4217 still gives them their digits.
    differing = {code for code in CURRENCIES if digits_of(code) != get_currency_precision(code)}
    assert not differing & {"USD", "EUR", "JPY", "KWD", "ISK", "CHF", "GBP", "TND"}


def test_three_hundred_clients_are_read(tmp_path: Path) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    head, _, body = text.partition("  - slug: acme\n")
    line_start = body.index("          - name: managed-user")
    line_end = body.index("        discounts: []")
    line = body[line_start:line_end]
    lines = line + line.replace("managed-user", "backup", 1) + line.replace("managed-user", "antivirus", 1)
    many = body[:line_start] + lines + body[line_end:]
    (tmp_path / "book.yaml").write_text(head + "".join(f"  - slug: client-{n}\n{many}" for n in range(300)))
    book = read_book(tmp_path / "book.yaml")
    assert sum(len(list(client.terms.lines())) for client in book.clients) == 900


def test_a_mistake_in_a_long_book_names_its_own_line(tmp_path: Path) -> None:
    text = EXAMPLE.read_text(encoding="utf-8").replace("{up_to: 50, unit:", "{up_to: 20, unit:")
    line = next(number for number, row in enumerate(text.splitlines(), 1) if "up_to: 20" in row)
    (tmp_path / "book.yaml").write_text(text)
    with pytest.raises(BookIsWrong, match=rf"book\.yaml:{line}: Tiers overlap at 20"):
        read_book(tmp_path / "book.yaml")


def line_with(folder: Path, keys: str) -> Line:
    """The one line of a book, which counts the roster `full`, with these keys."""
    price = "price: {model: per_unit, unit: 5}"
    return care(folder, f"lines: [{{name: user, count: {{roster: full}}, {price}, {keys}}}]").lines[0]


def care(folder: Path, keys: str) -> Agreement:
    """The one agreement of a book with these keys."""
    (agreement,) = client(folder, f"agreements: [{{name: Care, start: 2027-01-01, {keys}}}]").terms.agreements
    return agreement


@pytest.mark.parametrize(
    ("keys", "counting"),
    [
        ("basis: daily", Counting()),
        ("basis: peak", Counting("peak")),
        ("basis: {on_day: 15}", Counting(15)),
        ("proration: next_period", Counting(proration="next_period")),
        ("proration: full_period, removals: keep", Counting(proration="full_period", removals="keep")),
    ],
)
def test_each_way_of_counting_is_read(tmp_path: Path, keys: str, counting: Counting) -> None:
    assert line_with(tmp_path, keys).counting == counting


def test_a_commitment_has_a_week_to_return_and_no_renewal_by_itself(tmp_path: Path) -> None:
    line = line_with(tmp_path, "commitment: {from: 2027-01-01, until: 2028-01-01}")
    assert line.commitment == Commitment(date(2027, 1, 1), date(2028, 1, 1), None, 7)


def percents(folder: Path, entries: str, *on: str, known: str = "2030-01-01") -> list[int]:
    """The percentage in force on each day, as known on another; 0 where there is no discount."""
    discount = line_with(folder, f"discount: {entries}").discount
    assert discount is not None
    seen = discount.as_known(date.fromisoformat(known))
    found = [seen.at(date.fromisoformat(each)) for each in on]
    return [0 if each is None else int(each.percent or 0) for each in found]


def test_a_discount_holds_from_its_first_day_to_its_last(tmp_path: Path) -> None:
    entries = "{percent: 10, from: 2027-02-01, until: 2027-04-01}"
    assert percents(tmp_path, entries, "2027-01-31", "2027-02-01", "2027-03-31", "2027-04-01") == [0, 10, 10, 0]


def test_a_discount_ends_where_the_next_entry_begins(tmp_path: Path) -> None:
    entries = "[{percent: 10, until: 2027-07-01}, {percent: 5, from: 2027-04-01}]"
    assert percents(tmp_path, entries, "2027-03-31", "2027-04-01", "2027-07-01") == [10, 5, 5]


def test_a_discount_that_turns_out_longer_goes_on_over_the_end_that_was_known_before(tmp_path: Path) -> None:
    entries = (
        "[{percent: 10, from: 2027-01-01, until: 2027-04-01},"
        " {percent: 10, from: 2027-01-01, until: 2027-07-01, known: 2027-03-01}]"
    )
    assert percents(tmp_path, entries, "2027-05-01", known="2027-02-28") == [0]
    assert percents(tmp_path, entries, "2027-05-01", "2027-07-01", known="2027-03-01") == [10, 0]


def test_a_discount_of_which_nobody_knew_was_none(tmp_path: Path) -> None:
    assert percents(tmp_path, "{percent: 10, known: 2027-03-01}", "2027-05-01", known="2027-02-28") == [0]


def test_discounts_are_called_after_their_agreement_and_place(tmp_path: Path) -> None:
    discounts = "[{percent: 5}, {name: Loyalty, amount: '9.50'}, {percent: 1, from: 2027-02-01}]"
    (agreement,) = client(
        tmp_path, f"agreements: [{{name: Care, start: 2027-01-01, discounts: {discounts}}}]"
    ).terms.agreements
    assert [each.name for each in agreement.discounts] == ["Care discount", "Loyalty", "Care discount 3"]
    assert agreement.discounts[1].reductions == always(Reduction(amount_minor=950))


def test_entries_of_one_name_are_one_discount_over_time(tmp_path: Path) -> None:
    discounts = "[{name: A, percent: 5, until: 2027-03-01}, {name: A, percent: 8, from: 2027-06-01}]"
    (agreement,) = client(
        tmp_path, f"agreements: [{{name: Care, start: 2027-01-01, discounts: {discounts}}}]"
    ).terms.agreements
    (only,) = agreement.discounts
    found = [only.reductions.at(date(2027, month, 1)) for month in (1, 4, 7)]
    assert [each.percent if each else None for each in found] == [5, None, 8]


def test_a_minimum_amount_is_nothing_until_its_first_day(tmp_path: Path) -> None:
    agreement = care(tmp_path, "minimum_amount: [{amount: '10.00', from: 2027-03-01}]")
    assert agreement.minimum_minor is not None
    assert [agreement.minimum_minor.at(date(2027, month, 1)) for month in (2, 3)] == [0, 1_000]


def test_what_nobody_knew_yet_was_not_in_force(tmp_path: Path) -> None:
    # Each is in force from ever, and was learnt on 1 March.
    acme = client(
        tmp_path,
        "taxes: {standard: [{name: VAT, rate: 20, known: 2027-03-01}]}, agreements: [{name: Care, start: 2027-01-01, "
        "minimum_amount: [{amount: 50, known: 2027-03-01}], lines: [{name: a, count: {fixed: 3}, price: {model: "
        "per_unit, unit: 1}, minimum: [{quantity: 5, known: 2027-03-01}], included: [{quantity: 2, known: 2027-03-01}]"
        "}]}]",
    )

    def seen(on: date) -> list[object]:
        terms = acme.terms.as_known(on)
        (agreement,) = terms.agreements
        (line,) = agreement.lines
        dated = [line.minimum, line.included, agreement.minimum_minor, terms.tax_category("standard").rates]
        return [term.at(date(2027, 1, 1)) for term in dated if term is not None]

    assert seen(date(2027, 2, 28)) == [0, 0, 0, ()]
    assert seen(date(2027, 3, 1)) == [5, 2, 5_000, (TaxRate("VAT", Decimal(20)),)]


def test_a_reading_that_stands_twice_in_a_book_is_read_once(tmp_path: Path) -> None:
    line = "{name: gb, count: {usage: gb}, price: {model: usage, unit: 1}}"
    reading = "{meter: gb, on: 2027-01-05, amount: '1.50', key: a}"
    again = "{meter: gb, on: 2027-01-05, amount: '1.5', key: a}"
    terms = f"agreements: [{{name: Care, start: 2027-01-01, lines: [{line}]}}], usage: [{reading}, {again}]"
    assert client(tmp_path, terms).usage == (BookReading("gb", Reading(date(2027, 1, 5), Decimal("1.50"), "a")),)


def test_a_price_that_is_confirmed_is_read_however_high(tmp_path: Path) -> None:
    price = "price: {model: flat, amount: '1000000000000', confirmed: true}"
    terms = f"agreements: [{{name: Care, start: 2027-01-01, lines: [{{name: fee, {price}}}]}}], bill_day: 31"
    read = client(tmp_path, terms).terms
    assert (read.agreements[0].lines[0].price, read.bill_day) == (always(Flat(Decimal(10**12))), 31)


@pytest.mark.parametrize(
    "line",
    [
        "price: {model: package, size: '1000000000000', price: '1', confirmed: true}",
        "price: {model: volume, tiers: [{unit: '1', up_to: '1000000000000'}, {unit: '1'}], confirmed: true}",
        "price: {model: per_unit, unit: '1'}, cost: [{unit: '1000000000000', confirmed: true}]",
    ],
)
def test_a_size_a_tier_and_a_cost_that_are_confirmed_are_read_however_high(tmp_path: Path, line: str) -> None:
    terms = f"agreements: [{{name: Care, start: 2027-01-01, lines: [{{name: a, count: {{device: b}}, {line}}}]}}]"
    assert [each.name for each in client(tmp_path, terms).terms.lines()] == ["a"]


@pytest.mark.parametrize(
    "days",
    [
        "end: 2027-03-01, end_known: 2027-02-15, lines: [{LINE}]}], billed: [{FEE, from: 2027-03-01, to: 2027-04-01}]",
        "lines: [{LINE, until: 2027-03-01}]}], billed: [{FEE, from: 2027-02-01, to: 2027-05-01}]",
        "lines: [{LINE, until: 2027-03-01}]}], billed: [{FEE, from: 2027-03-01, to: 2027-04-01, confirmed: true}]",
    ],
)
def test_what_was_billed_elsewhere_is_read_where_an_end_was_learnt_a_day_is_the_lines_or_it_is_confirmed(
    tmp_path: Path, days: str
) -> None:
    days = days.replace("LINE", "name: fee, price: {model: flat, amount: '1'}").replace("FEE", "line: fee, amount: '1'")
    read = client(tmp_path, f"agreements: [{{name: Care, start: 2027-01-01, {days}")
    assert sum(billed.amount_minor for billed in read.billed) == 100


def test_a_tax_rate_that_is_confirmed_is_read_however_high(tmp_path: Path) -> None:
    taxes = "taxes: {standard: [{name: Duty, rate: '250', confirmed: true}, {name: VAT, rate: '100'}]}"
    category = client(tmp_path, taxes).terms.tax_category("standard")
    assert [rate.percent for rate in category.rates.entries[0].value] == [250, 100]


def test_a_line_that_was_to_come_when_its_agreement_ended_stays(tmp_path: Path) -> None:
    line = "{name: fee, from: 2028-02-01, price: {model: flat, amount: '1'}}"
    ended = "end: 2028-01-01, end_known: 2027-06-01"
    terms = client(tmp_path, f"agreements: [{{name: Care, start: 2027-01-01, {ended}, lines: [{line}]}}]").terms
    assert [line.name for line in terms.lines()] == ["fee"]


@pytest.mark.parametrize(
    ("cycle", "days", "amount", "parts"),
    [
        (
            "{months: 1, anchor: 2027-01-01}",
            "from: 2027-01-01, to: 2027-04-01",
            "90.01",
            ["01-01 30.01", "02-01 30.00", "03-01 30.00"],
        ),
        (
            "{months: 1, anchor: 2027-01-01}",
            "from: 2027-01-17, to: 2027-03-01",
            "45.00",
            ["01-17 14.67", "02-01 30.33"],
        ),
        (
            "{months: 1, anchor: 2027-01-01}",
            "from: 2027-01-01, to: 2027-03-01",
            "-60.00",
            ["01-01 -30.00", "02-01 -30.00"],
        ),
        ("{months: 1, anchor: 2027-01-01}", "from: 2027-01-17, to: 2027-01-20", "45.00", ["01-17 45.00"]),
        ("{months: 3, anchor: 2027-01-01}", "from: 2027-01-01, to: 2027-04-01", "90.01", ["01-01 90.01"]),
    ],
)
def test_what_was_billed_elsewhere_for_several_periods_is_split_over_them(
    tmp_path: Path, cycle: str, days: str, amount: str, parts: list[str]
) -> None:
    line = "{name: fee, price: {model: flat, amount: '1'}}"
    terms = f"agreements: [{{name: Care, start: 2027-01-01, cycle: {cycle}, lines: [{line}]}}]"
    billed = client(tmp_path, f"{terms}, billed: [{{line: fee, {days}, amount: '{amount}'}}]").billed
    assert [f"{each.start:%m-%d} {text_of(each.amount_minor, 'USD')}" for each in billed] == parts
    assert all(before.end == after.start for before, after in pairwise(billed))


def test_what_was_billed_elsewhere_may_follow_day_on_day_and_be_of_several_lines(tmp_path: Path) -> None:
    lines = ", ".join(f"{{name: {name}, price: {{model: flat, amount: '1'}}}}" for name in ("fee", "care"))
    billed = ", ".join(
        f"{{line: {line}, from: 2027-0{month}-01, to: 2027-0{month + 1}-01, amount: 1}}"
        for line, month in (("fee", 1), ("care", 1), ("fee", 2))
    )
    terms = f"agreements: [{{name: Care, start: 2027-01-01, lines: [{lines}]}}], billed: [{billed}]"
    assert [entry.line for entry in client(tmp_path, terms).billed] == ["fee", "care", "fee"]


def test_a_directory_names_its_secret_and_its_products_as_a_book_writes_them(tmp_path: Path) -> None:
    google = (
        "{name: ws, kind: google, admin: a@acme.example, key: {secret: google}, products: [Google-Apps, Google-Vault]}"
    )
    acme = client(tmp_path, f"directories: [{google}]")
    settings = {"admin": "a@acme.example", "key": {"secret": "google"}, "products": ["Google-Apps", "Google-Vault"]}
    assert acme.directories == (BookDirectory("ws", "google", settings),)
