"""What buttons and windows are about, as the values that they carry: each is read as it was written, or refused."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from bot.actions import ButtonIsStrange


@dataclass(frozen=True, slots=True)
class ChangeTarget:
    """A change as it was shown: "7:2"."""

    id: int
    revision: int

    def __str__(self) -> str:
        return f"{self.id}:{self.revision}"

    def ids(self) -> dict[str, str]:
        """What the log calls it."""
        return {"change": str(self.id)}

    @classmethod
    def parse(cls, value: str) -> Self:
        """The value of a button; raises ButtonIsStrange."""
        change_id, _, revision = value.partition(":")
        if not (change_id.isdecimal() and revision.isdecimal()):
            raise ButtonIsStrange
        return cls(int(change_id), int(revision))


@dataclass(frozen=True, slots=True)
class RunTarget:
    """A run as it was shown: its bill date, and the seal of what the card showed."""

    bill_date: date
    seal: str

    def __str__(self) -> str:
        return f"{self.bill_date}:{self.seal}"

    def ids(self) -> dict[str, str]:
        """What the log calls it."""
        return {"run": str(self.bill_date)}

    @classmethod
    def parse(cls, value: str) -> Self:
        """The value of a button; raises ButtonIsStrange."""
        day, _, seal = value.partition(":")
        return cls(_day(day), seal)


@dataclass(frozen=True, slots=True)
class HoldTarget:
    """A client that a run holds: the bill date and the client's slug."""

    bill_date: date
    client: str

    def __str__(self) -> str:
        return f"{self.bill_date}:{self.client}"

    def ids(self) -> dict[str, str]:
        """What the log calls it."""
        return {"run": str(self.bill_date), "client": self.client}

    @classmethod
    def parse(cls, value: str) -> Self:
        """The value of a button; raises ButtonIsStrange."""
        day, _, client = value.partition(":")
        return cls(_day(day), client)


@dataclass(frozen=True, slots=True)
class HeldTarget:
    """A reading that the safety catch holds: the directory's id, and the seal of the list that the card showed."""

    directory: int
    seal: str

    def __str__(self) -> str:
        return f"{self.directory}:{self.seal}"

    def ids(self) -> dict[str, str]:
        """What the log calls it."""
        return {"directory": str(self.directory)}

    @classmethod
    def parse(cls, value: str) -> Self:
        """The value of a button; raises ButtonIsStrange."""
        directory, _, seal = value.partition(":")
        if not directory.isdecimal():
            raise ButtonIsStrange
        return cls(int(directory), seal)


@dataclass(frozen=True, slots=True)
class CreditTarget:
    """An invoice that is about to be credited: its number, and how many credit notes corrected it when it was shown."""

    number: str
    notes: int

    def __str__(self) -> str:
        return f"{self.notes}:{self.number}"

    def ids(self) -> dict[str, str]:
        """What the log calls it."""
        return {"invoice": self.number}

    @classmethod
    def parse(cls, value: str) -> Self:
        """The value of a modal; raises ButtonIsStrange."""
        notes, _, number = value.partition(":")
        if not (notes.isdecimal() and number):
            raise ButtonIsStrange
        return cls(number, int(notes))


@dataclass(frozen=True, slots=True)
class PairTarget:
    """Two accounts of a client, of which somebody says whether they are one person's."""

    one: int
    other: int

    def __str__(self) -> str:
        return f"{self.one}:{self.other}"

    def ids(self) -> dict[str, str]:
        """What the log calls it."""
        return {"accounts": str(self)}

    @classmethod
    def parse(cls, value: str) -> Self:
        """The value of a button; raises ButtonIsStrange."""
        one, _, other = value.partition(":")
        if not (one.isdecimal() and other.isdecimal()):
            raise ButtonIsStrange
        return cls(int(one), int(other))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ButtonIsStrange from None
