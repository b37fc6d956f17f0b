"""From shapes to approval policies, and back to a book's keys."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from billing.errors import WrongInput
from billing.money import parse_minor, text_of
from connectors.books.approval_shapes import (
    EVERYBODY,
    ClientApprovalsShape,
    ClientAutomaticShape,
    ClientTwoPeopleShape,
    HouseApprovalsShape,
    HouseAutomaticShape,
    HouseTwoPeopleShape,
)
from connectors.books.plain_terms import Plain, without_nothing
from connectors.books.problems import at
from rosters.policies import Automatic, Money, Policies, TwoPeople


class LimitsAreMissing(WrongInput):
    """A policy without limits would hold for nothing, or for everything."""


class LimitsContradict(WrongInput):
    """What is approved by itself would take two people."""


def house_policies_of(shape: HouseApprovalsShape | None) -> Policies | None:
    """What the head of a book says; None where it says nothing, so that what is stored stays."""
    return None if shape is None else _policies(shape, None)


def client_policies_of(shape: ClientApprovalsShape | None, currency: str) -> Policies:
    """What a client's book says."""
    return Policies() if shape is None else _policies(shape, currency)


def _policies(shape: HouseApprovalsShape | ClientApprovalsShape, currency: str | None) -> Policies:
    made = Policies(
        automatic=_automatic(shape.automatic, currency),
        two_people=_two_people(shape.two_people, currency),
        own_proposals=shape.own_proposals,
        by=_by(shape.by),
    )
    if made.automatic and made.two_people:
        with at(shape.automatic.line() if shape.automatic else shape.line()):
            _refuse_contradictions(made.automatic, made.two_people)
    return made


def _automatic(
    shape: HouseAutomaticShape | ClientAutomaticShape | Literal[False] | None, currency: str | None
) -> Automatic | Literal[False] | None:
    if shape is None or shape is False:
        return shape
    with at(shape.line("money")):
        return Automatic(shape.people, _money(shape.money, currency), shape.rule_changes)


def _two_people(
    shape: HouseTwoPeopleShape | ClientTwoPeopleShape | Literal[False] | None, currency: str | None
) -> TwoPeople | Literal[False] | None:
    if shape is None or shape is False:
        return shape
    if shape.people is None and shape.money is None:
        with at(shape.line()):
            raise LimitsAreMissing("two_people needs people, money or both: above that, two people approve.")
    with at(shape.line("money")):
        return TwoPeople(shape.people, None if shape.money is None else _money(shape.money, currency))


def _money(written: Decimal | Mapping[str, Decimal], currency: str | None) -> Money:
    amounts = written if isinstance(written, Mapping) else {currency or "": written}
    return {code: parse_minor(amount, code) for code, amount in amounts.items()}


def _by(written: list[str] | Literal["everybody"] | None) -> tuple[str, ...] | None:
    if written is None:
        return None
    return () if written == EVERYBODY else tuple(dict.fromkeys(written))


def _refuse_contradictions(automatic: Automatic, two: TwoPeople) -> None:
    if two.people is not None and automatic.people > two.people:
        raise LimitsContradict(
            f"automatic lets {automatic.people} people through, and more than {two.people} take two_people: "
            "lower the one or raise the other."
        )
    for currency, limit_minor in (two.money or {}).items():
        through_minor = automatic.money.get(currency, 0)
        if through_minor > limit_minor:
            through, limit = (f"{text_of(minor, currency)} {currency}" for minor in (through_minor, limit_minor))
            raise LimitsContradict(
                f"automatic lets {through} through, and more than {limit} take two_people: "
                "lower the one or raise the other."
            )


def policies_keys(policies: Policies, currency: str | None = None) -> Plain:
    """Policies as a book has them: the house's, or a client's in its currency."""
    automatic, two = policies.automatic, policies.two_people
    by = list(policies.by) if policies.by else EVERYBODY if policies.by == () else None
    return without_nothing(
        {
            "automatic": _automatic_keys(automatic, currency) if automatic else automatic,
            "two_people": _two_people_keys(two, currency) if two else two,
            "own_proposals": policies.own_proposals,
            "by": by,
        }
    )


def _automatic_keys(automatic: Automatic, currency: str | None) -> Plain:
    keys: Plain = {"people": automatic.people, "money": _amounts(automatic.money, currency)}
    return keys | ({"rule_changes": True} if automatic.rule_changes else {})


def _two_people_keys(two: TwoPeople, currency: str | None) -> Plain:
    money = None if two.money is None else _amounts(two.money, currency)
    return without_nothing({"people": two.people, "money": money})


def _amounts(money: Money, currency: str | None) -> object:
    texts = {code: text_of(amount_minor, code) for code, amount_minor in money.items()}
    return texts if currency is None else texts.get(currency)
