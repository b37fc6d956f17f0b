"""Answers as spreadsheets: who is on the rosters, what waits for approval, what doesn't agree, a run."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from billing.money import text_of
from commands.change_cards import ChangeView, ItemView
from commands.reconcile import MismatchView
from commands.run_cards import RunClientView, RunView
from commands.users import RostersView
from documents import wording
from documents.workbooks import Amount, Column, Sheet, Value, workbook

_SEATS = (
    *(Column("Roster", 20), Column("Name", 36), Column("Person"), Column("Accounts", 40)),
    *(Column("From"), Column("Until")),
)
_CHANGES = (Column("Change"), Column("Client", 20), Column("Revision"), Column("Proposed on"))
_MONEY = (Column("A month", 18), Column("Next invoice", 18), Column("Currency"))
_ITEMS = (
    *(Column("Change"), Column("Client", 20), Column("Item"), Column("Kind"), Column("Of", 20), Column("Name", 36)),
    *(Column("Account", 40), Column("Before"), Column("After"), Column("Effective"), Column("Because", 60)),
)
_RUN = (
    *(Column("Client", 20), Column("Name", 36), Column("State"), Column("Total", 18), Column("Currency")),
    *(Column("Number", 16), Column("Held by"), Column("Why", 80), Column("Overridden")),
)
_MISMATCHES = (
    *(Column("Client", 20), Column("Code"), Column("Effect"), Column("Amount", 18), Column("Currency")),
    *(Column("Cause", 80), Column("What to do", 80)),
)


def of_rosters(view: RostersView) -> bytes:
    """A row a seat; `Until` is the first day without it."""
    return workbook(f"{view.client_name} on {view.on}", Sheet("People", _SEATS, _seats(view)))


def of_changes(waiting: Sequence[ChangeView]) -> bytes:
    """A row a change, with its amounts before tax where whoever asked may see them, and a row each of its items."""
    shows_money = all(change.shows_money for change in waiting)
    columns = (*_CHANGES, *_MONEY) if shows_money else _CHANGES
    changes = Sheet("Changes", columns, ((*_change(each), *(_money(each) if shows_money else ())) for each in waiting))
    items = Sheet("Items", _ITEMS, (_item(change, item) for change in waiting for item in change.items))
    return workbook("What waits for approval", changes, items)


def of_run(run: RunView) -> bytes:
    """A row a client of a billing run, those that are held first."""
    ordered = sorted(run.clients, key=lambda client: (client.state != "held", client.client))
    return workbook(f"Billing run of {run.bill_date}", Sheet("Clients", _RUN, map(_run_client, ordered)))


def of_mismatches(mismatches: Sequence[MismatchView]) -> bytes:
    """A row a mismatch."""
    return workbook("What doesn't agree", Sheet("Mismatches", _MISMATCHES, map(_mismatch, mismatches)))


def _seats(view: RostersView) -> Iterator[tuple[Value, ...]]:
    for roster in view.rosters:
        for seat in roster.seats:
            who = (roster.name, seat.name, Decimal(seat.person), ", ".join(seat.accounts))
            yield (*who, seat.start, seat.end)


def _change(change: ChangeView) -> tuple[Value, ...]:
    return Decimal(change.id), change.client, Decimal(change.revision), change.proposed_on


def _money(change: ChangeView) -> tuple[Value, ...]:
    amounts = (_amount(minor, change.currency) for minor in (change.monthly_minor, change.next_invoice_minor))
    return (*amounts, change.currency)


def _item(change: ChangeView, item: ItemView) -> tuple[Value, ...]:
    of = wording.counted_name(item.measure) if item.measure else item.roster
    what = (Decimal(change.id), change.client, Decimal(item.number), item.kind, of, item.name, item.account)
    return (*what, item.before, item.after, item.effective, item.because)


def _run_client(client: RunClientView) -> tuple[Value, ...]:
    total = None if client.total_minor is None else _amount(client.total_minor, client.currency)
    overridden = ", ".join(override.code for override in client.overrides)
    what = (client.client, client.client_name, client.state, total, client.currency, client.number)
    return (*what, ", ".join(client.held), " ".join(client.causes), overridden)


def _mismatch(mismatch: MismatchView) -> tuple[Value, ...]:
    amount = None if mismatch.amount_minor is None else _amount(mismatch.amount_minor, mismatch.currency)
    what = (mismatch.client, mismatch.code, mismatch.effect, amount, mismatch.currency)
    return (*what, mismatch.text, mismatch.remedy)


def _amount(amount_minor: int, currency: str) -> Amount:
    return Amount(Decimal(text_of(amount_minor, currency)), currency)
