"""/quote: what more or fewer would cost, as in <client> +3 full from may 1 until july 1 pdf."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.dates import read_date
from bot.grammar.words import CommandIsUnclear

# A comma with three digits behind it may be meant for thousands.
_DIGITS = r"\d+(?:\.\d+|,(?!\d{3}$)\d+)?"
_SIGN = re.compile(r"[+\-\N{MINUS SIGN}\N{EN DASH}]")
_SIGNED = re.compile(rf"{_SIGN.pattern}({_DIGITS})")
_NUMBER = re.compile(_DIGITS)
_CLAUSES = ("from", "until")
_PDF = "pdf"


@dataclass(frozen=True, slots=True)
class AskQuote:
    """What so many more or fewer would cost; as a file for the client where that is asked for."""

    client: str
    units: Decimal
    of: str
    start: date | None = None
    end: date | None = None
    pdf: bool = False

    def words(self) -> str:
        """What stands after the client's name."""
        start = f"from {self.start}" if self.start else ""
        end = f"until {self.end}" if self.end else ""
        return " ".join(filter(None, (f"{self.units:+f}", self.of, start, end, _PDF if self.pdf else "")))


def read_quote(tokens: Sequence[str], today: date, in_name: int) -> AskQuote:
    """Of what a quote is asked for.

    Raises:
        CommandIsUnclear: the client, the number, or what is counted is missing.

    """
    found = _asked(tokens, today, in_name)
    if found is None:
        raise CommandIsUnclear(
            "How many more or fewer of what, for which client? "
            "Write it as in /quote acme +3 full from 2027-04-11 until 2027-07-01, or -2 for fewer."
        )
    return found


def _asked(typed: Sequence[str], today: date, in_name: int) -> AskQuote | None:
    """The quote that the words ask for; None where the client, the number, or what is counted is missing.

    A client may have a number in its name, so the first number with a sign counts, and only without any the last one
    without.
    """
    tokens = _joined(typed)
    place = _place(tokens, in_name)
    if not place:
        return None
    rest = tokens[place + 1 :]
    pdf = bool(rest) and rest[-1].lower() == _PDF
    clauses = _clauses(rest[:-1] if pdf else rest)
    if not clauses[""]:
        return None
    start, end = (read_date(" ".join(clauses[name]), today) if name in clauses else None for name in _CLAUSES)
    return AskQuote(" ".join(tokens[:place]), _units(tokens[place]), " ".join(clauses[""]), start, end, pdf)


def _joined(tokens: Sequence[str]) -> list[str]:
    """The words, with a sign that stands alone before a number as the number's; no other number may have one."""
    joined: list[str] = []
    is_alone = not any(_SIGNED.fullmatch(token) for token in tokens)
    for token in tokens:
        if is_alone and joined and _SIGN.fullmatch(joined[-1]) and _NUMBER.fullmatch(token):
            joined[-1] += token
        else:
            joined.append(token)
    return joined


def _place(tokens: Sequence[str], in_name: int) -> int | None:
    """Where the number stands, never in the first place, which is the client's."""
    signed = [place for place, token in enumerate(tokens) if place and _SIGNED.fullmatch(token)]
    limits = [place for place, token in enumerate(tokens) if place and token.lower() in _CLAUSES]
    before = tokens[: limits[in_name]] if in_name < len(limits) else tokens
    plain = [place for place, token in enumerate(before) if place and _NUMBER.fullmatch(token)]
    return signed[0] if signed else (plain[-1] if plain else None)


def _units(token: str) -> Decimal:
    signed = _SIGNED.fullmatch(token)
    number = Decimal((signed[1] if signed else token).replace(",", "."))
    return -number if signed and not token.startswith("+") else number


def _clauses(tokens: Sequence[str]) -> dict[str, list[str]]:
    """The words after each keyword, and under "" those before the first."""
    found: dict[str, list[str]] = {"": []}
    name = ""
    for token in tokens:
        if token.lower() in _CLAUSES and found[""]:
            name = token.lower()
            found[name] = []
        else:
            found[name].append(token)
    return found
