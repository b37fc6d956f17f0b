"""Shapes of who approves what: of the house, with amounts in every currency, and of a client, in its own."""

from typing import Annotated, ClassVar, Final, Literal

from pydantic import Discriminator, Field, Tag

from connectors.books.fields import Count, Currency, SlackId
from connectors.books.shape import Shape

EVERYBODY: Final = "everybody"

_People = Annotated[int, Field(ge=1, le=10**6)]
_Amounts = Annotated[dict[Currency, Count], Field(min_length=1)]


class HouseAutomaticShape(Shape):
    """What is approved by itself."""

    thing: ClassVar = "automatic"
    people: _People
    money: _Amounts
    rule_changes: bool = False


class HouseTwoPeopleShape(Shape):
    """What takes two people."""

    thing: ClassVar = "two_people"
    people: _People | None = None
    money: _Amounts | None = None


class ClientAutomaticShape(Shape):
    """What is approved by itself at a client."""

    thing: ClassVar = "automatic"
    people: _People
    money: Count
    rule_changes: bool = False


class ClientTwoPeopleShape(Shape):
    """What takes two people at a client."""

    thing: ClassVar = "two_people"
    people: _People | None = None
    money: Count | None = None


# The one word is told from what may stand in its place, so that an error is about the one that was meant.
_OffOrLimits = Discriminator(lambda value: "off" if value is False else "limits")
_EverybodyOrNamed = Discriminator(lambda value: "everybody" if value == EVERYBODY else "named")

_Off = Annotated[Literal[False], Tag("off")]
_Everybody = Annotated[Literal["everybody"], Tag("everybody")]
_Named = Annotated[list[SlackId], Field(min_length=1), Tag("named")]


class _ApprovalsShape(Shape):
    """What house and client say alike."""

    own_proposals: bool | None = None
    by: Annotated[_Everybody | _Named, _EverybodyOrNamed] | None = None


class HouseApprovalsShape(_ApprovalsShape):
    """Who approves what, wherever a client says nothing itself."""

    thing: ClassVar = "approvals"
    automatic: Annotated[_Off | Annotated[HouseAutomaticShape, Tag("limits")], _OffOrLimits] | None = None
    two_people: Annotated[_Off | Annotated[HouseTwoPeopleShape, Tag("limits")], _OffOrLimits] | None = None


class ClientApprovalsShape(_ApprovalsShape):
    """Who approves what at a client."""

    thing: ClassVar = "approvals"
    automatic: Annotated[_Off | Annotated[ClientAutomaticShape, Tag("limits")], _OffOrLimits] | None = None
    two_people: Annotated[_Off | Annotated[ClientTwoPeopleShape, Tag("limits")], _OffOrLimits] | None = None
