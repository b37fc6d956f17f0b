"""Readings of meters from a book: each is kept once, and none is altered."""

from collections.abc import Iterator

from billing.errors import Refused
from billing.money import plain
from billing.quantities import Reading
from billing.snapshot import Snapshot
from connectors.books.values import BookClient
from rosters.effects import uncovered
from storage import readings
from storage.database import Session

_SHOWN = 5


class ReadingIsKnownOtherwise(Refused):
    """A reading came again under its key, and says something else."""


class MeterHasReadings(Refused):
    """A meter that was read is counted by no line any more."""


def put_readings(session: Session, client_id: int, client: BookClient) -> None:
    """Adds the readings that are new; those that are stored stay, also where the book doesn't name them.

    Raises:
        ReadingIsKnownOtherwise: one is stored under the same key with another amount or day; both are shown.

    """
    held = {(m, each.key): each for m, found in readings.of_client(session, client_id).items() for each in found}
    readings.add(session, client_id, _new(client, held))


def _new(client: BookClient, held: dict[tuple[str, str], Reading]) -> Iterator[tuple[str, Reading]]:
    for entry in client.usage:
        before = held.get((entry.meter, entry.reading.key))
        if before is None:
            yield entry.meter, entry.reading
        elif (before.on, before.amount) != (entry.reading.on, entry.reading.amount):
            raise ReadingIsKnownOtherwise(
                f"{client.slug}: the reading {before.key} of {entry.meter} is stored as {_said(before)}, and the book "
                f"says {_said(entry.reading)}. A reading stays as it was: say the stored one again, and add what is "
                "missing under another key, or give back what was too much as a one_off."
            )


def refuse_uncounted_meters(slug: str, after: Snapshot) -> None:
    """What a meter read would silently not be billed without a line that counts it.

    Raises:
        MeterHasReadings: no line counts a meter that was read.

    """
    counted = {line.count.name for line in after.terms.lines() if line.count is not None and line.metered}
    missing = [meter for meter in after.readings if meter not in counted]
    if missing:
        raise MeterHasReadings(
            f"{slug}: {', '.join(missing)} was read, so the line that counts it can't be removed; "
            "end it with until: DATE."
        )


def fallen_out(slug: str, before: Snapshot, after: Snapshot) -> Iterator[str]:
    """A sentence for every meter some of whose stored readings nobody pays for any more, under the new terms."""
    was = set(uncovered(before.terms, before.readings))
    by_meter: dict[str, list[Reading]] = {}
    for meter, reading in uncovered(after.terms, before.readings):
        if (meter, reading) not in was:
            by_meter.setdefault(meter, []).append(reading)
    for meter, found in by_meter.items():
        shown = ", ".join(map(_said, found[:_SHOWN])) + (f" and {len(found) - _SHOWN} more" if found[_SHOWN:] else "")
        yield f"{slug}: no line covers what {meter} read any more: {shown}"


def _said(reading: Reading) -> str:
    return f"{plain(reading.amount)} on {reading.on}"
