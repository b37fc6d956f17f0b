"""What somebody is asked who approves a change otherwise than its card shows it: from which day, and without whom."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from checks.bounds import earliest_without_a_biller
from commands.actors import Actor, Clock
from commands.approvals import refuse_others
from commands.change_cards import ChangeView, change_view
from commands.changes import NoSuchChange
from commands.permissions import UseCase, may, require
from documents.document import NAME_ERASED
from storage import changes, clients, identities
from storage.database import Database, Session
from storage.tables import ChangeItemRow


@dataclass(frozen=True, slots=True)
class Choice:
    """What can be left out of an approval as one: an item, or the two of somebody who moves between rosters.

    `rosters` are where somebody leaves and then where they join, or what is counted.
    """

    numbers: tuple[int, ...]
    kind: str
    name: str
    rosters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ApprovalForm:
    """The change, how far back this approver may reach (None: as far as they want), and whom they left out so far."""

    change: ChangeView
    earliest: date | None
    left_out: tuple[Choice, ...] = ()


def approval_form(
    database: Database, actor: Actor, clock: Clock, change_id: int, numbers: Iterable[int] = ()
) -> ApprovalForm:
    """What is asked of whoever may decide a change; `numbers` are those of the items that they leave out.

    Raises:
        NoSuchChange, NotAllowed, OthersDecide: as named.

    """
    with database.read() as session:
        require(session, actor, UseCase.DECIDE_CHANGE)
        row = changes.newest(session, change_id)
        if row is None:
            raise NoSuchChange(f"There is no change {change_id}.")
        client = clients.get(session, row.client_id)
        refuse_others(session, actor, client, change_id)
        wanted = set(numbers)
        everything = _choices(session, changes.item_rows(session, row.id, row.revision)) if wanted else iter(())
        is_free = may(session, actor, UseCase.BACKDATE)
        return ApprovalForm(
            change=change_view(session, row, actor),
            earliest=None if is_free else earliest_without_a_biller(clock.today(client.timezone)),
            left_out=tuple(choice for choice in everything if wanted.issuperset(choice.numbers)),
        )


def search_choices(
    database: Database, actor: Actor, target: tuple[int, int], words: str, most: int
) -> tuple[Choice, ...]:
    """What can be left out of a revision and is called like that, in the order of its items, at most so many.

    Raises:
        NotAllowed: as named.

    """
    sought = words.casefold().split()

    def fits(choice: Choice) -> bool:
        told = " ".join((choice.name, *choice.rosters)).casefold()
        return all(word in told for word in sought)

    with database.read() as session:
        require(session, actor, UseCase.DECIDE_CHANGE)
        return tuple(islice(filter(fits, _choices(session, changes.item_rows(session, *target))), most))


def _choices(session: Session, rows: Sequence[ChangeItemRow]) -> Iterator[Choice]:
    names = identities.current_names(session, (row.person_id for row in rows if row.person_id is not None))
    leaving = {row.person_id: row for row in rows if row.kind == "leave"}
    moving = {row.person_id for row in rows if row.kind == "join" and row.person_id in leaving}
    for row in rows:
        if row.measure_name is not None:
            yield Choice((row.position,), row.kind, row.measure_name, ())
        elif row.kind == "join" and row.person_id in moving:
            leave = leaving[row.person_id]
            yield Choice((leave.position, row.position), "move", _name(names, row), (_roster(leave), _roster(row)))
        elif row.person_id not in moving:
            yield Choice((row.position,), row.kind, _name(names, row), (_roster(row),))


def _name(names: dict[int, str], row: ChangeItemRow) -> str:
    return names.get(row.person_id or 0, NAME_ERASED)


def _roster(row: ChangeItemRow) -> str:
    return row.roster or ""
