"""From shapes to a client's values: its taxes, rosters, quantities, and what was billed before."""

from pathlib import Path

from billing.agreement import Buyer, Seller, Terms
from billing.errors import WrongInput
from connectors.books.agreement_shapes import AgreementShape, LineShape
from connectors.books.agreement_terms import Products, agreement_of, line_costs
from connectors.books.approval_terms import client_policies_of
from connectors.books.billed_terms import billed_of
from connectors.books.client_shapes import (
    ClientShape,
    DigestShape,
    QuantityShape,
    SellerShape,
)
from connectors.books.discount_terms import check_names
from connectors.books.problems import Problems, at, repeated
from connectors.books.rule_terms import roster_of
from connectors.books.shape import did_you_mean
from connectors.books.tax_terms import category_of
from connectors.books.usage_terms import check_days, usage_of
from connectors.books.values import BookClient, BookDigest, BookQuantity
from rosters.policies import Policies

_SEVERAL = 2


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
    terms = _terms(shape, products, problems)
    meters = sorted({line.count.usage for line in lines if line.count and line.count.usage})
    if len(list(terms.lines())) == len(lines):
        # A line that was refused is told; without it, every reading that it counts would be told too.
        check_days([each for each in shape.usage or () if each.meter in meters], terms, problems)
    approvals = Policies()
    with problems.noted(shape.line("approvals")):
        approvals = client_policies_of(shape.approvals, shape.currency)
    return BookClient(
        slug=shape.slug,
        name=shape.name,
        timezone=shape.timezone,
        locale=shape.locale,
        channel=shape.channel,
        buyer=Buyer(shape.name, tuple(shape.address or ()), shape.country or "", shape.tax_id, shape.reference),
        terms=terms,
        directories=problems.each(shape.directories, lambda directory: directory.directory(folder)),
        rosters=problems.each(shape.rosters, roster_of),
        quantities=problems.each(shape.quantities, _quantity),
        billed=billed_of(shape.billed or (), [line.name for line in lines], terms, problems),
        renamed=tuple((line.was, line.name) for line in lines if line.was),
        costs=line_costs(lines, problems),
        people=tuple(tuple(person.same) for person in shape.people or ()),
        sync_at=shape.sync_at,
        inactive_days=shape.inactive_days,
        usage=tuple(usage_of(shape.usage or (), meters, problems)),
        approvals=approvals,
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


def _quantity(shape: QuantityShape) -> BookQuantity:
    return BookQuantity(shape.of.measure(), shape.on, shape.quantity, shape.known)


def _check_names(shape: ClientShape, lines: list[LineShape], problems: Problems) -> None:
    problems.once(shape.directories, lambda directory: directory.name, "name", "the directory")
    problems.once(shape.rosters, lambda roster: roster.name, "name", "the roster")
    problems.once(shape.agreements, lambda agreement: agreement.name, "name", "the agreement")
    check_names(shape.agreements or (), lines, problems)
    _check_people(shape, problems)
    _check_renames(lines, problems)
    _check_rosters(shape, lines, problems)
    for agreement in shape.agreements or ():
        _check_days_of_lines(agreement, problems)


def _check_people(shape: ClientShape, problems: Problems) -> None:
    directories = [directory.name for directory in shape.directories or ()]
    for rule in (roster.rule for roster in shape.rosters or () if roster.rule):
        for name in rule.directories or ():
            if name not in directories:
                found = f"found the unknown directory '{name}'; {did_you_mean(name, directories)}"
                problems.add(rule.line("directories"), found)
    for person in shape.people or ():
        if len(set(person.same)) < _SEVERAL:
            problems.add(person.line("same"), "found one account; expected two at least that are one person's")
        for account in person.same:
            # A directory's name may have a slash of its own.
            if not any(account.startswith(f"{directory}/") for directory in directories):
                name = account.partition("/")[0]
                found = f"found the unknown directory '{name}'; {did_you_mean(name, directories)}"
                problems.add(person.line("same"), found)


def _check_renames(lines: list[LineShape], problems: Problems) -> None:
    renamed = [line for line in lines if line.was]
    problems.once(renamed, lambda line: line.was or "", "was", "the former name")
    names = {line.name for line in lines}
    for line in renamed:
        if line.was in names:
            problems.add(
                line.line("was"), f"found '{line.was}' as a former name; expected one that no line has any more"
            )


def _check_days_of_lines(agreement: AgreementShape, problems: Problems) -> None:
    """A line that its agreement never covers would never be billed, and nobody would notice."""
    for line in agreement.lines or ():
        if line.until is not None and line.until <= agreement.start:
            found = f"found line {line.name} until {line.until}, and agreement {agreement.name} from {agreement.start}"
            hint = "expected a line with a day of its agreement, or no such line"
            problems.add(line.line("until"), f"{found}; {hint}")
        elif line.since is None or agreement.end is None or line.since < agreement.end:
            continue
        elif agreement.end_known is None:
            # An end that was learnt cuts off what was agreed until then, such as a line that was to come.
            found = f"found line {line.name} from {line.since}, and agreement {agreement.name} until {agreement.end}"
            hint = "expected a line with a day of its agreement, or no such line, or end_known if the end was learnt"
            problems.add(line.line("from"), f"{found}; {hint}")


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
