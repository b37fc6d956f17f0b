"""Which numbers and readings an import brought: written into its audit entry, so that an explanation can name it."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from billing.money import plain
from billing.quantities import Measure, Reading, Step
from commands.actors import Clock
from documents.sources import Deed
from storage import audit, clients, quantities, readings
from storage.database import Session
from storage.ids import id_of

IMPORT = "book.import"

Fact = tuple[str, ...]
"""A stated number, or a reading, in the words of the audit log."""


class Numbers:
    """The numbers and readings of some clients as they are at one moment, to be compared with those of a later one."""

    def __init__(self, session: Session, slugs: Iterable[str]) -> None:
        """Reads those of the clients that there are."""
        self._held = {slug: frozenset(_facts(session, slug)) for slug in slugs}

    def brought(self, session: Session, clock: Clock, slug: str) -> Mapping[str, Any]:
        """What is there since, and the business date; nothing where nothing is."""
        held = self._held.get(slug, frozenset())
        fresh = [fact for fact in _facts(session, slug) if fact not in held]
        row = clients.by_slug(session, slug)
        return {"on": clock.today(row.timezone).isoformat(), "brought": fresh} if row and fresh else {}


def _facts(session: Session, slug: str) -> Iterator[Fact]:
    row = clients.by_slug(session, slug)
    if row is not None:
        for measure, steps in quantities.stated(session, id_of(row)).items():
            yield from (_number(measure, step) for step in steps)
        for meter, found in readings.of_client(session, id_of(row)).items():
            yield from (_reading(meter, each) for each in found)


def _number(measure: Measure, step: Step) -> Fact:
    return (measure.kind, measure.name, str(step.on), plain(step.quantity), str(step.known or ""))


def _reading(meter: str, reading: Reading) -> Fact:
    return ("usage", meter, str(reading.on), plain(reading.amount), reading.key)


class Imports:
    """The imports of a client by what each brought; where one brought again what was gone, the newest counts."""

    def __init__(self, session: Session, slug: str) -> None:
        """Reads them from the audit log."""
        self._deeds: dict[Fact, Deed] = {}
        for entry in audit.of_action(session, slug, IMPORT):
            data = json.loads(entry.data)
            for fact in data.get("brought", ()):
                self._deeds[tuple(fact)] = Deed(entry.actor, date.fromisoformat(data["on"]))

    def of_number(self, measure: Measure, step: Step) -> Deed | None:
        """The import that stated a number."""
        return self._deeds.get(_number(measure, step))

    def of_reading(self, meter: str, reading: Reading) -> Deed | None:
        """The import that brought a reading."""
        return self._deeds.get(_reading(meter, reading))
