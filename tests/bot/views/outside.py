"""What comes from outside at its worst: names, texts and numbers of people that no view may trip over."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from random import Random
from typing import TypeVar

from hypothesis import strategies as st

Thing = TypeVar("Thing")

NAMES = (
    "Ann Ames",
    "<!here> <!channel> <@U0ADMIN> <#C0ACME>",
    "`code` ```block``` *bold* _sloped_ ~struck~",
    "<https://evil.example.com|your invoice> &amp; more",
    ":smile: \N{GRINNING FACE}\N{FAMILY}\N{VARIATION SELECTOR-16}\N{ZERO WIDTH JOINER}\N{WOMAN}" * 12,
    "\N{GRINNING FACE}" * 200,
    "محمد علي عبد الرحمن",
    "דנה לוי",
    "\u202egnp.ecioffe\nsecond line\r\n\x00\x07",
    "x" * 200,
    "word " * 40,
    '"quoted" \\ back\\slashed {"json": 1}',
    "",
    " \n ",
)
LONG = ("A sentence about it. " * 400, "\N{GRINNING FACE}" * 4000, "one line\n" * 2000, "y" * 3001)
CROWD = 10_000
# Divisible by all the small numbers by which the kinds of things take turns.
_DIFFERENT = 420
_SIZES = (0, 1, 2, 5, 40, 400, CROWD)


@dataclass(frozen=True, slots=True)
class Outside:
    """What there is to choose from: names, and how many there are of anything that there may be many of."""

    pick: Callable[[Sequence[Thing]], Thing]
    names: Sequence[str]
    sizes: Sequence[int]

    def name(self) -> str:
        """A name of a person, a client, a roster."""
        return str(self.pick(self.names))

    def words(self) -> str:
        """A reason, a title, an error: of any length."""
        return str(self.pick((*self.names, *LONG)))

    def maybe(self, thing: Thing) -> Thing | None:
        """The thing, or none."""
        return self.pick((thing, None))

    def many(self, make: Callable[[int, str], Thing], most: int = CROWD) -> tuple[Thing, ...]:
        """Any number of things, each made of its place and a name; after some hundreds they come again."""
        size = min(int(self.pick(self.sizes)), most)
        made = [make(at, self.names[at % len(self.names)]) for at in range(min(size, _DIFFERENT))]
        return tuple(islice(cycle(made), size))

    def some(self, make: Callable[[int, str], Thing]) -> tuple[Thing, ...]:
        """The same of what there are seldom more than a few of, such as rosters."""
        return self.many(make, 60)


# Everybody has the same name.
_ALIKE = st.sampled_from([(name,) for name in NAMES])


@st.composite
def outsides(draw: st.DrawFn) -> Outside:
    """Whatever hypothesis thinks of, beside what we do."""
    names = draw(st.lists(st.sampled_from(NAMES) | st.text(max_size=250), min_size=1, max_size=6) | _ALIKE)
    return Outside(lambda things: draw(st.sampled_from(list(things))), names, _SIZES)


def crowded(seed: int) -> Outside:
    """Ten thousand of everything there may be so many of, the rest by chance; the same for the same seed.

    Those of an odd seed have one name, the longest in characters or in bytes.
    """
    names = (
        NAMES if seed % 2 == 0 else (max(NAMES, key=lambda name: len(name.encode()) if seed % 4 == 1 else len(name)),)
    )
    return Outside(Random(seed).choice, names, (CROWD,))


def texts_of(value: object) -> Iterator[str]:
    """Every text that somebody reads in blocks."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in {"text", "alt_text", "accessibility_label"} and isinstance(inner, str):
                yield inner
            else:
                yield from texts_of(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts_of(inner)
