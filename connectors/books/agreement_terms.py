"""From shapes to what is agreed: products, lines, agreements, as billing's constructors accept them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from billing.agreement import STANDARD, Agreement, Line, OneOff
from billing.calendar import Cycle, Dated, always
from billing.counting import BY_DAY, Commitment, Counting
from billing.errors import WrongInput
from billing.money import parse_minor, plain
from billing.prices import Package, PriceModel
from connectors.books.agreement_shapes import AgreementShape, LineShape, OneOffShape, ProductShape
from connectors.books.discount_terms import discounts_of, reductions_of
from connectors.books.price_shapes import (
    AmountShape,
    AnyPrice,
    CategoryShape,
    CostShape,
    CountShape,
    dated,
)
from connectors.books.problems import Problems, at
from connectors.books.shape import did_you_mean
from connectors.books.unlikely import UNLIKELY, highest_figure, highest_quantity, refuse_unlikely
from connectors.books.values import BookCost, BookProduct

Products = Mapping[str, BookProduct]


class ProductIsUnknown(WrongInput):
    """A line refers to a product that the catalogue doesn't have."""


class PriceIsMissing(WrongInput):
    """Neither the line nor its product says what it costs."""


class CountIsUnlikely(WrongInput):
    """More people or things than anybody has."""


class NothingIsCounted(WrongInput):
    """A line that counts nothing says how to count it."""


def prices_of(entries: Sequence[AnyPrice], line: int) -> Dated[PriceModel]:
    """A price over time; a price that makes no sense is told with its own line."""

    def price(entry: AnyPrice) -> PriceModel:
        with at(entry.line()):
            made = entry.priced()
            refuse_unlikely("price", highest_figure(made), confirmed=entry.confirmed)
            units = "package size" if isinstance(made, Package) else "tier's end"
            refuse_unlikely(units, highest_quantity(made), confirmed=entry.confirmed, within="price")
            return made

    return dated(entries, price, line)


def counts_of(entries: Sequence[CountShape] | None, line: int) -> Dated[Decimal]:
    """A head count over time; 0 where none is written, and until the first one that is."""
    return dated(entries, lambda entry: entry.quantity, line, before=Decimal(0)) if entries else always(Decimal(0))


def amounts_of(entries: Sequence[AmountShape] | None, line: int, currency: str) -> Dated[int] | None:
    """An amount over time in minor units, where one is written; 0 until the first of them."""

    def minor(entry: AmountShape) -> int:
        with at(entry.line("amount") or line):
            refuse_unlikely("amount", entry.amount, confirmed=entry.confirmed)
            return parse_minor(entry.amount, currency)

    return dated(entries, minor, line, before=0) if entries else None


def costs_of(entries: Sequence[CostShape] | None, line: int) -> Dated[Decimal] | None:
    """A cost over time, where one is written."""

    def unit(entry: CostShape) -> Decimal:
        with at(entry.line("unit") or line):
            refuse_unlikely("cost", entry.unit, confirmed=entry.confirmed)
            return entry.unit

    return dated(entries, unit, line) if entries else None


def categories_of(entries: Sequence[CategoryShape], line: int) -> Dated[str]:
    """A tax category over time."""
    return dated(entries, lambda entry: entry.category, line)


def line_costs(lines: Sequence[LineShape], problems: Problems) -> tuple[BookCost, ...]:
    """What a unit costs, of every line that says so."""
    costs = []
    for line in lines:
        with problems.noted(line.line("cost")):
            cost = costs_of(line.cost, line.line("cost"))
            if cost is not None:
                costs.append(BookCost(line.name, cost))
    return tuple(costs)


def product_of(shape: ProductShape) -> BookProduct:
    """An entry of the catalogue."""
    return BookProduct(
        code=shape.code,
        text=shape.text,
        price=prices_of(shape.price, shape.line("price")) if shape.price else None,
        tax=categories_of(shape.tax, shape.line("tax")) if shape.tax else STANDARD,
        vendor=shape.vendor,
        account=shape.account,
        cost=costs_of(shape.cost, shape.line("cost")),
        ids=dict(shape.ids or {}),
    )


def line_of(shape: LineShape, currency: str, products: Products) -> Line:
    """A line, with what it doesn't say taken from its product."""
    _check_counted(shape)
    product = _product(shape, products)
    price = prices_of(shape.price, shape.line("price")) if shape.price else product.price if product else None
    if price is None:
        with at(shape.line()):
            raise PriceIsMissing(f"line {shape.name} has no price; expected one here or in its product.")
    with at(shape.line()):
        return Line(
            name=shape.name,
            text=shape.text or (product.text if product else shape.name),
            price=price,
            count=shape.count.measure() if shape.count else None,
            start=shape.since,
            end=shape.until,
            included=counts_of(shape.included, shape.line("included")),
            minimum=counts_of(shape.minimum, shape.line("minimum")),
            counting=_counting(shape),
            commitment=_commitment(shape),
            discount=reductions_of(shape.discount, shape.line("discount"), currency) if shape.discount else None,
            tax=_taxed(shape, product),
            vendor=shape.vendor or (product.vendor if product else None),
            product=shape.product,
            account=shape.account or (product.account if product else None),
        )


def _taxed(shape: LineShape, product: BookProduct | None) -> Dated[str]:
    if shape.tax:
        return categories_of(shape.tax, shape.line("tax"))
    return product.tax if product else STANDARD


def _check_counted(shape: LineShape) -> None:
    """What says how to count would do nothing on a line without a count; only a meter reads numbers without end."""
    counts = [(key, each) for key in ("minimum", "included") for each in getattr(shape, key) or ()]
    for key, entry in counts:
        if entry.quantity >= UNLIKELY and not (shape.count and shape.count.usage):
            with at(entry.line() or shape.line(key)):
                found = f"found {plain(entry.quantity)} under {key}"
                raise CountIsUnlikely(f"{found}; expected fewer than {plain(UNLIKELY)}.")
    usual = {"basis": BY_DAY.basis, "proration": BY_DAY.proration, "removals": BY_DAY.removals, "commitment": None}
    used = [key for key, value in usual.items() if getattr(shape, key) not in (None, value)]
    used += dict.fromkeys(key for key, entry in counts if entry.quantity)
    if used and shape.count is None:
        with at(shape.line(used[0])):
            idle = ", ".join(used)
            raise NothingIsCounted(f"Line {shape.name} counts nothing, so {idle} would do nothing: add count.")


def _counting(shape: LineShape) -> Counting:
    with at(shape.line("basis")):
        return Counting(
            "daily" if shape.basis is None else shape.basis, shape.proration or "daily", shape.removals or "credit"
        )


def _commitment(shape: LineShape) -> Commitment | None:
    term = shape.commitment
    if term is None:
        return None
    with at(term.line()):
        return Commitment(term.since, term.until, term.renews_months, term.window_days)


def _product(shape: LineShape, products: Products) -> BookProduct | None:
    if shape.product is None:
        return None
    if shape.product not in products:
        with at(shape.line("product")):
            hint = did_you_mean(shape.product, list(products))
            raise ProductIsUnknown(f"found the unknown product '{shape.product}'; {hint}")
    return products[shape.product]


def agreement_of(shape: AgreementShape, currency: str, products: Products, problems: Problems) -> Agreement:
    """An agreement; what is refused of its parts is noted and left out."""
    lines = problems.each(shape.lines, lambda line: line_of(line, currency, products))
    one_offs = problems.each(shape.one_off, lambda item: _one_off(item, currency))
    if len(lines) == len(shape.lines or ()):
        _check_vendors(shape, lines, problems)
    if shape.end_known is not None and shape.end is None:
        problems.add(shape.line("end_known"), "found end_known without an end; expected end as well, or neither")
    anchor = shape.cycle.anchor if shape.cycle else None
    months = shape.cycle.months if shape.cycle else 1
    return Agreement(
        name=shape.name,
        start=shape.start,
        cycle=Cycle(months, anchor or shape.start),
        lines=lines,
        timing=shape.timing,
        end=shape.end,
        end_known=shape.end_known,
        bills_from=shape.bills_from,
        one_offs=one_offs,
        discounts=discounts_of(shape, currency),
        minimum_minor=amounts_of(shape.minimum_amount, shape.line("minimum_amount"), currency),
        template=shape.template,
    )


def _check_vendors(shape: AgreementShape, lines: Sequence[Line], problems: Problems) -> None:
    """A discount over a vendor that no line has would take nothing off, and nobody would notice."""
    vendors = sorted({line.vendor for line in lines if line.vendor})
    for entry in shape.discounts or ():
        if entry.vendor and entry.vendor not in vendors:
            hint = did_you_mean(entry.vendor, vendors)
            problems.add(entry.line("vendor"), f"found the vendor '{entry.vendor}', which no line has; {hint}")


def _one_off(shape: OneOffShape, currency: str) -> OneOff:
    with at(shape.line("amount")):
        refuse_unlikely("amount", shape.amount, confirmed=shape.confirmed)
        amount_minor = parse_minor(shape.amount, currency)
    return OneOff(shape.on, shape.text, amount_minor, shape.tax, shape.known)
