"""From shapes to what is agreed: products, lines, agreements, as billing's constructors accept them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from billing.agreement import Agreement, Line, OneOff
from billing.calendar import Cycle
from billing.commitments import Commitment
from billing.counting import Counting
from billing.dated import Dated, always
from billing.errors import WrongInput
from billing.money import parse_minor
from billing.prices import PriceModel, highest_figure
from connectors.books.agreement_shapes import AgreementShape, LineShape, OneOffShape, ProductShape
from connectors.books.discount_terms import discounts_of, reductions_of
from connectors.books.price_shapes import AmountShape, AnyPrice, CostShape, CountShape, dated
from connectors.books.problems import Problems, at
from connectors.books.shape import did_you_mean
from connectors.books.values import UNLIKELY, BookProduct

Products = Mapping[str, BookProduct]


class ProductIsUnknown(WrongInput):
    """A line refers to a product that the catalogue doesn't have."""


class PriceIsMissing(WrongInput):
    """Neither the line nor its product says what it costs."""


class PriceIsUnlikely(WrongInput):
    """A figure so high that it is more likely a slip of the keyboard."""


def prices_of(entries: Sequence[AnyPrice], line: int) -> Dated[PriceModel]:
    """A price over time; a price that makes no sense is told with its own line."""

    def price(entry: AnyPrice) -> PriceModel:
        with at(entry.line()):
            made = entry.priced()
            if highest_figure(made) >= UNLIKELY and not entry.confirmed:
                raise PriceIsUnlikely(
                    f"A price of {highest_figure(made)} looks like a slip of the keyboard; "
                    "correct it, or add confirmed: true to the price if it is meant."
                )
            return made

    return dated(entries, price, line)


def counts_of(entries: Sequence[CountShape] | None, line: int) -> Dated[Decimal]:
    """A head count over time; 0 where none is written, and until the first one that is."""
    return dated(entries, lambda entry: entry.quantity, line, before=Decimal(0)) if entries else always(Decimal(0))


def amounts_of(entries: Sequence[AmountShape] | None, line: int, currency: str) -> Dated[int] | None:
    """An amount over time in minor units, where one is written; 0 until the first of them."""

    def minor(entry: AmountShape) -> int:
        with at(entry.line("amount") or line):
            return parse_minor(entry.amount, currency)

    return dated(entries, minor, line, before=0) if entries else None


def costs_of(entries: Sequence[CostShape] | None, line: int) -> Dated[Decimal] | None:
    """A cost over time, where one is written."""
    return dated(entries, lambda entry: entry.unit, line) if entries else None


def product_of(shape: ProductShape) -> BookProduct:
    """An entry of the catalogue."""
    return BookProduct(
        code=shape.code,
        text=shape.text,
        price=prices_of(shape.price, shape.line("price")) if shape.price else None,
        tax=shape.tax,
        vendor=shape.vendor,
        account=shape.account,
        cost=costs_of(shape.cost, shape.line("cost")),
        ids=dict(shape.ids or {}),
    )


def line_of(shape: LineShape, currency: str, products: Products) -> Line:
    """A line, with what it doesn't say taken from its product."""
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
            tax=shape.tax or (product.tax if product else "standard"),
            vendor=shape.vendor or (product.vendor if product else None),
            product=shape.product,
            account=shape.account or (product.account if product else None),
        )


def _counting(shape: LineShape) -> Counting:
    with at(shape.line("basis")):
        return Counting(shape.basis or "daily", shape.proration or "daily", shape.removals or "credit")


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
        amount_minor = parse_minor(shape.amount, currency)
    return OneOff(shape.on, shape.text, amount_minor, shape.tax, shape.known)
