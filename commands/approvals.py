"""Whose approval a change takes at a client: the policies in force, what they look at, and their refusals in words."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from checks.bounds import earliest_without_a_biller
from commands.actors import Actor, person_of
from commands.bill_dates import next_unbilled
from commands.permissions import ROLE_OF, Role, UseCase, role_of
from commands.refusals import RefusedWithNames
from documents.format import day
from documents.sources import By, Told
from rosters.changes import ChangeItem, Effect, effect
from rosters.policies import Approver, Ground, Policies, Proposal, Verdict, approval, may_decide, needs_two, size
from storage import changes, clients, snapshots
from storage.codec import decode
from storage.database import Session
from storage.ids import id_of
from storage.tables import ChangeRow, ClientRow


class OthersDecide(RefusedWithNames):
    """The book names who decides at this client."""


class ProposedByYou(RefusedWithNames):
    """Nobody approves what they proposed by hand."""


class SecondPersonIsMissing(RefusedWithNames):
    """Two people have to approve, and the same one came twice."""


@dataclass(frozen=True, slots=True)
class FirstApproval:
    """The first of two approvals: whose, when, and from which day it lets the change hold where it states one.

    Whom it leaves out is marked in the change's items; `reason` says why.
    """

    by: str
    at: datetime
    on: date
    effective: date | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class AppliedPolicy:
    """The policy that approved a change by itself: its limits then, and whether it is the house's or the client's."""

    people: int
    money_minor: int
    rule_changes: bool
    of: str


def in_force(session: Session, client: ClientRow) -> Policies:
    """The client's policies, over those of the house."""
    return clients.policies(client).over(clients.house_policies(session))


def first_of(row: ChangeRow) -> FirstApproval | None:
    """The first of two approvals of a revision."""
    return decode(FirstApproval, row.first_approval) if row.first_approval else None


def policy_of(row: ChangeRow) -> AppliedPolicy | None:
    """The policy that approved a change, where no person did."""
    return decode(AppliedPolicy, row.policy) if row.policy else None


def proposal_of(client: ClientRow, row: ChangeRow, items: Sequence[ChangeItem], today: date) -> Proposal:
    """What policies look at of a revision with these items, as it is shown; earlier rejections aren't looked for."""
    return Proposal(
        people=size(items),
        currency=client.currency,
        money_minor=max(abs(row.monthly_minor), abs(row.next_invoice_minor)),
        first_count=row.first_count,
        causes=frozenset(item.origin.cause for item in items if item.origin is not None),
        proposers=proposers_of(items),
        goes_back_far=any(item.effective < earliest_without_a_biller(today) for item in items),
    )


def proposers_of(items: Iterable[ChangeItem]) -> frozenset[str]:
    """Who proposed any of the items by hand."""
    by = (item.origin.by for item in items if item.origin is not None)
    return frozenset(person_of(each) for each in by if each is not None)


def takes_two(session: Session, client: ClientRow, row: ChangeRow, items: Sequence[ChangeItem]) -> bool:
    """Whether two people have to approve a revision as it is shown."""
    return needs_two(in_force(session, client), proposal_of(client, row, items, row.proposed_on))


def money_of(session: Session, client: ClientRow, items: Sequence[ChangeItem], today: date) -> Effect:
    """What items cost as an approver wants them."""
    snapshot = snapshots.load(session, client)
    return effect(snapshot, items, today, next_unbilled(session, id_of(client), snapshot.terms, today))


def refuse_others(session: Session, actor: Actor, client: ClientRow, change_id: int) -> None:
    """Refuses whoever isn't among those whom the book names.

    Raises:
        OthersDecide: as named.

    """
    policies = in_force(session, client)
    if not may_decide(policies, approver_of(session, actor)):
        raise OthersDecide(
            (
                f"Change {change_id} of {client.slug} isn't yours to decide, so nothing was decided. ",
                *_who_may(policies),
                ".",
            )
        )


def judge(
    session: Session, actor: Actor, client: ClientRow, proposal: Proposal, row: ChangeRow, first: FirstApproval | None
) -> Verdict:
    """What an approval does by the policies; `first` is one of the very same before it.

    Raises:
        ProposedByYou, SecondPersonIsMissing: as named.

    """
    policies = in_force(session, client)
    verdict = approval(policies, proposal, approver_of(session, actor), person_of(first.by) if first else None)
    who = _who_may(policies)
    if verdict.ground is Ground.OWN_PROPOSAL:
        raise ProposedByYou(
            (
                f"You proposed change {row.id} of {client.slug} or a part of it, so somebody else has to approve it. ",
                *who,
                ".",
            )
        )
    if verdict.ground is Ground.SAME_PERSON and first is not None:
        raise SecondPersonIsMissing(
            (
                f"You approved change {row.id} of {client.slug} on {day(first.on)} already, and it takes two people. ",
                *who,
                ".",
            )
        )
    return verdict


def approver_of(session: Session, actor: Actor) -> Approver:
    """Somebody as the policies see them."""
    is_admin = role_of(session, actor) is Role.ADMIN
    return Approver(person_of(actor.id), frozenset({actor.id, *actor.groups}), is_admin)


def rejected_before(session: Session, client: ClientRow, items: Iterable[ChangeItem]) -> bool:
    """Whether anybody or anything in the items was ever rejected or left out."""
    items = tuple(items)
    people = {item.person for item in items if item.person is not None}
    numbers = {item.measure for item in items if item.measure is not None}
    return changes.rejected_before(session, id_of(client), people, numbers)


def _who_may(policies: Policies) -> Told:
    role = ROLE_OF[UseCase.DECIDE_CHANGE]
    if not policies.by:
        return (f"Who may: anybody else with the role {role}",)
    return ("Who may: ", *_listed(policies.by), "or an admin")


def _listed(ids: Iterable[str]) -> Iterator[str | By]:
    for each in ids:
        yield from (By(each), ", ")
