"""Why an account counts or doesn't, and whose account it is that somebody asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from unicodedata import normalize

from billing.errors import Refused, WrongInput
from commands.actors import Actor
from commands.clients import named
from commands.permissions import UseCase, require
from documents import wording
from documents.document import NAME_ERASED
from documents.format import day
from documents.sources import actor as actor_name
from rosters.verdicts import Reason
from storage import called, changes, rejections, rules, seats
from storage.called import Called, Found
from storage.database import Database, Session
from storage.ids import id_of
from storage.tables import AccountRow, ClientRow, RuleVersionRow

_MOST_LISTED = 10
_APOSTROPHES = str.maketrans("\u2018\u2019\u02bc", "'" * 3)
_NOT_JUDGED = "it wasn't read yet with what the rule asks for"


class NobodyFits(WrongInput):
    """No account of the client has that name, mail or id."""


class SeveralFit(Refused):
    """Several people fit; the message lists them."""


@dataclass(frozen=True, slots=True)
class WhyView:
    """One account's verdict with its reason, and since when. `others` are the other accounts of the same person.

    `detail` is what decided, such as a licence's part number or a group; `rule` says which version of the client's
    rules it was judged by.
    """

    client: str
    who: str
    account: str
    directory: str
    counts: bool
    roster: str | None
    reason: str
    detail: str
    since: date
    seated_since: date | None
    because: str
    sentence: str
    rule_version: int | None = None
    rule: str = ""
    others: "tuple[WhyView, ...]" = ()


def why(database: Database, actor: Actor, client: str, who: str) -> WhyView:
    """Why somebody counts or doesn't; by name, mail, sign-in name or object id, or any part that only one has."""
    with database.read() as session:
        require(session, actor, UseCase.SEE)
        row = named(session, client)
        first, *others = found_by(session, row, who)
        beside = tuple(_why(session, row, found) for found in others)
        return _why(session, row, first, beside)


def _why(session: Session, row: ClientRow, found: Found, others: tuple[WhyView, ...] = ()) -> WhyView:
    account, directory, identity = found
    seat = seats.open_of(session, account.person_id)
    because = wording.verdict(Reason(account.reason), account.detail) if account.reason else _NOT_JUDGED
    verdict = f"counts on {account.roster}" if account.roster else "doesn't count"
    version = _version(session, row, account)
    rule = said_of(version) if version else ""
    told = [
        f"{identity.name or NAME_ERASED} {verdict}, since {day(account.since)}: {because}.",
        f"Judged by {rule}." if rule else "",
        f"The seat on {seat.roster} is open since {day(seat.starts)}." if seat else "There is no open seat.",
        _refused(session, row, account),
        _linked(session, account),
    ]
    return WhyView(
        client=row.slug,
        who=identity.name or NAME_ERASED,
        account=account.object_id,
        directory=directory.name,
        counts=account.roster is not None,
        roster=account.roster,
        reason=account.reason,
        detail=account.detail,
        since=account.since,
        seated_since=seat.starts if seat else None,
        because=because,
        sentence=" ".join(filter(None, told)),
        rule_version=account.rule_version,
        rule=rule,
        others=others,
    )


def said_of(version: RuleVersionRow) -> str:
    """A version of the rules in words: rule version 3 of 4 May 2027, by Ada (command line)."""
    return f"rule version {version.version} of {day(version.since)}, by {actor_name(version.by)}"


def _version(session: Session, client: ClientRow, account: AccountRow) -> RuleVersionRow | None:
    number = account.rule_version
    return rules.by_number(session, id_of(client), [number]).get(number) if number is not None else None


def _refused(session: Session, client: ClientRow, account: AccountRow) -> str:
    """Who decided that the seats stay as they are although the account counts otherwise."""
    standing = [row for row in rejections.of_client(session, id_of(client)) if row.person_id == account.person_id]
    change = changes.newest(session, standing[-1].change_id) if standing else None
    if change is None or change.decided_on is None:
        return ""
    who, when = actor_name(change.decided_by or ""), day(change.decided_on)
    return f"{who} left that out of change {change.id} on {when}: {standing[-1].reason}"


def _linked(session: Session, account: AccountRow) -> str:
    """Which other accounts are the same person's, as somebody said."""
    theirs = called.of_people(session, [account.person_id])
    others = [f"{d.name}/{a.object_id}" for a, d, _ in theirs if a.id != account.id]
    return f"One person with {', '.join(others)}." if others else ""


def one_account(session: Session, client: ClientRow, who: str) -> Found:
    """The only account that a text fits; as `found_by`, but one person's accounts are told apart.

    Raises:
        NobodyFits, SeveralFit: as named.

    """
    fitting = _fitting(session, client, who)
    if len(fitting) > 1:
        raise _several(who, fitting)
    return _first(session, fitting)[0]


def found_by(session: Session, client: ClientRow, who: str) -> list[Found]:
    """The accounts of the one person whom a name, mail, sign-in name or id fits: first those that fit.

    Raises:
        NobodyFits, SeveralFit: it fits none, or several people.

    """
    fitting = _fitting(session, client, who)
    if len({one.person for one in fitting}) > 1:
        raise _several(who, fitting)
    return _first(session, fitting)


def _first(session: Session, fitting: Sequence[Called]) -> list[Found]:
    """All accounts of the people, those that fit before the others."""
    theirs = called.of_people(session, (one.person for one in fitting))
    wanted = {one.account for one in fitting}
    return sorted(theirs, key=lambda found: id_of(found[0]) not in wanted)


def _fitting(session: Session, client: ClientRow, who: str) -> list[Called]:
    wanted = _folded(who)
    exact, part = list[Called](), list[Called]()
    for one in called.every(session, id_of(client)):
        keys = _keys(one)
        if wanted in keys:
            exact.append(one)
        elif wanted and any(wanted in key for key in keys):
            part.append(one)
    if not exact and not part:
        raise NobodyFits(
            f"No account of {client.slug} has {who!r} in its name, mail, sign-in name or id. Write less of it, such as "
            "the family name alone."
        )
    return exact or part


def _several(who: str, fitting: Sequence[Called]) -> SeveralFit:
    shown = (f"{one.name} ({one.reference})" for one in fitting[:_MOST_LISTED])
    more = f" and {len(fitting) - _MOST_LISTED} more" if len(fitting) > _MOST_LISTED else ""
    return SeveralFit(
        f"{who!r} fits {len(fitting)} accounts: {', '.join(shown)}{more}. Write the mail or DIRECTORY/ID of one."
    )


def _keys(one: Called) -> tuple[str, ...]:
    return tuple(_folded(key) for key in (one.name, one.mail, one.upn, one.object_id, one.reference) if key)


def _folded(text: str) -> str:
    """As it is looked for: whatever its case, how its accents are made, and which apostrophe a phone writes."""
    plain = text if text.isascii() else normalize("NFKC", text).translate(_APOSTROPHES)
    return " ".join(plain.split()).casefold()
