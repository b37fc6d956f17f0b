"""Everything that is wrong with a book, told at once, each with its file and line."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol, TypeVar

from billing.errors import WrongInput

_TOLD = 20
# More lines than a file has: the lines of a further file are counted on from here, so that a place is one number.
_LINES = 10**9

Value = TypeVar("Value")


class Placed(Protocol):
    """Something that stands in the book."""

    def line(self, key: str | None = None) -> int:
        """Its line, or that of one of its keys."""
        ...


Part = TypeVar("Part", bound=Placed)


class BookIsWrong(WrongInput):
    """The book can't be read; the message has a line for each problem, `file:line: found, expected`."""


class _Located(WrongInput):
    """A refusal by a rule, with the line it is about."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(text)
        self.line = line


@contextmanager
def at(line: int) -> Iterator[None]:
    """Whatever a rule refuses inside is about this line, unless an inner block knew better."""
    try:
        yield
    except _Located:
        raise
    except WrongInput as error:
        raise _Located(line, str(error)) from error


def repeated(
    parts: Iterable[Part] | None, name: Callable[[Part], str], key: str, thing: str
) -> Iterator[tuple[int, str]]:
    """The line and a sentence for every part whose name an earlier part already has."""
    first: dict[str, int] = {}
    for part in parts or ():
        line = part.line(key)
        if name(part) in first:
            yield line, f"found {thing} '{name(part)}' again; expected each {key} once (line {first[name(part)]})"
        first.setdefault(name(part), line)


class Problems:
    """Gathers problems; two equal ones (an anchor used twice) count once."""

    def __init__(self, file: str) -> None:
        """Problems of one file, named as the reader of the message knows it, and of those that it refers to."""
        self._files = [file]
        self._found: dict[tuple[int, str], None] = {}

    def add(self, line: int, text: str) -> None:
        """Notes a problem."""
        self._found[line, text] = None

    @property
    def count(self) -> int:
        """How many there are so far."""
        return len(self._found)

    @property
    def sentences(self) -> tuple[str, ...]:
        """What was noted, without places, for whoever has no file before them."""
        return tuple(text for _, text in self._found)

    @property
    def by_line(self) -> dict[int, str]:
        """The first sentence of every line of which there is one."""
        return dict(reversed(self._found))

    def further(self, file: str) -> int:
        """What is added to the lines of a further file, so that they are told from those of the others."""
        self._files.append(file)
        return (len(self._files) - 1) * _LINES

    def said(self, line: int) -> str:
        """A line as another line's message mentions it."""
        return self._place(line) if line > _LINES else f"line {line}"

    def _place(self, line: int) -> str:
        file, number = divmod(line, _LINES)
        return f"{self._files[file]}:{number}"

    @contextmanager
    def noted(self, line: int) -> Iterator[None]:
        """Whatever a rule refuses inside is noted, about this line unless an inner block knew better."""
        try:
            with at(line):
                yield
        except _Located as refusal:
            self.add(refusal.line, str(refusal))

    def each(self, parts: Iterable[Part] | None, build: Callable[[Part], Value]) -> tuple[Value, ...]:
        """What `build` gives for each part; a part that a rule refuses is noted and left out."""
        built: list[Value] = []
        for part in parts or ():
            with self.noted(part.line()):
                built.append(build(part))
        return tuple(built)

    def once(self, parts: Iterable[Part] | None, name: Callable[[Part], str], key: str, thing: str) -> None:
        """Notes every part whose name an earlier part already has."""
        for line, sentence in repeated(parts, name, key, thing):
            self.add(line, sentence)

    def stop(self) -> None:
        """Raises all that was noted, in the file's order; does nothing when all is well."""
        if not self._found:
            return
        ordered = sorted(self._found, key=lambda problem: problem[0])
        told = [f"{self._place(line)}: {text}" for line, text in ordered[:_TOLD]]
        if len(ordered) > _TOLD:
            told.append(f"and {len(ordered) - _TOLD} more")
        raise BookIsWrong("\n".join(told))
