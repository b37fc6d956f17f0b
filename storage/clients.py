"""Clients, their agreements and rosters."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from sqlmodel import Session, col, delete, select

from billing.agreement import Agreement, Buyer, Seller, Terms
from billing.taxes import TaxCategory
from rosters.policies import Policies
from rosters.rules import Roster, Rule
from storage.codec import decode, encode
from storage.ids import id_of
from storage.tables import AgreementRow, ClientRow, HouseRow, RosterRow

Taxes = tuple[tuple[str, TaxCategory], ...]


def every(session: Session) -> list[ClientRow]:
    """All clients, by slug."""
    return list(session.exec(select(ClientRow).order_by(ClientRow.slug)))


def get(session: Session, client_id: int) -> ClientRow:
    """The client with this id."""
    return session.exec(select(ClientRow).where(ClientRow.id == client_id)).one()


def by_slug(session: Session, slug: str) -> ClientRow | None:
    """The client with this slug."""
    return session.exec(select(ClientRow).where(ClientRow.slug == slug)).first()


def lock(session: Session, client_id: int) -> ClientRow:
    """The client, held by this transaction until it ends (SQLite's writers are alone anyhow).

    It is read anew: whoever held it before may have altered it since this transaction first looked.
    """
    held = select(ClientRow).where(ClientRow.id == client_id).with_for_update()
    return session.exec(held.execution_options(populate_existing=True)).one()


def lock_named(session: Session, slugs: Collection[str] | None) -> dict[str, ClientRow]:
    """Those of the named clients (None: of all) that exist, in the order of their slugs, held as `lock` does."""
    held = select(ClientRow).order_by(ClientRow.slug).with_for_update().execution_options(populate_existing=True)
    found = session.exec(held if slugs is None else held.where(col(ClientRow.slug).in_(slugs)))
    return {row.slug: row for row in found}


def seller(session: Session) -> Seller | None:
    """The MSP as printed on documents; None before the first book named it."""
    row = session.get(HouseRow, 1)
    return decode(Seller, row.seller) if row else None


def catalogue(session: Session) -> tuple[str, str]:
    """The products and the templates as the book's reader encoded them."""
    row = session.get(HouseRow, 1)
    return (row.products, row.templates) if row else ("[]", "[]")


def put_house(
    session: Session, seller: Seller, products: str, templates: str, approvals: Policies, money_from: str
) -> None:
    """Stores the MSP, its catalogue, its approval policies, and the role from which on amounts are shown."""
    policies = encode(approvals, Policies)
    session.merge(
        HouseRow(
            id=1,
            seller=encode(seller),
            products=products,
            templates=templates,
            approvals=policies,
            money_from=money_from,
        )
    )


def money_from(session: Session) -> str | None:
    """The role from which on amounts are shown in Slack; None where no book has been imported."""
    row = session.get(HouseRow, 1)
    return row.money_from if row else None


def house_policies(session: Session) -> Policies:
    """The approval policies that hold wherever a client has none of its own."""
    row = session.get(HouseRow, 1)
    return decode(Policies, row.approvals) if row else Policies()


def policies(client: ClientRow) -> Policies:
    """A client's own approval policies."""
    return decode(Policies, client.approvals)


def every_policies(session: Session) -> list[Policies]:
    """The house's approval policies, and every client's own, each once."""
    own = session.exec(select(ClientRow.approvals).distinct())
    return [house_policies(session), *(decode(Policies, text) for text in own)]


def buyer(client: ClientRow) -> Buyer:
    """The client as printed on documents."""
    return decode(Buyer, client.buyer)


def terms(session: Session, client: ClientRow) -> Terms:
    """All that is agreed with the client."""
    rows = session.exec(
        select(AgreementRow).where(AgreementRow.client_id == client.id).order_by(col(AgreementRow.position))
    )
    return _terms(client, rows)


def terms_of(session: Session, clients: Sequence[ClientRow]) -> Iterator[tuple[ClientRow, Terms]]:
    """All that is agreed with each of several clients, read at once."""
    found: dict[int, list[AgreementRow]] = {}
    for row in session.exec(select(AgreementRow).order_by(col(AgreementRow.position))):
        found.setdefault(row.client_id, []).append(row)
    for client in clients:
        yield client, _terms(client, found.get(id_of(client), ()))


def _terms(client: ClientRow, rows: Iterable[AgreementRow]) -> Terms:
    return Terms(
        slug=client.slug,
        currency=client.currency,
        agreements=tuple(decode(Agreement, row.terms) for row in rows),
        taxes=decode(Taxes, client.taxes),
        terms_days=client.terms_days,
        bill_day=client.bill_day,
    )


def put_client(session: Session, row: ClientRow, terms: Terms, buyer: Buyer) -> ClientRow:
    """Stores a client's own data and its agreements, in place of the ones before."""
    row.currency, row.terms_days, row.bill_day = terms.currency, terms.terms_days, terms.bill_day
    row.taxes, row.buyer = encode(terms.taxes, Taxes), encode(buyer)
    session.add(row)
    session.flush()
    session.exec(delete(AgreementRow).where(col(AgreementRow.client_id) == row.id))
    for position, agreement in enumerate(terms.agreements):
        session.add(AgreementRow(client_id=id_of(row), name=agreement.name, position=position, terms=encode(agreement)))
    session.flush()
    return row


def rename_lines(session: Session, client: ClientRow, names: Mapping[str, str]) -> None:
    """Gives lines other names, all at once."""
    for row in session.exec(select(AgreementRow).where(AgreementRow.client_id == client.id)):
        agreement = decode(Agreement, row.terms)
        lines = tuple(replace(line, name=names.get(line.name, line.name)) for line in agreement.lines)
        row.terms = encode(replace(agreement, lines=lines))
        session.add(row)
    session.flush()


def rosters(session: Session, client_id: int) -> list[RosterRow]:
    """The client's rosters, in the order in which they take people."""
    return list(
        session.exec(select(RosterRow).where(RosterRow.client_id == client_id).order_by(col(RosterRow.position)))
    )


def rule_of(row: RosterRow) -> Rule:
    """A roster's rule."""
    return decode(Rule, row.rule)


def rosters_of(session: Session, client_id: int) -> list[Roster]:
    """The client's rosters with their rules, in the order in which they take people."""
    return [Roster(row.name, rule_of(row)) for row in rosters(session, client_id)]


def put_rosters(session: Session, client_id: int, wanted: Sequence[Roster]) -> tuple[str, ...]:
    """Stores rules by roster name, removes those no longer named, and says which rosters have another rule now."""
    changed = []
    held = {row.name: row for row in rosters(session, client_id)}
    for position, roster in enumerate(wanted):
        rule = encode(roster.rule)
        row = held.pop(roster.name, None) or RosterRow(
            client_id=client_id, name=roster.name, position=position, rule=rule
        )
        # A rule that was stored by an earlier version lacks the keys that it didn't have.
        if rule_of(row) != roster.rule:
            row.version += 1
            changed.append(roster.name)
        row.position, row.rule = position, rule
        session.add(row)
    for row in held.values():
        session.delete(row)
    session.flush()
    return tuple(changed)
