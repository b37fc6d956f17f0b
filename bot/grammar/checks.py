"""/changes and /reconcile: what waits and what doesn't agree, of one client or of all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

_XLSX = "xlsx"


@dataclass(frozen=True, slots=True)
class ListChanges:
    """What waits for approval, of one client or of all."""

    client: str | None


@dataclass(frozen=True, slots=True)
class ChangesWorkbook:
    """The same as a spreadsheet."""

    client: str | None


@dataclass(frozen=True, slots=True)
class Reconcile:
    """The mismatches, of one client or of all."""

    client: str | None


@dataclass(frozen=True, slots=True)
class MismatchesWorkbook:
    """The same as a spreadsheet."""

    client: str | None


def read_changes(tokens: Sequence[str], _today: date, in_name: int) -> ListChanges | ChangesWorkbook:
    """Whose changes are asked for."""
    client, as_workbook = _read(tokens, in_name)
    return ChangesWorkbook(client) if as_workbook else ListChanges(client)


def read_reconcile(tokens: Sequence[str], _today: date, in_name: int) -> Reconcile | MismatchesWorkbook:
    """Whose mismatches are asked for."""
    client, as_workbook = _read(tokens, in_name)
    return MismatchesWorkbook(client) if as_workbook else Reconcile(client)


def _read(tokens: Sequence[str], in_name: int) -> tuple[str | None, bool]:
    """The client, and whether the last word asks for a spreadsheet."""
    as_workbook = bool(tokens) and tokens[-1].lower() == _XLSX and not in_name
    return " ".join(tokens[:-1] if as_workbook else tokens) or None, as_workbook
