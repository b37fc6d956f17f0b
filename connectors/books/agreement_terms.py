"""From shapes to what is agreed: products, lines, agreements, as billing's constructors accept them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from billing.agreement import Agreement, Line, OneOff
from billing.calendar import Cycle
from billing.dated import Dated, always
from billing.errors import WrongInput
from billing.money import parse_minor
from billing.prices import PriceModel
from connectors.books.agreement_shapes import AgreementShape, LineShape, OneOffShape, ProductShape
from connectors.books.price_shapes import CostShape, CountShape, FlatShape, PerUnitShape, TieredShape, dated
from connectors.books.problems import Problems, at
from connectors.books.shape import did_you_mean
from connectors.books.values import BookProduct

Products = Mapping[str, BookProduct]


class ProductIsUnknown(WrongInput):
    """A line refers to a product that the catalogue doesn't have."""


class PriceIsMissing(WrongInput):
    """Neither the line nor its product says what it costs."""


def prices_of(entries: Sequence[FlatShape | PerUnitShape | TieredShape], line: int) -> Dated[PriceModel]:
    """A price over time; a price that makes no sense is told with its own line."""

    def price(entry: FlatShape | PerUnitShape | TieredShape) -> PriceModel:
        with at(entry.line()):
            return entry.price()

    return dated(entries, price, line)


def counts_of(entries: Sequence[CountShape] | None, line: int) -> Dated[Decimal]:
    """A head count over time; 0 where none is written, and until the first one that is."""
    return dated(entries, lambda entry: entry.quantity, line, before=Decimal(0)) if entries else always(Decimal(0))


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


def line_of(shape: LineShape, products: Products) -> Line:
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
            tax=shape.tax or (product.tax if product else "standard"),
            vendor=shape.vendor or (product.vendor if product else None),
            product=shape.product,
            account=shape.account or (product.account if product else None),
        )


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
    lines = problems.each(shape.lines, lambda line: line_of(line, products))
    one_offs = problems.each(shape.one_off, lambda item: _one_off(item, currency))
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
    )


def _one_off(shape: OneOffShape, currency: str) -> OneOff:
    with at(shape.line("amount")):
        amount_minor = parse_minor(shape.amount, currency)
    return OneOff(shape.on, shape.text, amount_minor, shape.tax, shape.known)
