"""What is asked of whoever changes a price: which line, from which day on, and which amounts."""

from dataclasses import dataclass, replace
from datetime import date

from billing.agreement import Agreement, Line, next_bill_date
from billing.calendar import Dated
from billing.prices import PriceModel
from commands.actors import Actor, Clock
from commands.catalogue import stored
from commands.clients import ClientRef, named_to_alter, ref
from commands.permissions import UseCase, require
from commands.price_figures import Figure, figures
from commands.pricing import LineIsUnknown, no_line, product_of
from connectors.books.values import BookProduct
from storage import clients
from storage.database import Database, Session


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line that isn't over."""

    name: str
    text: str
    agreement: str


@dataclass(frozen=True, slots=True)
class PriceForm:
    """What is asked of whoever changes a price.

    `figures` are those of the chosen line as of `since`, the day from which they are to be others; `following` is the
    first day after that on which yet another price is agreed. `product` is the one whose price the line follows, with
    the number of clients that do.
    """

    client: ClientRef
    lines: tuple[PricedLine, ...]
    chosen: PricedLine | None
    figures: tuple[Figure, ...]
    since: date
    following: date | None
    product: str | None = None
    followers: int = 0


def price_form(
    database: Database, actor: Actor, clock: Clock, client: str, line: str | None = None, since: date | None = None
) -> PriceForm:
    """A client's lines, and the price of one of them (default: the first) on a day (default: its next bill date).

    Raises:
        LineIsUnknown, NotAllowed: as named.

    """
    with database.read() as session:
        require(session, actor, UseCase.IMPORT)
        row = named_to_alter(session, client)
        terms, today = clients.terms(session, row), clock.today(row.timezone)
        lines = {
            each.name: (each, PricedLine(each.name, each.text, agreement.name))
            for agreement in terms.agreements
            for each in agreement.lines
            if _is_open(agreement, each, today)
        }
        if line is not None and line not in lines:
            raise LineIsUnknown(no_line(row, line))
        name = line or next(iter(lines), None)
        on = since or next_bill_date(terms, today) or today
        form = PriceForm(ref(row), tuple(priced for _, priced in lines.values()), None, (), on, None)
        if name is None:
            return form
        chosen, priced = lines[name]
        product = product_of(chosen, stored(session)[0])
        return replace(
            form,
            chosen=priced,
            figures=figures(chosen.price.at(on)),
            following=_next(chosen.price, on),
            product=product.code if product else None,
            followers=_followers(session, product) if product else 0,
        )


def _is_open(agreement: Agreement, line: Line, today: date) -> bool:
    return all(end is None or today < end for end in (agreement.end, line.end))


def _next(price: Dated[PriceModel], on: date) -> date | None:
    return min((entry.since for entry in price.entries if entry.since is not None and entry.since > on), default=None)


def _followers(session: Session, product: BookProduct) -> int:
    """How many clients have a line that follows the product's price."""
    everybody = clients.terms_of(session, clients.every(session))
    return sum(any(product_of(line, (product,)) for line in terms.lines()) for _, terms in everybody)
