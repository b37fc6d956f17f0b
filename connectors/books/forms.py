"""One client by a form: read by the same shapes and rules as a book, and refused at the field that it is about."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, get_origin

from billing.errors import WrongInput
from connectors.books.document import Block, Items
from connectors.books.problems import BookIsWrong, Problems
from connectors.books.reader import book_of
from connectors.books.values import Book, Catalogue
from connectors.directories import KINDS
from connectors.directories.kinds import NamedSecret

NAME, SLUG, CURRENCY, TIMEZONE, CHANNEL = "name", "slug", "currency", "timezone", "channel"
ADDRESS, COUNTRY, TAX = "address", "country", "tax"
KIND, ROSTER, BASIS, GROUPS = "kind", "roster", "basis", "groups"
TEMPLATE, START, BILLS_FROM = "template", "start", "bills_from"
_SETTING = "setting."
# As in "Sales tax 8.25 %".
_TAX = re.compile(r"(?P<name>.*\S)\s+(?P<rate>\d+(?:[.,]\d+)?)\s*%?")
_NOT_IN_A_SLUG = re.compile(r"[^a-z0-9]+")


class FormIsWrong(WrongInput):
    """What was filled in makes no client; `faults` says by field what is wrong with it."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        """Keeps the faults for the form."""
        super().__init__(" ".join(f"{field}: {fault}." for field, fault in faults.items()))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Setting:
    """Something that a kind of directory must be told; `hint` says how it is written."""

    field: str
    key: str
    hint: str


def settings_of(kind: str) -> tuple[Setting, ...]:
    """What a form asks of a directory of this kind; nothing for an unknown one."""
    if kind not in KINDS:
        return ()
    fields = KINDS[kind].settings.model_fields
    required = ((key, field.annotation) for key, field in fields.items() if field.is_required())
    return tuple(Setting(f"{_SETTING}{key}", key, _hint(kind, key, shape)) for key, shape in required)


def _hint(kind: str, key: str, shape: Any) -> str:
    if shape is NamedSecret:
        return "the name of a stored secret: rollcall secret set NAME"
    if key in KINDS[kind].files:
        return "a file on the machine that Rollcall runs on"
    return "several with a space between" if get_origin(shape) is tuple else ""


def slug_of(name: str) -> str:
    """A slug for a name: "Acme Corp." becomes acme-corp."""
    return _NOT_IN_A_SLUG.sub("-", name.lower()).strip("-")


def client_by_form(answers: Mapping[str, str], stored: Catalogue) -> Book:
    """The book of one client as it was filled in; an empty answer counts as none.

    Raises:
        FormIsWrong: with a sentence for each field that is wrong.

    """
    given = {field: answer.strip() for field, answer in answers.items() if answer.strip()}
    fields = list(dict.fromkeys((NAME, *answers)))
    problems, form = Problems("form"), _Form(given, {field: line for line, field in enumerate(fields)})
    try:
        book = book_of(form.root(), Path("/"), stored, problems)
    except BookIsWrong:
        book = Book()
    faults = {fields[line]: text for line, text in problems.by_line.items()} | form.faults
    if faults:
        raise FormIsWrong(faults)
    return replace(book, read_with=stored)


class _Form:
    """Answers as a book's plain data, in which the number of an answer's field stands for its line."""

    def __init__(self, given: Mapping[str, str], lines: Mapping[str, int]) -> None:
        self._given = given
        self._lines = lines
        self.faults: dict[str, str] = {}

    def root(self) -> Block:
        """The book of the one client."""
        client = self._block({key: key for key in (NAME, CURRENCY, TIMEZONE, CHANNEL, COUNTRY)})
        self._put(client, SLUG, self._given.get(SLUG) or slug_of(self._given.get(NAME, "")), SLUG)
        address = [line.strip() for line in self._given.get(ADDRESS, "").splitlines() if line.strip()]
        if address:
            self._put(client, ADDRESS, self._items(address, ADDRESS), ADDRESS)
        for key, found in (
            ("taxes", self._taxes()),
            ("directories", self._directories()),
            ("rosters", self._rosters()),
            ("agreements", self._agreements()),
        ):
            self._put(client, key, found, {"taxes": TAX, "rosters": ROSTER, "agreements": TEMPLATE}.get(key, KIND))
        root = Block(0)
        root.place("version", 1, 0, 0)
        root.place("clients", Items([client], [0]), 0, 0)
        return root

    def _taxes(self) -> Block:
        taxes = Block(self._line(TAX))
        written = self._given.get(TAX)
        rates = Items()
        if written is not None:
            match = _TAX.fullmatch(written)
            if match is None:
                self.faults[TAX] = f"found '{written}'; expected a name and a rate, such as Sales tax 8.25"
            else:
                rate = Block(self._line(TAX))
                self._put(rate, "name", match["name"], TAX)
                self._put(rate, "rate", match["rate"].replace(",", "."), TAX)
                rates = Items([rate], [self._line(TAX)])
        self._put(taxes, "standard", rates, TAX)
        self._put(taxes, "none", Items(), TAX)
        return taxes

    def _directories(self) -> Items:
        kind = self._given.get(KIND, "")
        if kind not in KINDS:
            return Items()
        directory = Block(self._line(KIND))
        self._put(directory, "name", kind, KIND)
        self._put(directory, "kind", kind, KIND)
        for setting in settings_of(kind):
            if setting.field in self._given:
                self._put(directory, setting.key, self._setting(kind, setting), setting.field)
        return Items([directory], [self._line(KIND)])

    def _setting(self, kind: str, setting: Setting) -> object:
        written, shape = self._given[setting.field], KINDS[kind].settings.model_fields[setting.key].annotation
        if shape is NamedSecret:
            named = Block(self._line(setting.field))
            self._put(named, "secret", written, setting.field)
            return named
        return self._items(written.split(), setting.field) if get_origin(shape) is tuple else written

    def _rosters(self) -> Items:
        rule = Block(self._line(BASIS))
        self._put(rule, "basis", self._given.get(BASIS, "licensed"), BASIS)
        groups = [each for each in map(str.strip, self._given.get(GROUPS, "").split(",")) if each]
        if groups:
            self._put(rule, "groups", self._items(groups, GROUPS), GROUPS)
        roster = Block(self._line(ROSTER))
        self._put(roster, "name", self._given.get(ROSTER, "full"), ROSTER)
        self._put(roster, "rule", rule, BASIS)
        return Items([roster], [self._line(ROSTER)])

    def _agreements(self) -> Items:
        if TEMPLATE not in self._given:
            return Items()
        agreement = Block(self._line(TEMPLATE))
        self._put(agreement, "name", self._given[TEMPLATE], TEMPLATE)
        self._put(agreement, "template", self._given[TEMPLATE], TEMPLATE)
        for key, field in ((START, START), (BILLS_FROM, BILLS_FROM)):
            if field in self._given:
                self._put(agreement, key, self._day(field), field)
        return Items([agreement], [self._line(TEMPLATE)])

    def _day(self, field: str) -> object:
        written = self._given[field]
        try:
            return date.fromisoformat(written)
        except ValueError:
            return written

    def _block(self, fields: Mapping[str, str]) -> Block:
        block = Block(0)
        for key, field in fields.items():
            if field in self._given:
                self._put(block, key, self._given[field], field)
        return block

    def _items(self, values: list[str], field: str) -> Items:
        return Items(values, [self._line(field)] * len(values))

    def _put(self, block: Block, key: str, value: object, field: str) -> None:
        block.place(key, value, self._line(field), self._line(field))

    def _line(self, field: str) -> int:
        return self._lines.get(field, 0)
