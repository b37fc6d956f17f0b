"""From shapes to rosters and their rules, and back to a book's keys."""

from billing.errors import WrongInput
from connectors.books.client_shapes import ExclusionShape, NamingShape, RosterShape, RuleShape
from connectors.books.plain_terms import Plain, without_nothing
from connectors.books.problems import at
from rosters.rules import Exclusion, Naming, PatternField, Roster, Rule

_FIELDS: tuple[PatternField, ...] = ("upn", "mail", "name", "id", "department")


class PatternIsMissing(WrongInput):
    """An entry names nobody, or in two ways at once."""


class LicencesDoNothing(WrongInput):
    """Licences under a basis that doesn't go by them."""


def roster_of(shape: RosterShape) -> Roster:
    """A named list of people."""
    return Roster(shape.name, _rule(shape.rule) if shape.rule else Rule())


def _rule(shape: RuleShape) -> Rule:
    licences = shape.licences
    if licences is not None and (licences.count or licences.ignore) and shape.basis != "licensed":
        with at(shape.line("licences")):
            message = f"The basis {shape.basis} doesn't look at licences: write basis: licensed, or leave them out."
            raise LicencesDoNothing(message)
    with at(shape.line()):
        return Rule(
            basis=shape.basis,
            counted_licences=tuple(licences.count or ()) if licences else (),
            ignored_licences=tuple(licences.ignore or ()) if licences else (),
            exclude=tuple(_exclusion(entry) for entry in shape.exclude or ()),
            own_domains=tuple(shape.own_domains or ()),
            groups=tuple(shape.groups or ()),
            include=tuple(Naming(*_named(entry, "an entry of include")) for entry in shape.include or ()),
            mailboxes=shape.mailboxes,
            directories=tuple(shape.directories or ()),
        )


def _exclusion(shape: ExclusionShape) -> Exclusion:
    field, pattern = _named(shape, "an exclusion")
    return Exclusion(field, pattern, shape.reason, shape.owner, shape.service_account)


def _named(shape: ExclusionShape | NamingShape, thing: str) -> tuple[PatternField, str]:
    named = [(field, pattern) for field in _FIELDS if (pattern := getattr(shape, field)) is not None]
    if len(named) != 1:
        with at(shape.line()):
            raise PatternIsMissing(f"{thing} needs a pattern; expected exactly one of {', '.join(_FIELDS)}.")
    return named[0]


def roster_keys(roster: Roster) -> Plain:
    """A roster as a book has it; what is at its default is left out."""
    return without_nothing({"name": roster.name, "rule": _rule_keys(roster.rule)})


def _rule_keys(rule: Rule) -> Plain:
    licences = {"count": list(rule.counted_licences), "ignore": list(rule.ignored_licences)}
    return without_nothing(
        {
            "basis": rule.basis,
            "licences": without_nothing(licences) if rule.basis == "licensed" else None,
            "groups": list(rule.groups),
            "include": [{entry.field: entry.pattern} for entry in rule.include],
            "mailboxes": rule.mailboxes or None,
            "exclude": [_exclusion_keys(exclusion) for exclusion in rule.exclude],
            "own_domains": list(rule.own_domains),
            "directories": list(rule.directories),
        }
    )


def _exclusion_keys(exclusion: Exclusion) -> Plain:
    return without_nothing(
        {
            exclusion.field: exclusion.pattern,
            "reason": exclusion.reason,
            "owner": exclusion.owner,
            "service_account": exclusion.service_account or None,
        }
    )
