"""Saying that two accounts are one human's, or two people's: decided in Slack, the shell or the book."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from billing.errors import Refused, WrongInput
from commands.actors import Actor, Clock
from commands.clients import named_to_alter
from commands.permissions import UseCase, require
from commands.rejudging import rejudge
from commands.why import one_account
from connectors.books.values import BookClient
from rosters.links import Pair, pair_of
from storage import audit, clients, directories, links
from storage.database import Database, Session
from storage.ids import id_of
from storage.tables import ClientRow


class AccountIsUnknown(WrongInput):
    """The book links an account that no reading has shown, or a click one that is gone."""


class OneAccountOnly(WrongInput):
    """Both texts mean the same account."""


class StillLinked(Refused):
    """Both accounts are one human's through others."""


def link(database: Database, actor: Actor, clock: Clock, client: str, who: str, other: str, *, same: bool) -> str:
    """Says of two accounts, named as `users why` names them, whether they are one human's; gives back a sentence.

    Raises:
        OneAccountOnly, StillLinked, NobodyFits, SeveralFit, NotAllowed: as named.

    """
    with database.write("link") as session:
        require(session, actor, UseCase.LINK)
        row = clients.lock(session, id_of(named_to_alter(session, client)))
        pair = (id_of(one_account(session, row, who)[0]), id_of(one_account(session, row, other)[0]))
        return _decided(session, actor, clock, row, pair, same=same)


def decide(database: Database, actor: Actor, clock: Clock, pair: Pair, *, same: bool) -> str:
    """The same of two accounts by their ids, as a mismatch shows them.

    Raises:
        AccountIsUnknown, StillLinked, NotAllowed: as named.

    """
    with database.write("link") as session:
        require(session, actor, UseCase.LINK)
        found = directories.by_ids(session, pair)
        homes = {directories.get(session, row.directory_id).client_id for row in found.values()}
        if len(found) != len(set(pair)) or len(homes) != 1:
            raise AccountIsUnknown("These accounts aren't known any more. Ask for the list again: /reconcile")
        return _decided(session, actor, clock, clients.lock(session, homes.pop()), pair, same=same)


def put_links(session: Session, actor: Actor, clock: Clock, row: ClientRow, client: BookClient) -> None:
    """Links what the book says is one human's; what it doesn't say stays as it was decided.

    Raises:
        AccountIsUnknown: it names an account that no reading has shown.

    """
    if not client.people:
        return
    known = {name: account for account, name in references(session, row).items()}
    for group in client.people:
        missing = [name for name in group if name.casefold() not in known]
        if missing:
            raise AccountIsUnknown(
                f"{client.slug}: people names {', '.join(missing)}, which no reading has shown. An account is written "
                f"DIRECTORY/OBJECT_ID; read the directories first (rollcall sync {client.slug}), or leave it out."
            )
        said = links.of_client(session, id_of(row))
        for pair in pairwise(dict.fromkeys(known[name.casefold()] for name in group)):
            if not said.get(pair_of(*pair)):
                _say(session, actor, clock, row, pair, same=True)


def written(session: Session, row: ClientRow) -> tuple[tuple[str, ...], ...]:
    """The linked accounts of a client as a book has them, group by group."""
    names = _names(session, row)
    # By name, since ids tell only which directory was read first.
    groups = (tuple(sorted(names[account] for account in group)) for group in links.groups(session, id_of(row)))
    return tuple(sorted(groups))


def references(session: Session, row: ClientRow) -> Mapping[int, str]:
    """How each account of a client is written in a book, without regard to case."""
    return {account: name.casefold() for account, name in _names(session, row).items()}


def _names(session: Session, row: ClientRow) -> dict[int, str]:
    found = directories.accounts_of_client(session, id_of(row))
    return {id_of(account): f"{directory.name}/{account.object_id}" for account, directory, _ in found}


def _decided(session: Session, actor: Actor, clock: Clock, row: ClientRow, pair: Pair, *, same: bool) -> str:
    if pair[0] == pair[1]:
        raise OneAccountOnly("That is one account, not two: write the mail or DIRECTORY/OBJECT_ID of each.")
    names = _names(session, row)
    before = _people(session, pair)
    _say(session, actor, clock, row, pair, same=same)
    told = " and ".join(names[account] for account in pair)
    outcome = "; ".join(rejudge(session, actor, clock, row, by_other_rules=False).sentences)
    now = "are one person's now" if same else "are two people's now"
    if before == _people(session, pair):
        now = "are one person's" if same else "are two people's, and that isn't asked again"
    return f"{row.slug}: {told} {now}{f'; {outcome}' if outcome else ''}."


def _people(session: Session, pair: Iterable[int]) -> list[int]:
    found = directories.by_ids(session, pair)
    return [found[account].person_id for account in sorted(found)]


def _say(session: Session, actor: Actor, clock: Clock, row: ClientRow, pair: Pair, *, same: bool) -> None:
    client_id, today = id_of(row), clock.today(row.timezone)
    is_so = (len(set(_people(session, pair))) == 1) is same
    if is_so and links.of_client(session, client_id).get(pair_of(*pair)) is same:
        # Said already, as when it is typed again after a crash: who said it first stays.
        return
    links.say(session, client_id, pair, actor.id, today, same=same)
    if same:
        links.join(session, client_id, pair, today)
    elif not links.part(session, client_id, pair, today):
        names = _names(session, row)
        told = " and ".join(names[account] for account in pair)
        through = ", ".join(_others(session, client_id, pair, names))
        raise StillLinked(
            f"{told} are one person's through {through} too, so nothing was decided. Unlink one of the two from that "
            f"first: rollcall users {row.slug} unlink WHO WHO --by NAME"
        )
    said = {"accounts": sorted(_names(session, row)[account] for account in pair), "people": _people(session, pair)}
    action = "person.link" if same else "person.unlink"
    audit.append(session, row.slug, clock.now(), actor.id, action, row.slug, said)


def _others(session: Session, client_id: int, pair: Pair, names: Mapping[int, str]) -> Iterator[str]:
    for group in links.groups(session, client_id):
        if set(pair) <= group:
            yield from (names[account] for account in sorted(group - set(pair)))
