"""Shapes of the whole book and of a client: who it is, who counts, what was counted."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from checks.people import INACTIVE_DAYS
from connectors.books.agreement_shapes import AgreementShape, OneMeasure, ProductShape, TemplateShape
from connectors.books.approval_shapes import ClientApprovalsShape, HouseApprovalsShape
from connectors.books.directories import AnyDirectoryShape
from connectors.books.document import Block, Items
from connectors.books.fields import (
    AccountReference,
    Channel,
    Count,
    Country,
    Currency,
    Day,
    Domain,
    Exact,
    Locale,
    Quantity,
    Series,
    Slug,
    Text,
    TimeOfDay,
    TimeZone,
    When,
    only,
    refused,
    unexpected,
)
from connectors.books.price_shapes import RateShape
from connectors.books.shape import Shape
from connectors.books.values import SYNC_AT


class SellerShape(Shape):
    """The MSP as it stands on a document."""

    thing: ClassVar = "the seller"
    name: Text
    address: list[Text] | None = None
    country: Country | None = None
    tax_id: Text | None = None
    invoice_series: Series = "INV"
    credit_series: Series = "CN"


class DigestShape(Shape):
    """What a channel is told, and when."""

    thing: ClassVar = "a digest"
    channel: Channel
    at: When
    timezone: TimeZone = "UTC"
    clients: Annotated[list[Slug], Field(min_length=1)] | None = None


class BookShape(Shape):
    """The file as a whole; its clients are shaped one by one."""

    thing: ClassVar = "the book"
    version: Literal[1]
    seller: SellerShape | None = None
    products: list[ProductShape] | None = None
    templates: list[TemplateShape] | None = None
    digests: list[DigestShape] | None = None
    approvals: HouseApprovalsShape | None = None
    money_from: Literal["viewer", "approver", "biller", "admin"] | None = None
    clients: list[Any] | None = None


class ExclusionShape(Shape):
    """Accounts that don't count."""

    thing: ClassVar = "an exclusion"
    upn: Text | None = None
    mail: Text | None = None
    name: Text | None = None
    id: Text | None = None
    department: Text | None = None
    reason: Text
    owner: Text | None = None
    service_account: bool = False


class NamingShape(Shape):
    """Accounts that count since somebody named them."""

    thing: ClassVar = "an entry of include"
    upn: Text | None = None
    mail: Text | None = None
    name: Text | None = None
    id: Text | None = None
    department: Text | None = None


class LicencesShape(Shape):
    """Which licences make an account count, and which never do."""

    thing: ClassVar = "licences"
    count: list[Text] | None = None
    ignore: list[Text] | None = None


class RuleShape(Shape):
    """Who belongs to a roster."""

    thing: ClassVar = "a rule"
    basis: Literal["licensed", "enabled", "group", "manual"] = "licensed"
    licences: LicencesShape | None = None
    groups: list[Text] | None = None
    include: list[NamingShape] | None = None
    mailboxes: bool = False
    exclude: list[ExclusionShape] | None = None
    own_domains: list[Domain] | None = None
    directories: list[Text] | None = None
    guests: Annotated[
        Literal[False], only(default=False, sentence="this version never bills guests; leave out guests or write false")
    ] = False


class RosterShape(Shape):
    """A named list of people."""

    thing: ClassVar = "a roster"
    name: Text
    rule: RuleShape | None = None


def _counted(value: object) -> object:
    """A bare word is a roster's name; what a meter reads stands elsewhere, and what is fixed on its line."""
    if isinstance(value, Block) and value.get("usage") is not None:
        raise refused("what a meter reads stands under usage, not under quantities.")
    if isinstance(value, Block) and value.get("fixed") is not None:
        raise refused("a fixed number stands under count, on its line, not under quantities.")
    if isinstance(value, str):
        block = Block(0)
        block.place("roster", value, 0, 0)
        return block
    return value


class QuantityShape(Shape):
    """From a day on, so many of something."""

    thing: ClassVar = "a quantity"
    of: Annotated[OneMeasure, BeforeValidator(_counted)]
    on: Day
    quantity: Quantity
    known: Day | None = None


class ReadingShape(Shape):
    """What a meter read."""

    thing: ClassVar = "a reading"
    meter: Text
    on: Day
    amount: Count
    key: Text
    unbilled: bool = False


class BilledShape(Shape):
    """What was billed elsewhere."""

    thing: ClassVar = "an amount billed elsewhere"
    line_name: Text = Field(alias="line")
    since: Day = Field(alias="from")
    to: Day
    amount: Exact
    confirmed: bool = False


class PersonShape(Shape):
    """The accounts of somebody who has several."""

    thing: ClassVar = "a person"
    same: list[AccountReference]


class CategoryShape(Shape):
    """A tax category: named rates, or none and the reason for that."""

    thing: ClassVar = "a tax category"
    rates: list[RateShape] | None = None
    exempt: Annotated[list[Any], Field(max_length=0)] | None = None
    reason: Text | None = None


def _category(value: object) -> object:
    if isinstance(value, Items):
        block = Block(0)
        block.place("rates", value, 0, 0)
        return block
    return value


def _has_no_rates(category: object) -> bool:
    """Whether a category bears no tax and doesn't say itself why."""
    return category in ([], {"exempt": []})


def _reason_spread(value: object) -> object:
    """A text under `reason` beside the categories is the reason of those that have no rates."""
    if not isinstance(value, Block) or not isinstance(value.get("reason"), str):
        return value
    reason, line = value["reason"], value.value_lines["reason"]
    if not any(map(_has_no_rates, value.values())):
        raise unexpected("a category without rates, such as exempt: [], that the reason belongs to")
    spread = Block(value.line)
    for key, found in value.items():
        if key == "reason":
            continue
        category = found
        if _has_no_rates(found):
            category = Block(value.value_lines[key])
            category.place("reason", reason, line, line)
        spread.place(key, category, value.key_lines[key], value.value_lines[key])
    return spread


class ClientShape(Shape):
    """One client."""

    thing: ClassVar = "a client"
    slug: Slug
    name: Text
    currency: Currency
    timezone: TimeZone = "UTC"
    locale: Locale = "en_US"
    channel: Channel | None = None
    sync_at: TimeOfDay = SYNC_AT
    inactive_days: Annotated[int, Field(ge=1, le=3650)] = INACTIVE_DAYS
    approvals: ClientApprovalsShape | None = None
    address: list[Text] | None = None
    country: Country | None = None
    tax_id: Text | None = None
    reference: Text | None = None
    terms_days: Annotated[int, Field(ge=0, le=365)] = 30
    bill_day: Annotated[int, Field(ge=1, le=31)] | None = None
    taxes: (
        Annotated[dict[Text, Annotated[CategoryShape, BeforeValidator(_category)]], BeforeValidator(_reason_spread)]
        | None
    ) = None
    directories: list[AnyDirectoryShape] | None = None
    people: list[PersonShape] | None = None
    rosters: list[RosterShape] | None = None
    agreements: list[AgreementShape] | None = None
    quantities: list[QuantityShape] | None = None
    usage: list[ReadingShape] | None = None
    billed: list[BilledShape] | None = None
