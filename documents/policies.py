"""Approval policies in words."""

from collections.abc import Iterator, Mapping

from billing.money import text_of
from rosters.policies import Automatic, Ground, Money, Policies, TwoPeople

_NOT_SAID = "not said"


def altered(whose: str, before: Policies, after: Policies) -> Iterator[str]:
    """What is another policy now, a sentence each, with what it was."""
    was, now = _described(before), _described(after)
    yield from (f"{whose}: {part}: {now[part]} (before: {was[part]})" for part in now if now[part] != was[part])


def applied(people: int, money: str | None, of: str) -> str:
    """The policy that approved a change, with its limits: up to 3 people and $250.00, as the book says for acme.

    Without `money` its limit in money isn't told.
    """
    within = f"up to {_people(people)}" if money is None else _within(people, money)
    return f"{within}, as the book says for {of}"


def left_to_people(ground: Ground, people: tuple[int, int], money: tuple[str, str | None]) -> str:
    """Why a policy didn't approve a change by itself; each pair is what the change has and the policy's limit."""
    match ground:
        case Ground.PEOPLE:
            return f"{_people(people[0])}: above the {people[1]} that policy approves by itself"
        case Ground.MONEY if money[1] is None:
            return f"{money[0]}: policy approves no amount in this currency by itself"
        case Ground.MONEY:
            return f"{money[0]}: above the {money[1]} that policy approves by itself"
        case _:
            return f"{_GROUNDS[ground]}, which policy doesn't approve by itself"


_GROUNDS: Mapping[Ground, str] = {
    Ground.TWO_PEOPLE: "it takes two people",
    Ground.FIRST_COUNT: "a first count",
    Ground.LET_THROUGH: "a reading that somebody let through",
    Ground.RULES: "other rules brought it",
    Ground.BY_HAND: "somebody brought it by hand",
    Ground.REJECTED_BEFORE: "a part of it was rejected, left out or undone before",
    Ground.GOES_BACK_FAR: "it goes further back than an approver may",
}


def _within(people: int, money: str) -> str:
    return f"up to {_people(people)} and {money}"


def _described(policies: Policies) -> dict[str, str]:
    automatic, two = policies.automatic, policies.two_people
    return {
        "approved automatically": _automatic(automatic) if automatic else _off(said=automatic is not None),
        "takes two people": _two_people(two) if two else _off(said=two is not None),
        "one's own proposals may be approved": {None: _NOT_SAID, True: "yes", False: "no"}[policies.own_proposals],
        "who decides": _NOT_SAID if policies.by is None else ", ".join(policies.by) or "everybody with the role",
    }


def _off(*, said: bool) -> str:
    return "nothing" if said else _NOT_SAID


def _automatic(policy: Automatic) -> str:
    rules = ", changes by other rules too" if policy.rule_changes else ""
    return f"{_within(policy.people, _amounts(policy.money))}{rules}"


def _two_people(policy: TwoPeople) -> str:
    limits = [] if policy.people is None else [_people(policy.people)]
    limits += [] if policy.money is None else [_amounts(policy.money)]
    return f"more than {' or '.join(limits)}"


def _amounts(money: Money) -> str:
    return " or ".join(f"{text_of(amount_minor, currency)} {currency}" for currency, amount_minor in money.items())


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number} people"
