"""A book that is written reads back as the same book."""

from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.agreement import Agreement, Buyer, Discount, Line, OneOff, Reduction, Seller, Terms
from billing.calendar import Cycle, Dated, Entry, always
from billing.counting import Commitment, Counting, Proration
from billing.prices import Flat, Graduated, Package, PerUnit, PriceModel, Tier, Usage, Volume
from billing.quantities import Measure, Reading
from billing.taxes import TaxCategory, TaxRate
from connectors.books.billed_terms import by_period
from connectors.books.discount_terms import reduction_keys
from connectors.books.reader import read_book
from connectors.books.schedules import Schedule
from connectors.books.values import (
    Book,
    BookBilled,
    BookClient,
    BookCost,
    BookDigest,
    BookDirectory,
    BookProduct,
    BookQuantity,
    BookReading,
)
from connectors.books.writer import dump_book
from rosters.policies import Automatic, Policies, TwoPeople
from rosters.rules import Exclusion, Naming, Roster, Rule
from rosters.split import Scope

TREACHEROUS = (
    *(
        "null",
        "~",
        "true",
        "NO",
        "on",
        "02110",
        "1e5",
        "1_000",
        ".5",
        "-1",
        "0x1f",
        "12:30",
        "2027-01-01",
        "2027-02-30",
    ),
    *(
        "<<",
        "=",
        "- x",
        "#x",
        "a: b",
        "'",
        '"',
        "{}",
        "[x",
        "*a",
        "&a",
        "!x",
        "%x",
        "@x",
        "`x",
        "?",
        "|",
        ">",
        "-",
        "---",
    ),
    *("=cmd|' /C calc'!A0", "<!channel> *free*", "<script>", "\u202eright to left", "\U0001f600", "\ufeff.", "a" * 200),
)
Value = TypeVar("Value")

printable = st.characters(exclude_categories=["Cc", "Cs", "Cn", "Zl", "Zp"])
texts = st.sampled_from(TREACHEROUS) | st.text(printable, max_size=30).map(str.strip).filter(bool)
days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
known_days = st.none() | days
counts = st.decimals(0, 10**6, places=3)
unit_prices = st.decimals(0, 10**6, places=4)
slugs = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,10}", fullmatch=True)
currencies = st.sampled_from(["USD", "EUR", "JPY", "KWD"])
tax_names = ("standard", "none", "export")


@st.composite
def tiers(draw: st.DrawFn) -> tuple[Tier, ...]:
    bounds = sorted(draw(st.sets(st.integers(1, 10**6), max_size=3)))
    made = [Tier(draw(unit_prices), Decimal(bound), draw(unit_prices)) for bound in bounds]
    return (*made, Tier(draw(unit_prices)))


huge = st.decimals(10**9, 10**12, places=2)
prices: st.SearchStrategy[PriceModel] = (
    unit_prices.map(Flat)
    | (unit_prices | huge).map(PerUnit)
    | tiers().map(Graduated)
    | tiers().map(Volume)
    | st.builds(Package, st.decimals("0.001", 10**6, places=3), unit_prices)
)
reductions: st.SearchStrategy[Reduction | None] = (
    st.none()
    | st.decimals("0.01", 100, places=2).map(lambda percent: Reduction(percent=percent))
    | st.integers(1, 10**9).map(lambda minor: Reduction(amount_minor=minor))
)
BASES: list[Literal["daily", "peak"] | int] = ["daily", "peak", *range(1, 32)]


def dated(values: st.SearchStrategy[Value]) -> st.SearchStrategy[Dated[Value]]:
    first = st.builds(Entry, values, known_days, known_days)
    later = st.builds(Entry, values, days, known_days)
    both = st.tuples(first, st.lists(later, max_size=2)).map(lambda entries: (entries[0], *entries[1]))
    return both.filter(lambda entries: len({(one.since, one.known) for one in entries}) == len(entries)).map(Dated)


def from_nothing(term: Dated[Value], nothing: Value) -> Dated[Value]:
    """As a book has it: nothing until the first day that it names, and until that is known."""
    first = term.entries[0]
    return term if first.since is None and first.known is None else Dated((Entry(nothing), *term.entries))


def head_counts() -> st.SearchStrategy[Dated[Decimal]]:
    return dated(counts).map(lambda term: from_nothing(term, Decimal(0)))


def discounts() -> st.SearchStrategy[Dated[Reduction | None]]:
    return dated(reductions).map(lambda term: from_nothing(term, None))


@st.composite
def ways_of_counting(draw: st.DrawFn) -> Counting:
    if draw(st.booleans()):
        return Counting(draw(st.sampled_from(BASES)))
    proration: list[Proration] = ["daily", "next_period", "full_period"]
    return Counting("daily", draw(st.sampled_from(proration)), draw(st.sampled_from(["credit", "keep"])))


commitments = st.builds(
    Commitment,
    days,
    st.dates(date(2036, 1, 1), date(2040, 1, 1)),
    st.none() | st.integers(1, 36),
    st.integers(0, 60),
)


def names(most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(texts, max_size=most, unique=True)


optional_texts = st.none() | texts
products = st.builds(
    BookProduct,
    code=texts,
    text=texts,
    price=st.none() | dated(prices),
    tax=dated(st.sampled_from(tax_names)),
    vendor=st.none(),
    account=st.none(),
    cost=st.none() | dated(counts),
    ids=st.dictionaries(texts, texts, max_size=2),
)
measures = st.builds(Measure, st.sampled_from(["licence", "device"]), texts) | st.integers(0, 99).map(
    lambda number: Measure("fixed", str(number))
)


@st.composite
def lines(draw: st.DrawFn, name: str, rosters: list[str], catalogue: list[BookProduct]) -> Line:
    start = draw(known_days)
    product = draw(st.sampled_from([None, *catalogue]))
    follows = product is not None and product.price is not None and draw(st.booleans())
    of_rosters = [st.sampled_from(rosters).map(lambda roster: Measure("roster", roster))] if rosters else []
    return Line(
        name=name,
        text=product.text if product and follows else draw(texts),
        price=product.price if product and product.price and follows else draw(dated(prices)),
        count=draw(st.one_of(measures, *of_rosters)),
        start=start,
        end=draw(st.none() | st.dates(date(2036, 1, 1), date(2040, 1, 1))),
        included=draw(head_counts()),
        minimum=draw(head_counts()),
        counting=draw(ways_of_counting()),
        commitment=draw(st.none() | commitments),
        discount=draw(st.none() | discounts()),
        tax=draw(dated(st.sampled_from(tax_names))),
        vendor=draw(optional_texts),
        product=product.code if product else None,
        account=draw(optional_texts),
    )


def minimum_amounts() -> st.SearchStrategy[Dated[int]]:
    return dated(st.integers(0, 10**9)).map(lambda term: from_nothing(term, 0))


@st.composite
def agreements(draw: st.DrawFn, name: str, made: list[Line]) -> Agreement:
    one_offs = st.builds(OneOff, days, texts, st.integers(-(10**9), 10**9), st.sampled_from(tax_names), known_days)
    vendors = st.sampled_from([None, *(line.vendor for line in made)])
    taken = {line.name for line in made}
    own_names = [each for each in draw(names(2)) if each not in taken]
    called = [f"{name} discount", *own_names] if draw(st.booleans()) else own_names
    return Agreement(
        name=name,
        start=draw(days),
        discounts=tuple(
            Discount(f"{name}/{each}" if each in own_names else each, draw(discounts()), draw(vendors))
            for each in called
        ),
        minimum_minor=draw(st.none() | minimum_amounts()),
        cycle=Cycle(draw(st.integers(1, 36)), draw(days)),
        lines=tuple(made),
        timing=draw(st.sampled_from(["advance", "arrears"])),
        end=(end := draw(st.none() | st.dates(date(2036, 1, 1), date(2040, 1, 1)))),
        end_known=draw(known_days) if end else None,
        bills_from=draw(known_days),
        one_offs=tuple(draw(st.lists(one_offs, max_size=2))),
    )


@st.composite
def categories(draw: st.DrawFn) -> TaxCategory:
    rates = draw(st.lists(st.builds(TaxRate, texts, counts), max_size=2, unique_by=lambda rate: rate.name))
    return TaxCategory(always(tuple(rates)), draw(optional_texts))


fields = st.sampled_from(["upn", "mail", "name", "id", "department"])
some_texts = st.lists(texts, max_size=2).map(tuple)


@st.composite
def rules(draw: st.DrawFn, directories: list[str]) -> Rule:
    basis: Literal["licensed", "enabled", "group", "manual"] = draw(
        st.sampled_from(["licensed", "enabled", "group", "manual"])
    )
    licensed, manual = basis == "licensed", basis == "manual"
    exclusions = st.builds(Exclusion, fields, texts, texts, optional_texts, st.booleans())
    return Rule(
        basis=basis,
        counted_licences=draw(some_texts) if licensed else (),
        ignored_licences=draw(some_texts) if licensed else (),
        exclude=tuple(draw(st.lists(exclusions, max_size=2))),
        own_domains=draw(st.lists(st.sampled_from(["example.com", "it.northwind.example"]), max_size=2).map(tuple)),
        groups=tuple(draw(st.lists(texts, min_size=int(basis == "group"), max_size=2))),
        include=tuple(draw(st.lists(st.builds(Naming, fields, texts), min_size=1, max_size=2))) if manual else (),
        mailboxes=draw(st.booleans()),
        directories=tuple(draw(st.lists(st.sampled_from(directories), max_size=2))) if directories else (),
    )


scopes = st.builds(Scope, some_texts, some_texts, st.sampled_from([(), ("north.example",)]))


@st.composite
def clients(draw: st.DrawFn, slug: str, catalogue: list[BookProduct]) -> BookClient:
    rosters, line_names, agreement_names = draw(names(2)), draw(names(3)), draw(names(2))
    directories = draw(names(2))
    if not agreement_names:
        line_names = []
    made = [draw(lines(name, rosters, catalogue)) for name in line_names]
    per_agreement = [made if index == 0 else [] for index in range(len(agreement_names))]
    of = st.sampled_from([Measure("roster", roster) for roster in rosters] or [Measure("device", "server")])
    former = draw(st.sampled_from([(), (("a former name that no line has", line_names[0]),)] if line_names else [()]))
    billed = st.builds(
        BookBilled,
        st.sampled_from(line_names or ["-"]),
        st.dates(date(2020, 1, 1), date(2025, 1, 1)),
        st.dates(date(2026, 1, 1), date(2030, 1, 1)),
        st.integers(-(10**9), 10**9),
    )
    csv = st.builds(lambda file: {"path": f"/books/{file}.csv", "format": "plain"}, slugs)
    currency = draw(currencies)
    terms = Terms(
        slug,
        currency,
        tuple(draw(agreements(name, made)) for name, made in zip(agreement_names, per_agreement, strict=True)),
        tuple((tax, draw(categories())) for tax in tax_names),
        draw(st.integers(0, 365)),
        draw(st.none() | st.integers(1, 31)),
    )
    elsewhere = draw(st.lists(billed, max_size=2, unique_by=lambda entry: entry.line)) if line_names else []
    return BookClient(
        slug=slug,
        name=(name := draw(texts)),
        timezone=draw(st.sampled_from(["UTC", "America/New_York", "Asia/Kathmandu"])),
        locale=draw(st.sampled_from(["en_US", "de_DE", "zh_Hant_TW", "es_419"])),
        channel=draw(st.none() | st.just("C0ACME")),
        buyer=Buyer(
            name,
            tuple(draw(st.lists(texts, max_size=3))),
            draw(st.sampled_from(["", "US", "NO"])),
            draw(optional_texts),
            draw(optional_texts),
        ),
        terms=terms,
        directories=tuple(BookDirectory(name, "csv", draw(csv), draw(scopes)) for name in directories),
        rosters=tuple(Roster(roster, draw(rules(directories))) for roster in rosters),
        quantities=tuple(draw(st.lists(st.builds(BookQuantity, of, days, counts, known_days), max_size=3))),
        billed=tuple(part for each in elsewhere for part in by_period(each, terms)),
        renamed=former,
        costs=tuple(BookCost(name, draw(dated(counts))) for name in line_names[:1]),
        sync_at=draw(minutes),
        inactive_days=draw(st.integers(1, 3650)),
        approvals=draw(policies([currency])),
    )


def amounts(codes: list[str], least: int, most: int) -> st.SearchStrategy[dict[str, int]]:
    return st.dictionaries(st.sampled_from(codes), st.integers(least, most), min_size=1)


@st.composite
def policies(draw: st.DrawFn, codes: list[str]) -> Policies:
    """With limits that don't contradict each other."""
    unsaid: st.SearchStrategy[Literal[False] | None] = st.sampled_from([None, False])
    automatic = st.builds(Automatic, st.integers(1, 20), amounts(codes, 0, 10**6), st.booleans())
    people, money = st.integers(20, 10**6), amounts(codes, 10**6, 10**9)
    two = st.builds(TwoPeople, people, st.none() | money) | st.builds(TwoPeople, st.none(), money)
    return Policies(
        automatic=draw(unsaid | automatic),
        two_people=draw(unsaid | two),
        own_proposals=draw(st.none() | st.booleans()),
        by=draw(st.sampled_from([None, (), ("U0DANA",), ("S0LEADS", "U0DANA")])),
    )


minutes = st.times().map(lambda moment: time(moment.hour, moment.minute))
schedules = st.builds(Schedule, minutes, st.frozensets(st.integers(0, 6), min_size=1)) | st.builds(
    Schedule, minutes, month_day=st.integers(1, 31)
)
digests = st.builds(
    BookDigest,
    st.sampled_from(["C0ACME", "G0BILLING"]),
    schedules,
    st.sampled_from(["UTC", "America/New_York"]),
    st.none() | st.lists(slugs, min_size=1, max_size=3, unique=True).map(tuple),
)


@st.composite
def books(draw: st.DrawFn) -> Book:
    sellers = st.builds(
        Seller,
        texts,
        st.lists(texts, max_size=3).map(tuple),
        st.sampled_from(["", "US", "NO"]),
        optional_texts,
        st.sampled_from(["NW", "A-1"]),
        st.sampled_from(["NW", "CN"]),
    )
    catalogue = draw(st.lists(products, max_size=2, unique_by=lambda product: product.code))
    return Book(
        seller=draw(st.none() | sellers),
        products=tuple(catalogue),
        clients=tuple(draw(clients(slug, catalogue)) for slug in draw(st.lists(slugs, max_size=2, unique=True))),
        digests=draw(st.none() | st.lists(digests, max_size=3, unique_by=lambda d: (d.channel, d.at)).map(tuple)),
        approvals=draw(st.none() | policies(["USD", "EUR", "JPY", "KWD"])),
        money_from=draw(st.sampled_from([None, "viewer", "approver", "biller", "admin"])),
    )


def reread(text: str) -> Book:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "book.yaml"
        file.write_text(text, encoding="utf-8")
        return read_book(file)


@pytest.mark.property
@given(book=books())
def test_a_written_book_reads_back_equal(book: Book) -> None:
    assert reread(dump_book(book)) == book


@st.composite
def dated_rates(draw: st.DrawFn) -> str:
    rate = st.tuples(st.sampled_from(["GST", "PST", "QST"]), known_days, known_days, st.integers(0, 30))
    rates = draw(st.lists(rate, min_size=1, max_size=6, unique_by=lambda rate: rate[:3]))
    rows = [
        f"{{name: {name}, from: {since or 'null'}, known: {known or 'null'}, rate: {percent}}}"
        for name, since, known, percent in rates
    ]
    return ", ".join(rows)


@pytest.mark.property
@given(rates=dated_rates())
def test_tax_rates_with_days_of_their_own_read_back_equal(rates: str) -> None:
    client = f"{{slug: acme, name: Acme, currency: USD, taxes: {{standard: [{rates}]}}}}"
    book = reread(f"version: 1\nclients: [{client}]")
    assert reread(dump_book(book)) == book


dated_windows = st.tuples(known_days, st.none() | st.integers(1, 3000), known_days, st.integers(0, 100))


@pytest.mark.property
@given(windows=st.lists(dated_windows, min_size=1, max_size=4))
def test_discounts_with_ends_of_their_own_read_back_equal(
    windows: list[tuple[date | None, int | None, date | None, int]],
) -> None:
    first, *later = windows
    kept = {(since, known): (since, length, known, percent) for since, length, known, percent in [first]}
    kept |= {(since, known): (since, length, known, percent) for since, length, known, percent in later if since}
    rows = []
    for since, length, known, percent in kept.values():
        until = (since or date(2030, 1, 1)) + timedelta(days=length) if length else "null"
        rows.append(f"{{from: {since or 'null'}, until: {until}, known: {known or 'null'}, percent: {percent}}}")
    line = f"{{name: fee, price: {{model: flat, amount: 1}}, discount: [{', '.join(rows)}]}}"
    terms = f"agreements: [{{name: Care, start: 2027-01-01, lines: [{line}]}}]"
    book = reread(f"version: 1\nclients: [{{slug: acme, name: Acme, currency: USD, {terms}}}]")
    assert reread(dump_book(book)) == book


READINGS = (
    ("gb", Reading(date(2027, 1, 5), Decimal("12.5"), "a")),
    ("calls", Reading(date(2027, 1, 5), Decimal(3), "a")),
    ("gb", Reading(date(2027, 1, 6), Decimal(0), "b")),
)


def test_readings_read_back_equal() -> None:
    made = tuple(Line(m, m, always(Usage(Decimal("0.10"))), Measure("usage", m)) for m in ("gb", "calls"))
    terms = Terms("acme", "USD", (Agreement("Care", date(2027, 1, 1), Cycle(1, date(2027, 1, 1)), made),))
    usage = tuple(BookReading(meter, reading) for meter, reading in READINGS)
    book = Book(clients=(BookClient("acme", "Acme", "UTC", "en_US", None, Buyer("Acme"), terms, usage=usage),))
    assert reread(dump_book(book)) == book


def test_a_reading_that_no_line_covers_is_written_as_unbilled_and_reads_back() -> None:
    made = Line("gb", "gb", always(Usage(Decimal("0.10"))), Measure("usage", "gb"), end=date(2027, 2, 1))
    terms = Terms("acme", "USD", (Agreement("Care", date(2027, 1, 1), Cycle(1, date(2027, 1, 1)), (made,)),))
    usage = tuple(BookReading("gb", Reading(date(2027, month, 5), Decimal(1), str(month))) for month in (1, 2))
    book = Book(clients=(BookClient("acme", "Acme", "UTC", "en_US", None, Buyer("Acme"), terms, usage=usage),))
    assert dump_book(book).count("unbilled: true") == 1
    assert reread(dump_book(book)) == book


def test_amounts_that_had_to_be_confirmed_are_written_as_confirmed_and_read_back() -> None:
    vast = 10**9
    agreement = Agreement(
        "Care",
        date(2027, 1, 1),
        Cycle(1, date(2027, 1, 1)),
        (
            Line("fee", "fee", always(Flat(Decimal(1))), end=date(2027, 5, 1)),
            Line("box", "box", always(Package(Decimal(vast), Decimal(1))), Measure("device", "box")),
            Line(
                "gb", "gb", always(Volume((Tier(Decimal(1), Decimal(vast)), Tier(Decimal(1))))), Measure("device", "gb")
            ),
        ),
        one_offs=(OneOff(date(2027, 1, 1), "Merger", -vast),),
        discounts=(Discount("Care discount", always(Reduction(amount_minor=vast))),),
        minimum_minor=always(vast),
    )
    duty = TaxCategory(always((TaxRate("Duty", Decimal(250)), TaxRate("VAT", Decimal(100)))))
    terms = Terms("acme", "JPY", (agreement,), (("standard", duty),))
    billed = (
        BookBilled("fee", date(2027, 1, 1), date(2027, 2, 1), vast),
        BookBilled("fee", date(2027, 5, 1), date(2027, 6, 1), 1),
    )
    costs = (BookCost("box", always(Decimal(vast))),)
    client = BookClient("acme", "Acme", "UTC", "en_US", None, Buyer("Acme"), terms, billed=billed, costs=costs)
    assert dump_book(Book(clients=(client,))).count("confirmed: true") == 9
    assert reread(dump_book(Book(clients=(client,)))) == Book(clients=(client,))


def test_a_discount_with_an_end_is_written_with_that_end() -> None:
    reduction = Reduction(percent=Decimal("7.5"))
    term: Dated[Reduction | None] = Dated(
        (Entry(None), Entry(reduction, date(2027, 1, 1)), Entry(None, date(2027, 7, 1)))
    )
    (entry,) = reduction_keys(term, "USD")
    assert entry == {"percent": "7.5", "from": date(2027, 1, 1), "until": date(2027, 7, 1), "known": None}


def test_the_example_reads_back_equal() -> None:
    book = read_book(Path(__file__).parent / "example.yaml")
    assert reread(dump_book(book)) == book


def test_a_line_goes_on_following_its_product() -> None:
    product = BookProduct("MU", "User", always(PerUnit(Decimal("50.00"))))
    line = Line("user", "User", always(PerUnit(Decimal("50.00"))), Measure("roster", "full"), product="MU")
    agreement = Agreement("Care", date(2027, 1, 1), Cycle(1, date(2027, 1, 1)), (line,))
    client = BookClient("acme", "Acme", "UTC", "en_US", None, Buyer("Acme"), Terms("acme", "USD", (agreement,)))
    written = dump_book(Book(products=(product,), clients=(client,)))
    assert written.count("50.00") == 1
