"""What `--json` prints, beside documents: shapes that scripts rely on, so keys are only ever added.

Amounts and quantities are texts, amounts with the currency's digits; a key that doesn't apply is null.
"""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from billing.money import plain, text_of
from billing.quantities import Measure

if TYPE_CHECKING:
    from commands.change_cards import ChangeView, ItemView
    from commands.examinations.finding import Finding
    from commands.invoices import InvoiceSummary, Preview
    from commands.reconcile import MismatchView
    from commands.run_cards import FindingView, RunView
    from commands.secrets import SecretView
    from commands.undelivered import Undelivered
    from commands.users import RostersView
    from commands.why import WhyView

Json = dict[str, Any]


def change(view: "ChangeView") -> Json:
    """A change, as `changes --json` lists it."""
    return {
        "id": view.id,
        "client": view.client,
        "revision": view.revision,
        "state": view.state,
        "items": [_item(item) for item in view.items],
        "monthly": _amount(view.monthly_minor, view.currency),
        "next_invoice": _amount(view.next_invoice_minor, view.currency),
        "decided_by": view.decided_by,
        "decided_at": view.decided_at.isoformat() if view.decided_at else None,
        "reason": view.reason,
        "takes_two": view.takes_two,
        "first_approved_by": view.first_approval.by if view.first_approval else None,
        "undone_by": view.undone.by if view.undone else None,
        "undoes": view.undoes,
    }


def rosters(view: "RostersView") -> Json:
    """A client's rosters, as `users --json` prints them."""
    return {
        "client": view.client,
        "on": view.on.isoformat(),
        "rosters": {
            roster.name: {
                "seats": [
                    {
                        "person": seat.name,
                        "person_id": seat.person,
                        "accounts": list(seat.accounts),
                        "from": seat.start.isoformat(),
                        "to": _day(seat.end),
                    }
                    for seat in roster.seats
                ],
                "billable": roster.billable,
            }
            for roster in view.rosters
        },
    }


def why(view: "WhyView") -> Json:
    """Why somebody counts or doesn't, an entry an account, as `users why --json` prints it."""
    return {
        "client": view.client,
        "accounts": [
            {
                "account": one.account,
                "directory": one.directory,
                "name": one.who,
                "roster": one.roster,
                "reason": one.reason,
                "detail": one.detail,
                "since": one.since.isoformat(),
                "seat_since": _day(one.seated_since),
                "rule_version": one.rule_version,
            }
            for one in (view, *view.others)
        ],
    }


def mismatch(view: "MismatchView") -> Json:
    """A mismatch, as `reconcile --json` lists it."""
    return {
        "client": view.client,
        "code": view.code,
        "effect": view.effect,
        "amount": _amount(view.amount_minor, view.currency),
        "text": view.text,
        "remedy": view.remedy,
    }


def run(view: "RunView") -> Json:
    """A billing run, as `run status --json` prints it."""
    return {
        "bill_date": view.bill_date.isoformat(),
        "state": view.state,
        "clients": [
            {
                "client": client.client,
                "state": client.state,
                "held": list(client.held),
                "total": _amount(client.total_minor, client.currency),
                "number": client.number,
                "findings": None if client.findings is None else [_finding(found) for found in client.findings],
            }
            for client in view.clients
        ],
    }


def _finding(found: "FindingView") -> Json:
    return {
        "kind": found.kind,
        "line": found.line,
        "from": found.start.isoformat(),
        "to": found.end.isoformat(),
        "text": found.text,
    }


def invoice_summary(summary: "InvoiceSummary") -> Json:
    """An issued document in a list, as `invoices --json` prints it."""
    return {
        "number": summary.number,
        "client": summary.client,
        "document": summary.document,
        "bill_date": summary.bill_date.isoformat(),
        "issued_on": summary.issued_on.isoformat(),
        "currency": summary.currency,
        "total": _amount(summary.total_minor, summary.currency),
        "state": summary.state,
    }


def finding(found: "Finding") -> Json:
    """What an examination found, as `doctor --json` lists it."""
    return {
        "part": found.part,
        "state": found.state,
        "what": found.what,
        "text": found.text,
        "remedy": found.remedy or None,
    }


def undelivered(card: "Undelivered") -> Json:
    """A card that Slack did not take, as `cards --json` lists it."""
    return {
        "card": card.what,
        "channel": card.channel,
        "since": card.since.isoformat() if card.since else None,
        "given_up": card.is_given_up,
        "problem": card.problem,
    }


def secret(view: "SecretView") -> Json:
    """A stored secret without its value, as `secret list --json` lists it."""
    return {
        "name": view.name,
        "updated_at": view.updated_at.isoformat(),
        "updated_by": view.updated_by,
        "key": view.key_id,
        "opens": view.opens,
        "named_by": list(view.named_by),
    }


def nothing_owed(preview: "Preview") -> Json:
    """A preview where there is nothing to bill: the keys of a document, without one."""
    currency = preview.client.currency
    return {
        "document": None,
        "client": preview.client.slug,
        "number": None,
        "bill_date": preview.bill_date.isoformat(),
        "issued_on": None,
        "due_on": None,
        "currency": currency,
        "lines": [],
        "subtotal": text_of(0, currency),
        "taxes": [],
        "total": text_of(0, currency),
        "people": {},
        "corrects": [],
        "notes": [preview.note] if preview.note else [],
        "hash": None,
    }


def _item(item: "ItemView") -> Json:
    return {
        "number": item.number,
        "kind": item.kind,
        "roster": item.roster,
        "person": None if item.person is None else item.name,
        "person_id": item.person,
        "account": item.account,
        "of": _of(item.measure),
        "before": _number(item.before),
        "after": _number(item.after),
        "effective": item.effective.isoformat(),
    }


def _of(measure: Measure | None) -> str | dict[str, str] | None:
    """What is counted, as a book writes it: a bare word is a roster."""
    if measure is None:
        return None
    return measure.name if measure.kind == "roster" else {measure.kind: measure.name}


def _number(number: Decimal | None) -> str | None:
    return None if number is None else plain(number)


def _amount(amount_minor: int | None, currency: str) -> str | None:
    return None if amount_minor is None else text_of(amount_minor, currency)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
