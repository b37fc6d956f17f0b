"""The directory that a reading is of, and whether it is still the same when the reading is taken in."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from billing.errors import Refused
from billing.quantities import Measure
from connectors.directories import KINDS
from rosters.rules import Roster, Wanted, about, others_know, wanted
from rosters.split import Scope
from storage import clients, directories
from storage.database import Session
from storage.ids import id_of
from storage.tables import ClientRow, DirectoryRow


class ReadingIsOutdated(Refused):
    """What was read is of a directory that the book has changed since, or older than what is stored.

    `is_superseded` says that a newer reading is stored, so that nothing is missing.
    """

    def __init__(self, message: str, *, is_superseded: bool = False) -> None:
        super().__init__(message)
        self.is_superseded = is_superseded


@dataclass(frozen=True, slots=True)
class Target:
    """One directory to read, as it was when the reading began; `wanted` is what rules and lines ask for.

    `newest` is the id of the last reading that came to its end before.
    """

    id: int
    client: str
    name: str
    kind: str
    settings: Mapping[str, object]
    cursor: str | None
    wanted: Wanted
    newest: int | None


def targets_of(session: Session, client: ClientRow) -> list[Target]:
    """The directories of a client, as they would be read now."""
    return [
        Target(
            id=id_of(row),
            client=client.slug,
            name=row.name,
            kind=row.kind,
            settings=json.loads(row.settings),
            cursor=row.cursor,
            wanted=_wanted(session, client, row),
            newest=directories.newest_reading(session, id_of(row)),
        )
        for row in directories.of_client(session, id_of(client))
    ]


def asked_of(
    directory: str, kinds: Mapping[str, str], rosters: Iterable[Roster], measures: Iterable[Measure], scope: Scope
) -> Wanted:
    """What is asked of one of a client's directories; `kinds` has the kind of each by its name.

    Licences are asked for by the rules that are about it. Where another directory may know them, one that doesn't is
    read all the same: whom no rule can judge for that is told (R03).
    """
    rosters = tuple(rosters)
    knowing = [name for name, kind in kinds.items() if kind not in KINDS or KINDS[kind].knows_licences]
    elsewhere = others_know(rosters, directory, knowing)
    return wanted(about(rosters, directory), measures, scope.groups, or_without_licences=elsewhere)


def _wanted(session: Session, client: ClientRow, directory: DirectoryRow) -> Wanted:
    kinds = {row.name: row.kind for row in directories.of_client(session, id_of(client))}
    rosters, measures = clients.rosters_of(session, id_of(client)), clients.terms(session, client).measures()
    return asked_of(directory.name, kinds, rosters, measures, directories.scope_of(directory))


def locked(session: Session, target: Target) -> tuple[DirectoryRow, ClientRow]:
    """The directory with its client, held by this transaction; what was read of it is still worth taking.

    Raises:
        ReadingIsOutdated: it isn't.

    """
    row = directories.find(session, target.id)
    if row is None:
        raise ReadingIsOutdated("the book doesn't name it any more, so the reading was dropped")
    client = clients.lock(session, row.client_id)
    session.refresh(row)
    if (row.kind, json.loads(row.settings)) != (target.kind, target.settings):
        raise ReadingIsOutdated("the book changed where it is while it was read, so that was dropped; sync again")
    if not target.wanted.covers(_wanted(session, client, row)):
        raise ReadingIsOutdated("the book began to ask for more meanwhile, so the reading was dropped; sync again")
    if directories.newest_reading(session, target.id) != target.newest:
        message = "another reading came first, so this one was dropped; the next one goes on from there"
        raise ReadingIsOutdated(message, is_superseded=True)
    return row, client
