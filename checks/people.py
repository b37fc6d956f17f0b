"""What is wrong with who counts: a shared directory that isn't split cleanly, and licences that nobody needs or counts.

Names are here only to be shown; who is meant is decided by ids.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from checks.mismatches import IdleLicence, Inactive, Mismatch, Shared, UncoveredLicence, Undecided, Unruled
from rosters.rules import Roster
from rosters.split import Part, gap, overlaps
from rosters.verdicts import Reason, is_free, is_named

INACTIVE_DAYS = 60
# Nobody signs in to these, so a paid licence on one may well be forgotten.
_NO_PERSON = frozenset({Reason.SHARED_MAILBOX, Reason.ROOM, Reason.DISABLED, Reason.SERVICE_ACCOUNT})


@dataclass(frozen=True, slots=True)
class Standing:
    """One account that is in a client's directory, with its verdict and what a check looks at.

    `knows_licences` says whether its directory knows which ones it has.
    """

    name: str
    reason: Reason
    counts: bool
    licences: tuple[str, ...] = ()
    last_sign_in: date | None = None
    person: int = 0
    directory: str = ""
    knows_licences: bool = True


@dataclass(frozen=True, slots=True)
class Split:
    """One source with the parts that several clients have of it; `mine` is the client's, `names` are those of ids."""

    mine: Part
    parts: tuple[Part, ...]
    names: Mapping[str, str]


def about_people(
    client: str,
    today: date,
    rosters: Sequence[Roster],
    counted_licences: Collection[str],
    standing: Sequence[Standing],
    splits: Iterable[Split],
    inactive_days: int = INACTIVE_DAYS,
) -> Iterator[Mismatch]:
    """Every mismatch about who counts at a client; `counted_licences` are those that its lines count."""
    for split in splits:
        yield from _split(client, split)
    for undecided in _undecided(standing):
        yield Mismatch(client, "R03", "hold", None, undecided)
    unruled = Counter(one.directory for one in standing if one.reason is Reason.NO_ROSTER)
    for directory, accounts in sorted(unruled.items()) if rosters else ():
        yield Mismatch(client, "R03", "warn", None, Unruled(directory, accounts))
    for uncovered in _uncovered(rosters, counted_licences, standing):
        yield Mismatch(client, "R11", "warn", None, uncovered)
    for idle in _idle(standing):
        yield Mismatch(client, "R13", "info", None, idle)
    inactive = sorted(
        one.name
        for one in standing
        if one.counts and one.last_sign_in is not None and (today - one.last_sign_in).days > inactive_days
    )
    if inactive:
        yield Mismatch(client, "R13", "info", None, Inactive(inactive_days, tuple(inactive)))


def _split(client: str, split: Split) -> Iterator[Mismatch]:
    mine = split.mine
    for overlap in overlaps(split.parts):
        if mine in overlap.parts:
            other = overlap.parts[1] if overlap.parts[0] == mine else overlap.parts[0]
            shared = Shared(_called(mine), (_called(other),), _named(split, overlap.ids), is_gap=False)
            yield Mismatch(client, "R12", "hold", None, shared)
    nobodys = gap(split.parts)
    if nobodys:
        others = tuple(_called(part) for part in split.parts if part != mine)
        yield Mismatch(client, "R03", "hold", None, Shared(_called(mine), others, _named(split, nobodys), is_gap=True))


def _called(part: Part) -> str:
    return f"{part.client}/{part.directory}"


def _named(split: Split, ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(split.names.get(object_id, object_id) for object_id in ids))


def _undecided(standing: Sequence[Standing]) -> Iterator[Undecided]:
    """Whom no other account of theirs decides, directory by directory."""
    decided = {
        one.person
        for one in standing
        if one.counts or (one.knows_licences and one.reason is not Reason.LICENCES_UNKNOWN)
    }
    found: dict[str, list[str]] = {}
    for one in standing:
        if one.reason is Reason.LICENCES_UNKNOWN and one.person not in decided:
            found.setdefault(one.directory, []).append(one.name)
    for directory, who in sorted(found.items()):
        yield Undecided(directory, tuple(sorted(who)))


def _uncovered(
    rosters: Sequence[Roster], counted_licences: Collection[str], standing: Iterable[Standing]
) -> Iterator[UncoveredLicence]:
    """Where rules name the licences that count, one that none of them names may be a new one."""
    rules = [roster.rule for roster in rosters if roster.rule.basis == "licensed"]
    if not rules or not all(rule.counted_licences for rule in rules):
        return
    found: dict[str, int] = {}
    for one in standing:
        for licence in one.licences if one.reason is not Reason.ELSEWHERE else ():
            found[licence] = found.get(licence, 0) + 1
    known = {licence.casefold() for licence in counted_licences}
    for licence, people in sorted(found.items()):
        named = licence.casefold() in known or any(is_named(licence, rule) for rule in rules)
        if not named and not is_free(licence):
            yield UncoveredLicence(licence, people)


def _idle(standing: Iterable[Standing]) -> Iterator[IdleLicence]:
    found: dict[Reason, list[tuple[str, tuple[str, ...]]]] = {}
    for one in standing:
        paid = tuple(licence for licence in one.licences if not is_free(licence))
        if one.reason in _NO_PERSON and paid:
            found.setdefault(one.reason, []).append((one.name, paid))
    for reason, accounts in found.items():
        licences = sorted({licence for _, paid in accounts for licence in paid})
        yield IdleLicence(reason, tuple(sorted(name for name, _ in accounts)), tuple(licences))
