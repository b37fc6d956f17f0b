"""What a victim is sent to do, and the point at which it is to die."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Self


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """The nth time (from 1) that a process comes by a commit or an outgoing call: ("sync:before-commit", 1)."""

    name: str
    nth: int

    @property
    def done(self) -> str:
        """What is committed or called there, without the moment: "sync"."""
        return self.name.rpartition(":")[0]

    @property
    def is_after(self) -> bool:
        """Whether it is done by then."""
        return self.name.endswith((":after-commit", ":after"))

    def __str__(self) -> str:
        return f"{self.name} #{self.nth}"


@dataclass(frozen=True, slots=True)
class Errand:
    """One process: a command line in a folder with settings. `clock_ahead_seconds` moves the clock of `serve`.

    `piped` is what it finds on standard input.
    """

    number: int
    folder: str
    words: tuple[str, ...]
    settings: Mapping[str, str]
    dies_at: Point | None = None
    clock_ahead_seconds: int = 0
    piped: str = ""

    def packed(self) -> bytes:
        """As one line."""
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def unpacked(cls, line: bytes) -> Self:
        """From one line."""
        given = json.loads(line)
        dies_at = given.pop("dies_at")
        return cls(**{**given, "words": tuple(given["words"])}, dies_at=Point(**dies_at) if dies_at else None)
