"""A reader with a pencil: adds up what is printed on a document, and knows nothing but the words and figures on it.

Figures are read back exactly, as fractions of the currency's major unit; nothing is taken from the facts behind them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from documents.presentation import Presentation, Row, Working

DECIMAL_MARKS = {"en_US": ".", "de_DE": ",", "fr_FR": ",", "de_CH": "."}

_DAYS = r"(?:\d[^:]*?: )?"
_SHARE = r"(?:, for (?P<part>\d+) of (?P<whole>\d+) days)?"
_CLOSING = re.compile(
    r"Owed (?P<owed>.+?)(?:, rounded once)?, billed before (?P<before>.+?): (?P<now>.+) to (?P<way>.+)"
)
_TOGETHER = re.compile(r"Together (?P<owed>.+?)(?:, rounded once)?")
_PERCENT = re.compile(rf"{_DAYS}(?P<percent>[^%]+%) of (?P<base>.+?){_SHARE}")
_OFF = re.compile(rf"{_DAYS}(?P<amount>[^:]+) off{_SHARE}")
_SCOPE = re.compile(r"Taken off .+: (?P<base>.+)")
_LEFT = re.compile(r"It is never more than what is left of that: (?P<left>.+)")
_LEAST = re.compile(rf"{_DAYS}At least (?P<amount>.+?){_SHARE}")
_NET = re.compile(r"Lines less discounts come to (?P<net>.+) in .+")
_STRETCH = re.compile(rf"\d[^:]*?: (?P<sum>.+?)(?: \(counted .+?\))?{_SHARE}")
_WORDS = re.compile(
    r"A commitment keeps|The highest number|The number of|A change counts|A rise counts|A freed place|"
    r"\d+ readings? added up|1 reading, on|The meter was not read"
)
_TAX = re.compile(r".+ (?P<rate>\S+\s?%) on (?P<base>.+)")


class FigureIsWrong(AssertionError):
    """Two figures on the paper don't agree; the message shows them and where they stand."""


@dataclass
class Sums:
    """What stands in the workings of one amount, taken together by kind."""

    stretches: Fraction | None = None
    off: Fraction | None = None
    most: list[Fraction] = field(default_factory=list)
    least: Fraction | None = None
    net: Fraction = Fraction(0)
    owed: Fraction | None = None
    billed: Fraction = Fraction(0)
    outcome: Fraction | None = None


@dataclass(frozen=True)
class Reader:
    """Reads the figures of one locale, and rounds to so many digits, half away from zero."""

    locale: str
    digits: int

    def check(self, paper: Presentation) -> int:
        """Adds up the whole paper; gives the number of amounts that were followed to their workings.

        Raises:
            FigureIsWrong: a sum isn't what is printed beside it.

        """
        sign = -1 if paper.heading == "Credit note" else 1
        rows = [row for group in paper.groups for row in group.rows]
        followed = 0
        for row, working in _together(rows, paper.workings):
            self._same(self.owed_now(working), sign * self.number(row.amount), row, working)
            followed += 1
        subtotal, *taxes = paper.totals
        self._same(sum((self.number(row.amount) for row in rows), Fraction(0)), self.number(subtotal.value), subtotal)
        for tax in taxes:
            found = _TAX.fullmatch(tax.label)
            if found is None:
                raise FigureIsWrong(tax)
            due = self.number(found["rate"]) / 100 * self.number(found["base"])
            self._same(self.rounded(due), self.number(tax.value), tax)
        whole = sum((self.number(fact.value) for fact in paper.totals), Fraction(0))
        self._same(whole, self.number(paper.total.value), paper.total)
        return followed

    def owed_now(self, working: Working) -> Fraction:
        """What is charged, reckoned from the workings alone."""
        sums = Sums()
        for line in working.lines:
            self._take(line, sums)
        owed = self._owed(sums)
        if sums.owed is not None:
            self._same(owed, sums.owed, working)
        now = owed - sums.billed
        if sums.outcome is not None:
            self._same(now, sums.outcome, working)
        return now

    def _owed(self, sums: Sums) -> Fraction:
        """The stretches added up and rounded once; a discount within its bounds; what is missing to a minimum."""
        if sums.off is not None or sums.most:
            return -max(min([self.rounded(sums.off or Fraction(0)), *sums.most]), Fraction(0))
        if sums.least is not None:
            return max(self.rounded(sums.least) - sums.net, Fraction(0))
        return self.rounded(sums.stretches or Fraction(0))

    def _take(self, line: str, sums: Sums) -> None:
        if found := _CLOSING.fullmatch(line):
            sums.owed, sums.billed = self.number(found["owed"]), self.number(found["before"])
            sums.outcome = self.number(found["now"]) * (1 if found["way"] == "pay" else -1)
        elif found := _TOGETHER.fullmatch(line):
            sums.owed = self.number(found["owed"])
        elif found := _SCOPE.fullmatch(line):
            sums.most.append(self.number(found["base"]))
        elif found := _LEFT.fullmatch(line):
            sums.most.append(self.number(found["left"]))
        elif found := _NET.fullmatch(line):
            sums.net = self.number(found["net"])
        elif found := _LEAST.fullmatch(line):
            sums.least = (sums.least or 0) + self.number(found["amount"]) * _share(found)
        elif found := _PERCENT.fullmatch(line):
            percentage = self.number(found["percent"]) / 100 * self.number(found["base"])
            sums.off = (sums.off or 0) + percentage * _share(found)
        elif found := _OFF.fullmatch(line):
            sums.off = (sums.off or 0) + self.number(found["amount"]) * _share(found)
        elif not _WORDS.match(line):
            sums.stretches = (sums.stretches or 0) + self._stretch(line)

    def _stretch(self, line: str) -> Fraction:
        """A stretch of days: its parts, which make up the sum that stands behind them, for its share of the days."""
        found = _STRETCH.fullmatch(line)
        if found is None:
            raise FigureIsWrong(line)
        parts, _, total = found["sum"].partition(" = ")
        amount = sum((self._product(part) for part in parts.split(" + ")), Fraction(0))
        if total:
            self._same(amount, self.number(total), line)
        return amount * _share(found)

    def _product(self, text: str) -> Fraction:
        units, times, price = text.partition(" \N{MULTIPLICATION SIGN} ")
        return self.number(re.split(" packages? of ", units)[0]) * self.number(price) if times else self.number(units)

    def number(self, text: str) -> Fraction:
        """A figure as it is printed."""
        kept = "".join(sign for sign in text if sign.isdigit() or sign in {"-", DECIMAL_MARKS[self.locale]})
        return Fraction(kept.replace(DECIMAL_MARKS[self.locale], "."))

    def rounded(self, number: Fraction) -> Fraction:
        """The nearest amount that has a coin, halves away from zero."""
        scaled = abs(number) * 10**self.digits
        coins = (scaled + Fraction(1, 2)).__floor__()
        return Fraction(coins if number >= 0 else -coins, 10**self.digits)

    def _same(self, reckoned: Fraction, printed: Fraction, *where: object) -> None:
        if reckoned != printed:
            raise FigureIsWrong(f"{float(reckoned)} is reckoned, {float(printed)} is printed: {where}")


def _share(found: re.Match[str]) -> Fraction:
    return Fraction(int(found["part"] or 1), int(found["whole"] or 1))


def _together(rows: list[Row], workings: tuple[Working, ...]) -> Iterator[tuple[Row, Working]]:
    """Each working beside the row that it stands for: they are in the same order, and some rows have none."""
    left = iter(rows)
    for working in workings:
        row = next((row for row in left if _is_of(working, row)), None)
        if row is None:
            raise FigureIsWrong(f"{working.title} has workings and no row.")
        yield row, working


def _is_of(working: Working, row: Row) -> bool:
    """Whether it has the row's title, or that and the row's days where several rows have the same title."""
    title, _, when = working.title.partition(f"{row.title}, ")
    return working.title == row.title or (not title and bool(when) and when in row.detail)
