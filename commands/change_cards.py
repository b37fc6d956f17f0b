"""Changes as cards and lists show them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from billing.quantities import Measure
from commands.actors import Actor
from commands.approvals import AppliedPolicy, FirstApproval, first_of, policy_of, takes_two
from commands.decisions import Decided, LeftToPeople, Undone, decided_of, ground_of, undone_of
from commands.permissions import UseCase, everybody_sees_money, may
from commands.proposals import RosterMove
from commands.why import said_of
from documents import wording
from documents.document import NAME_ERASED
from documents.format import Format, day
from rosters.verdicts import Reason
from storage import changes, clients, directories, identities, rules
from storage.codec import decode
from storage.database import Session
from storage.tables import AccountRow, ChangeItemRow, ChangeRow, ClientRow


@dataclass(frozen=True, slots=True)
class ItemView:
    """One item as a card shows it; `number` counts from 1. `rule` is the version of the rules that made the item.

    `reason` says why an item that is `excepted` was left out, where that isn't the reason of the whole decision.
    """

    number: int
    kind: str
    roster: str | None
    person: int | None
    name: str
    account: str | None
    measure: Measure | None
    before: Decimal | None
    after: Decimal | None
    effective: date
    verdict: str
    detail: str
    excepted: bool
    rule: str = ""
    reason: str | None = None

    @property
    def because(self) -> str:
        """Why the account counts or doesn't, in words; nothing for a counted quantity."""
        said = wording.verdict(Reason(self.verdict), self.detail) if self.verdict else ""
        return f"{said}, since {self.rule}" if said and self.rule else said


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One revision of a change as a card shows it; money is before tax.

    `first_approval` is the first of two, `takes_two` that it takes them, `policy` what approved it where nobody did.
    `shows_money` says whether whoever reads it may see amounts.
    `decided` is what an approval meant as it was given, `left_to_people` why a policy didn't give it.
    `undo_open` says that it may still be undone, `undone` that it was, `undoes` which change it undoes itself.
    """

    id: int
    revision: int
    client: str
    client_name: str
    currency: str
    locale: str
    timezone: str
    channel: str | None
    state: str
    first_count: bool
    items: tuple[ItemView, ...]
    rosters: tuple[RosterMove, ...]
    monthly_minor: int
    next_invoice_minor: int
    next_bill_date: date | None
    proposed_on: date
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None
    decided_on: date | None = None
    takes_two: bool = False
    first_approval: FirstApproval | None = None
    policy: AppliedPolicy | None = None
    shows_money: bool = True
    decided: Decided | None = None
    left_to_people: LeftToPeople | None = None
    undo_open: bool = False
    undone: Undone | None = None
    undoes: int | None = None


def change_view(session: Session, row: ChangeRow, reader: Actor | None = None) -> ChangeView:
    """One revision of a change, with the names and verdicts as they are now; without a reader for a whole channel."""
    client = clients.get(session, row.client_id)
    rows = changes.item_rows(session, row.id, row.revision)
    names = identities.current_names(session, (item.person_id for item in rows if item.person_id is not None))
    accounts = directories.by_ids(session, (item.account_id for item in rows if item.account_id is not None))
    moved = _moved_by_rule(session, row.client_id, accounts.values())
    return ChangeView(
        id=row.id,
        revision=row.revision,
        client=client.slug,
        client_name=client.name,
        currency=client.currency,
        locale=client.locale,
        timezone=client.timezone,
        channel=client.channel,
        state=row.state,
        first_count=row.first_count,
        items=tuple(_item_view(item, names, accounts, moved) for item in rows),
        rosters=decode(tuple[RosterMove, ...], row.counts),
        monthly_minor=row.monthly_minor,
        next_invoice_minor=row.next_invoice_minor,
        next_bill_date=row.next_bill_date,
        proposed_on=row.proposed_on,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        reason=row.reason,
        decided_on=row.decided_on,
        takes_two=row.state == changes.PENDING and takes_two(session, client, row, list(map(changes.as_item, rows))),
        first_approval=first_of(row),
        policy=policy_of(row),
        shows_money=may(session, reader, UseCase.SEE_MONEY) if reader else everybody_sees_money(session),
        decided=decided_of(row),
        left_to_people=ground_of(row),
        undo_open=row.undo_open,
        undone=undone_of(row),
        undoes=row.undoes,
    )


def differs(before: ChangeRow, after: ChangeRow, client: ClientRow) -> str:
    """What one revision's card shows otherwise than an earlier one's, without names: it may be logged."""
    said = []
    if before.monthly_minor != after.monthly_minor:
        was, now = (Format(client.locale, client.currency).money(row.monthly_minor) for row in (before, after))
        said.append(f"a month {was}, now {now}")
    if (before.next_invoice_minor, before.next_bill_date) != (after.next_invoice_minor, after.next_bill_date):
        was, now = (_next(row, client) for row in (before, after))
        said.append(f"the next invoice {was}, now {now}")
    return "; ".join(said) or "its people, days or numbers are others now"


def _next(row: ChangeRow, client: ClientRow) -> str:
    amount = Format(client.locale, client.currency).money(row.next_invoice_minor)
    return f"{amount} on {day(row.next_bill_date)}" if row.next_bill_date else f"{amount} without a date"


def _moved_by_rule(session: Session, client_id: int, accounts: Iterable[AccountRow]) -> dict[int | None, str]:
    """By account, the version of the rules whose import moved it, without any reading."""
    by_import = {each.id: each for each in accounts if each.sync_id is None and each.rule_version is not None}
    numbers = {each.rule_version for each in by_import.values() if each.rule_version is not None}
    versions = rules.by_number(session, client_id, numbers) if numbers else {}
    return {
        key: said_of(versions[each.rule_version])
        for key, each in by_import.items()
        if each.rule_version in versions and versions[each.rule_version].since == each.since
    }


def _item_view(
    item: ChangeItemRow, names: dict[int, str], accounts: dict[int, AccountRow], moved: Mapping[int | None, str]
) -> ItemView:
    known = changes.as_item(item)
    account = accounts.get(item.account_id or 0)
    return ItemView(
        number=item.position,
        kind=item.kind,
        roster=item.roster,
        person=item.person_id,
        name=names.get(item.person_id or 0, NAME_ERASED) if item.person_id else "",
        account=account.object_id if account else None,
        measure=known.measure,
        before=known.before,
        after=known.after,
        effective=item.effective,
        verdict=_verdict(item, account),
        detail=account.detail if account else "",
        excepted=item.excepted,
        reason=item.reason,
        rule=moved.get(item.account_id, "") if item.account_id else "",
    )


def _verdict(item: ChangeItemRow, account: AccountRow | None) -> str:
    """Why the account is on the roster or off it; nothing where it is otherwise by now than the item had it."""
    if account is None:
        return Reason.SAME_PERSON if item.kind == "leave" else ""
    is_on = account.roster == item.roster
    return account.reason if is_on is (item.kind == "join") else ""
