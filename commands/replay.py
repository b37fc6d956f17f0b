"""Replaying: every issued document is drafted again from what it rested on, and compared to the cent.

So it is known that this version of Rollcall bills as those before it did, and that nothing was altered since.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from billing.credits import credit
from billing.draft import Charge, Draft
from billing.errors import RollcallError
from billing.invoice import draft_invoice
from billing.money import text_of
from storage import clients, facts, invoices
from storage.codec import decode, encode
from storage.database import Database, Session
from storage.ids import id_of
from storage.tables import InvoiceRow

_NAMED_AT_MOST = 3


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many documents came out the same, how many can't be drafted again, and what differs, a sentence each."""

    same: int
    without_facts: int
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Issued:
    number: str
    row: InvoiceRow
    draft: Draft


def replay(database: Database) -> Replayed:
    """Drafts every issued document again, client by client in the order of issue: none rests on another client's."""
    same, without_facts, problems = 0, 0, list[str]()
    with database.read() as session:
        for client in clients.every(session):
            for found in _of_client(session, id_of(client)):
                same += found == ""
                without_facts += found is None
                problems += [found] if found else []
    return Replayed(same, without_facts, tuple(problems))


def _of_client(session: Session, client_id: int) -> Iterator[str | None]:
    """For each document what differs, "" where nothing does; None for one that can't be drafted again."""
    rows = invoices.issued(session, client_id)
    issued = [_Issued(row.number_text or "", row, invoices.content(row)) for row in rows]
    drafts = {each.number: each.draft for each in issued}
    for each in issued:
        again = _credited(each, issued) if each.row.corrects_id is not None else _drafted(session, each, drafts)
        yield again if again is None or isinstance(again, str) else _difference(each, again)


def _drafted(session: Session, issued: _Issued, drafts: Mapping[str, Draft]) -> Draft | str | None:
    """A run's document again; what keeps it from being drafted in words; None where nothing was kept of it."""
    content = facts.stored(session, id_of(issued.row))
    if content is None:
        return None
    try:
        draft = draft_invoice(facts.snapshot_of(content, drafts), issued.row.bill_date)
    except KeyError as missing:
        return f"{issued.number} can't be drafted again: {missing.args[0]} isn't there any more."
    except (RollcallError, ValueError) as error:
        return f"{issued.number} can't be drafted again: {error}"
    return draft or f"{issued.number}: drafted again, nothing would be owed."


def _credited(issued: _Issued, every: list[_Issued]) -> Draft | str:
    """A credit note that a person gave, again: of which line and amount stands in it."""
    of = next((each for each in every if each.row.id == issued.row.corrects_id), None)
    if of is None:
        return f"{issued.number} corrects a document that isn't there."
    before = [each for each in every if each.row.corrects_id == of.row.id and id_of(each.row) < id_of(issued.row)]
    earlier = tuple(each.draft for each in before)
    draft = issued.draft
    lines = {charge.credits_line for charge in draft.charges}
    line = next(iter(lines)) if len(lines) == 1 else None
    found: Draft | str = f"{issued.number} can't be credited again."
    for wanted in ((None, None), (line, None), (line, -draft.subtotal_minor), (None, -draft.subtotal_minor)):
        try:
            found = credit(of.draft, of.number, earlier, draft.bill_date, draft.reason or "", *wanted)
        except RollcallError as error:
            found = f"{issued.number} can't be credited again: {error}"
            continue
        if _plain(found) == draft:
            return found
    return found


def _difference(issued: _Issued, again: Draft) -> str:
    """What comes out otherwise, in a sentence; nothing where all of it is the same."""
    was, now = issued.draft, _plain(again)
    if was == now:
        return ""
    currency = was.currency
    if was.total_minor != now.total_minor or was.currency != now.currency:
        totals = f"{text_of(now.total_minor, now.currency)} {now.currency}, not {text_of(was.total_minor, currency)}"
        return f"{issued.number}: drafted again, it comes to {totals}. {_lines(was, now)}".rstrip()
    return f"{issued.number}: drafted again, it says something else with the same total. {_lines(was, now)}".rstrip()


def _lines(was: Draft, now: Draft) -> str:
    """The first lines that differ, with both amounts."""
    before, after = _amounts(was), _amounts(now)
    differing = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    told = [
        f"{name} from {start}: {text_of(after.get((name, start), 0), was.currency)}, not "
        f"{text_of(before.get((name, start), 0), was.currency)}"
        for name, start in differing[:_NAMED_AT_MOST]
    ]
    more = len(differing) - len(told)
    return "; ".join(told) + (f" and {more} more" if more > 0 else "") + ("." if told else "")


def _amounts(draft: Draft) -> dict[tuple[str, str], int]:
    return {_key(charge): charge.amount_minor for charge in draft.charges}


def _key(charge: Charge) -> tuple[str, str]:
    return charge.item.name, str(charge.period.start)


def _plain(draft: Draft) -> Draft:
    """As it would be stored."""
    return decode(Draft, encode(draft))
