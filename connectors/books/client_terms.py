"""From shapes to a client's values: its taxes, rosters, quantities, and what was billed before."""

from pathlib import Path

from billing.agreement import Terms
from billing.calendar import Period
from billing.errors import WrongInput
from billing.money import parse_minor
from billing.parties import Buyer, Seller
from billing.rules import Exclusion, Roster, Rule
from connectors.books.agreement_shapes import LineShape
from connectors.books.agreement_terms import Products, agreement_of, costs_of
from connectors.books.client_shapes import (
    BilledShape,
    ClientShape,
    DigestShape,
    ExclusionShape,
    QuantityShape,
    RosterShape,
    RuleShape,
    SellerShape,
)
from connectors.books.discount_terms import check_names
from connectors.books.problems import Problems, at, repeated
from connectors.books.shape import did_you_mean
from connectors.books.tax_terms import category_of
from connectors.books.usage_terms import usage_of
from connectors.books.values import BookBilled, BookClient, BookCost, BookDigest, BookQuantity


class NameIsUnknown(WrongInput):
    """A name that refers to nothing in the client, or to more than it should."""


class NameIsTaken(WrongInput):
    """Two lines of a client have one name, so that neither is one line's identity."""


def seller_of(shape: SellerShape) -> Seller:
    """The MSP as a party."""
    return Seller(
        name=shape.name,
        address=tuple(shape.address or ()),
        country=shape.country or "",
        tax_id=shape.tax_id,
        invoice_series=shape.invoice_series,
        credit_series=shape.credit_series,
    )


def client_of(shape: ClientShape, products: Products, folder: Path, problems: Problems) -> BookClient:
    """A client; what is refused of its parts is noted and left out."""
    lines = [line for agreement in shape.agreements or () for line in agreement.lines or ()]
    _check_names(shape, lines, problems)
    for line, sentence in repeated(lines, lambda line: line.name, "name", "the line"):
        with at(line):
            raise NameIsTaken(sentence)
    return BookClient(
        slug=shape.slug,
        name=shape.name,
        timezone=shape.timezone,
        locale=shape.locale,
        channel=shape.channel,
        buyer=Buyer(shape.name, tuple(shape.address or ()), shape.country or "", shape.tax_id, shape.reference),
        terms=_terms(shape, products, problems),
        directories=tuple(directory.directory(folder) for directory in shape.directories or ()),
        rosters=problems.each(shape.rosters, _roster),
        quantities=problems.each(shape.quantities, _quantity),
        billed=problems.each(shape.billed, lambda billed: _billed(billed, shape.currency)),
        renamed=tuple((line.was, line.name) for line in lines if line.was),
        costs=_costs(lines, problems),
        sync_at=shape.sync_at,
        usage=tuple(usage_of(shape.usage or (), lines, problems)),
    )


def digest_of(shape: DigestShape) -> BookDigest:
    """A channel's digest; each client once."""
    named = None if shape.clients is None else tuple(dict.fromkeys(shape.clients))
    return BookDigest(shape.channel, shape.at, shape.timezone, named)


def _terms(shape: ClientShape, products: Products, problems: Problems) -> Terms:
    agreements = problems.each(
        shape.agreements, lambda agreement: agreement_of(agreement, shape.currency, products, problems)
    )
    categories = []
    for name, category in (shape.taxes or {}).items():
        with problems.noted(shape.line("taxes")):
            categories.append((name, category_of(category)))
    # A category that was refused is already told; without it, every line that uses it would be told too.
    taxes = tuple(categories) if len(categories) == len(shape.taxes or {}) else ()
    with at(shape.line("taxes")):
        return Terms(shape.slug, shape.currency, agreements, taxes, shape.terms_days, shape.bill_day)


def _costs(lines: list[LineShape], problems: Problems) -> tuple[BookCost, ...]:
    costs = []
    for line in lines:
        with problems.noted(line.line("cost")):
            cost = costs_of(line.cost, line.line("cost"))
            if cost is not None:
                costs.append(BookCost(line.name, cost))
    return tuple(costs)


def _roster(shape: RosterShape) -> Roster:
    return Roster(shape.name, _rule(shape.rule) if shape.rule else Rule())


def _rule(shape: RuleShape) -> Rule:
    licences = shape.licences
    return Rule(
        basis=shape.basis,
        counted_licences=tuple(licences.count or ()) if licences else (),
        ignored_licences=tuple(licences.ignore or ()) if licences else (),
        exclude=tuple(_exclusion(entry) for entry in shape.exclude or ()),
        own_domains=tuple(shape.own_domains or ()),
    )


def _exclusion(shape: ExclusionShape) -> Exclusion:
    with at(shape.line()):
        match shape.upn, shape.mail, shape.name, shape.id:
            case str(pattern), None, None, None:
                return Exclusion("upn", pattern, shape.reason, shape.owner)
            case None, str(pattern), None, None:
                return Exclusion("mail", pattern, shape.reason, shape.owner)
            case None, None, str(pattern), None:
                return Exclusion("name", pattern, shape.reason, shape.owner)
            case None, None, None, str(pattern):
                return Exclusion("id", pattern, shape.reason, shape.owner)
            case _:
                raise NameIsUnknown("an exclusion needs a pattern; expected exactly one of upn, mail, name, id.")


def _quantity(shape: QuantityShape) -> BookQuantity:
    return BookQuantity(shape.of.measure(), shape.on, shape.quantity, shape.known)


def _billed(shape: BilledShape, currency: str) -> BookBilled:
    period = Period(shape.since, shape.to)
    with at(shape.line("amount")):
        return BookBilled(shape.line_name, period.start, period.end, parse_minor(shape.amount, currency))


def _check_names(shape: ClientShape, lines: list[LineShape], problems: Problems) -> None:
    problems.once(shape.directories, lambda directory: directory.name, "name", "the directory")
    problems.once(shape.rosters, lambda roster: roster.name, "name", "the roster")
    problems.once(shape.agreements, lambda agreement: agreement.name, "name", "the agreement")
    check_names(shape.agreements or (), lines, problems)
    _check_renames(lines, problems)
    _check_rosters(shape, lines, problems)
    names = [line.name for line in lines]
    for billed in shape.billed or ():
        if billed.line_name not in names:
            found = f"found the unknown line '{billed.line_name}'; {did_you_mean(billed.line_name, names)}"
            problems.add(billed.line("line"), found)


def _check_renames(lines: list[LineShape], problems: Problems) -> None:
    renamed = [line for line in lines if line.was]
    problems.once(renamed, lambda line: line.was or "", "was", "the former name")
    names = {line.name for line in lines}
    for line in renamed:
        if line.was in names:
            problems.add(
                line.line("was"), f"found '{line.was}' as a former name; expected one that no line has any more"
            )


def _check_rosters(shape: ClientShape, lines: list[LineShape], problems: Problems) -> None:
    """A roster that is counted must be one of the client's, as far as the book lists any.

    A book that lists none, such as a what-if, names its rosters by counting them.
    """
    declared = [roster.name for roster in shape.rosters or ()]
    counted = [(line.count.roster, line.line("count")) for line in lines if line.count]
    known = declared or sorted({roster for roster, _ in counted if roster})
    of_quantities = [(quantity.of.roster, quantity.line("of")) for quantity in shape.quantities or ()]
    for roster, line in [*counted, *of_quantities]:
        if roster and known and roster not in known:
            problems.add(line, f"found the unknown roster '{roster}'; {did_you_mean(roster, known)}")
