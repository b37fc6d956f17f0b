"""What a client is billed, reckoned a second way: a day at a time, without segments.

This is what the rules are compared with. It reads a client as plain data, as a book has it (books_at_random.py beside
it says which keys), and shares nothing with `billing` but the parser of money: months, cycles, terms in force, ways of
counting, commitments, tiers, discounts, rounding and taxes are all written again, as plain as they can be. What a day
costs is remembered until something new is learnt, so that a year of documents takes milliseconds.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Any

from billing.money import parse_minor

Plain = dict[str, Any]
"""A client, an agreement, a line, or an entry of a dated term, as a book has it: dates are dates, money is text."""

Rates = tuple[tuple[str, str], ...]
"""The name and percentage of each tax."""

Share = tuple[str, Rates, int]
"""A tax category, its rates, and the part of an amount in minor units on which they fall."""

Key = tuple[str, str, date]
"""What is owed separately: its kind, its name, and the first day of its whole cycle (of a one-off: its day)."""

DIGITS = {"USD": 2, "JPY": 0, "KWD": 3}
DAY = timedelta(days=1)
YEAR = timedelta(days=400)
NOTHING = Fraction(0)
UNTAXED: list[Plain] = [{"rates": []}]


@dataclass(frozen=True, slots=True)
class Paper:
    """One document: every charge that isn't nothing, every tax that isn't nothing, and the total."""

    charges: tuple[tuple[Key, int], ...]
    taxes: tuple[tuple[str, str, str, int, int], ...]
    total_minor: int
    put_off: tuple[tuple[str, Fraction, date], ...] = ()


@dataclass(frozen=True, slots=True)
class _Entry:
    amount_minor: int
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class _Owed:
    """What an item owes for a cycle, and how that is taxed."""

    key: Key
    amount_minor: int
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class _LineOwed:
    amount_minor: int
    covered: tuple[date, ...]
    share: Share


def papers(client: Plain, through: date) -> dict[date, Paper]:
    """Every document up to a day, by its bill date."""
    return _Reckoning(client, through).run()


@dataclass(slots=True)
class _Held:
    """What a term holds on each day from its first on, and the day on which it was opened or renewed last."""

    opened: date
    days: list[Fraction] = field(default_factory=list)


class _Reckoning:
    """One client's books, kept from its first day on."""

    def __init__(self, client: Plain, through: date) -> None:
        self._client, self._through = client, through
        self._agreements: list[Plain] = client["agreements"]
        self._first = min(agreement["start"] for agreement in self._agreements)
        self._ledger: dict[Key, list[_Entry]] = {}
        self._learnt = dict(_learnt(client))
        self._lines: dict[tuple[str, date, int], _LineOwed | None] = {}
        self._days: dict[tuple[str, str, date, int], list[date]] = {}
        self._wanted: dict[tuple[str, str, date, int], Fraction] = {}
        self._bound: dict[tuple[str, int], _Held] = {}
        for entry in client["billed"]:
            owner = next(a for a in self._agreements if any(line["name"] == entry["line"] for line in a["lines"]))
            start = next(s for s, e in self._boundaries(owner) if s <= entry["from"] < e)
            amount_minor = _minor(entry["amount"], client["currency"])
            self._ledger.setdefault(("line", entry["line"], start), []).append(_Entry(amount_minor, ()))

    def run(self) -> dict[date, Paper]:
        found: dict[date, Paper] = {}
        for today in _days(self._first, self._through + DAY):
            if any(self._bills_on(agreement, today) for agreement in self._agreements):
                charges = [each for each in self._charges(today) if each.amount_minor or each.shares]
                if charges:
                    found[today] = self._paper(charges, today)
        return found

    def _bills_on(self, agreement: Plain, today: date) -> bool:
        bill_day = self._client["bill_day"]
        anchor = date(2000, 1, bill_day) if bill_day else agreement["cycle"]["anchor"]
        return bool(agreement["start"] <= today) and _is_monthly(anchor, today)

    def _paper(self, charges: list[_Owed], today: date) -> Paper:
        bases: Counter[tuple[str, str, str]] = Counter()
        for charge in charges:
            self._ledger.setdefault(charge.key, []).append(_Entry(charge.amount_minor, charge.shares))
            for category, rates, amount_minor in charge.shares:
                for name, percent in rates:
                    bases[category, name, percent] += amount_minor
        taxes = {tax: _nearest(Fraction(tax[2]) * base / 100) for tax, base in bases.items()}
        shown = tuple(sorted((*tax, bases[tax], taxes[tax]) for tax in taxes if bases[tax]))
        total_minor = sum(charge.amount_minor for charge in charges) + sum(taxes.values())
        listed = tuple(sorted((charge.key, charge.amount_minor) for charge in charges))
        return Paper(listed, shown, total_minor, tuple(sorted(self._put_off(today))))

    def _charges(self, today: date) -> Iterator[_Owed]:
        for agreement in self._agreements:
            for start, end in self._boundaries(agreement):
                ours = agreement["bills_from"] is None or max(start, agreement["start"]) >= agreement["bills_from"]
                if start <= today and ours:
                    for owed in self._owed(agreement, start, end, today):
                        yield self._difference(owed)
            for one_off in agreement["one_off"]:
                day, learnt = one_off["on"], one_off.get("known")
                ours = agreement["bills_from"] is None or agreement["bills_from"] <= day
                if ours and day <= today and (learnt is None or learnt <= today):
                    amount_minor = _minor(one_off["amount"], self._client["currency"])
                    share = (one_off["tax"], self._rates(one_off["tax"], day, today), amount_minor)
                    yield self._difference(_Owed(("one_off", one_off["text"], day), amount_minor, (share,)))

    def _difference(self, owed: _Owed) -> _Owed:
        """Owed less billed, taxed as `_taxed` says."""
        before = self._ledger.get(owed.key, [])
        amount_minor = owed.amount_minor - sum(entry.amount_minor for entry in before)
        plain = owed.shares[0][:2]
        billed = [share for entry in before for share in entry.shares or ((*plain, entry.amount_minor),)]
        return _Owed(owed.key, amount_minor, _taxed(owed.shares, billed))

    # What an agreement owes for a cycle ------------------------------------------------------------------------------

    def _owed(self, agreement: Plain, start: date, end: date, today: date) -> Iterator[_Owed]:
        """The items of a cycle that may be billed by today."""
        covered = self._covered(agreement, {}, start, end, today)
        due, waiting = dict[str, _LineOwed](), False
        for line in agreement["lines"]:
            key: Key = ("line", line["name"], start)
            owed = self._line(agreement, line, start, end, today)
            if self._due(agreement, start, end, later=_metered(line), again=bool(self._ledger.get(key))) > today:
                waiting = waiting or owed is not None
            elif owed is None:
                yield _Owed(key, 0, (self._share(line, start, today, 0),))
            else:
                due[line["name"]] = owed
                yield _Owed(key, owed.amount_minor, (owed.share,))
        left = {name: owed.amount_minor for name, owed in due.items()}
        for kind, name, terms, days, scope in self._discounts(agreement, due, covered):
            if not days:
                continue
            base = sum(due[line].amount_minor for line in scope)
            off = self._off(terms, days, (end - start).days, base, today)
            off = max(min(off, base, sum(left[line] for line in scope)), 0)
            parts = _split(off, [left[line] for line in scope])
            for line, part in zip(scope, parts, strict=True):
                left[line] -= part
            shares = [(*due[line].share[:2], -part) for line, part in zip(scope, parts, strict=True)]
            yield _Owed((kind, name, start), -off, tuple(shares) or (self._plain_share(agreement, covered, today),))
        if not covered:
            yield from self._gone(agreement, start, today)
        elif agreement["minimum_amount"] and not waiting and self._minimum_due(agreement, start, end) <= today:
            yield self._true_up(agreement, start, end, covered, list(due.values()), sum(left.values()), today)

    def _due(self, agreement: Plain, start: date, end: date, *, later: bool, again: bool) -> date:
        """From which day on a cycle may be billed; a stub at the beginning waits, unless it was billed already."""
        stub = start < agreement["start"] and not again
        return end if stub or later or agreement["timing"] == "arrears" else start

    def _minimum_due(self, agreement: Plain, start: date, end: date) -> date:
        again = bool(self._ledger.get(("minimum", agreement["name"], start)))
        return self._due(agreement, start, end, later=False, again=again)

    def _gone(self, agreement: Plain, start: date, today: date) -> Iterator[_Owed]:
        """Discounts and a minimum of a cycle that the agreement no longer covers."""
        names = [("discount", each["name"]) for each in (*agreement["discounts"], *agreement["lines"])]
        for kind, name in [*names, ("minimum", agreement["name"])]:
            if self._ledger.get((kind, name, start)):
                yield _Owed((kind, name, start), 0, (self._plain_share(agreement, [start], today),))

    def _discounts(
        self, agreement: Plain, due: dict[str, _LineOwed], covered: Sequence[date]
    ) -> Iterator[tuple[str, str, list[Plain], Sequence[date], list[str]]]:
        for line in agreement["lines"]:
            name = line["name"]
            if line["discount"] and name in due:
                yield "discount", name, line["discount"], due[name].covered, [name]
            elif line["discount"] and self._billed_once("discount", name):
                yield "discount", name, line["discount"], covered, []
        for each in agreement["discounts"]:
            vendor = each.get("vendor")
            scope = [line["name"] for line in agreement["lines"] if vendor in {None, line["vendor"]}]
            yield "discount", each["name"], each["terms"], covered, [name for name in scope if name in due]

    def _billed_once(self, kind: str, name: str) -> bool:
        return any(key[:2] == (kind, name) for key in self._ledger)

    def _off(self, terms: list[Plain], days: Iterable[date], cycle_days: int, base: int, today: date) -> int:
        in_force, off = [_in_force(terms, day, today) for day in days], NOTHING
        for entry in in_force if len(terms) > 1 else terms:
            times = 1 if len(terms) > 1 else len(in_force)
            if entry.get("percent"):
                off += times * _number(entry["percent"]) * base / (100 * len(in_force))
            elif entry.get("amount"):
                off += Fraction(times * _minor(entry["amount"], self._client["currency"]), cycle_days)
        return _nearest(off)

    def _true_up(
        self,
        agreement: Plain,
        start: date,
        end: date,
        covered: list[date],
        lines: list[_LineOwed],
        net_minor: int,
        today: date,
    ) -> _Owed:
        floor = NOTHING
        for day in covered:
            value = _in_force(agreement["minimum_amount"], day, today)["value"]
            floor += Fraction(_minor(value, self._client["currency"]), (end - start).days)
        missing = max(_nearest(floor) - net_minor, 0)
        category, rates, _ = lines[0].share if lines else self._plain_share(agreement, covered, today)
        return _Owed(("minimum", agreement["name"], start), missing, ((category, rates, missing),))

    def _plain_share(self, agreement: Plain, covered: Sequence[date], today: date) -> Share:
        return self._share(agreement["lines"][0], covered[-1], today, 0)

    def _share(self, line: Plain, day: date, today: date, amount_minor: int) -> Share:
        category = _in_force(line["tax"], day, today)["value"]
        return category, self._rates(category, day, today), amount_minor

    def _rates(self, category: str, day: date, today: date) -> Rates:
        rates = _in_force(self._client["taxes"].get(category, UNTAXED), day, today)["rates"]
        return tuple((rate["name"], rate["rate"]) for rate in rates)

    # What a line owes for a cycle ------------------------------------------------------------------------------------

    def _line(self, agreement: Plain, line: Plain, start: date, end: date, today: date) -> _LineOwed | None:
        key = (line["name"], start, self._epoch(line["name"], today))
        if key not in self._lines:
            self._lines[key] = self._line_anew(agreement, line, start, end, today)
        return self._lines[key]

    def _line_anew(self, agreement: Plain, line: Plain, start: date, end: date, today: date) -> _LineOwed | None:
        covered = self._covered(agreement, line, start, end, today)
        if not covered:
            return None
        if _metered(line):
            meter = line["count"]["usage"]
            read = [_number(r["amount"]) for r in self._client["usage"] if r["meter"] == meter and r["on"] in covered]
            amount = _costs(line, covered[0], sum(read, NOTHING), today)
        else:
            costs = Counter(
                (_epoch_of(line, day, today), quantity)
                for day, quantity in zip(covered, self._counted(line, covered, today), strict=True)
            )
            days = {_epoch_of(line, day, today): day for day in covered}
            amount = NOTHING
            for (terms, quantity), times in costs.items():
                amount += times * _costs(line, days[terms], quantity, today)
            amount /= (end - start).days
        amount_minor = _nearest(amount * 10 ** DIGITS[self._client["currency"]])
        return _LineOwed(amount_minor, tuple(covered), self._share(line, covered[-1], today, amount_minor))

    def _covered(self, agreement: Plain, line: Plain, start: date, end: date, today: date) -> list[date]:
        key = (agreement["name"], line.get("name", ""), start, self._epoch(agreement["name"], today))
        if key not in self._days:
            self._days[key] = [day for day in _days(start, end) if _covers(agreement, line, day, today)]
        return self._days[key]

    def _counted(self, line: Plain, covered: list[date], today: date) -> list[Fraction]:
        """What counts on each of the covered days."""
        there = [self._in_force(line, day, today) for day in covered]
        if line["basis"] == "peak":
            return [max(there)] * len(there)
        if line["basis"] != "daily":
            return [there[min(line["basis"]["on_day"], len(there)) - 1]] * len(there)
        if line["proration"] == "next_period":
            return [there[0]] * len(there)
        if line["removals"] == "keep":
            for number in range(1, len(there)):
                there[number] = max(there[number - 1] - self._moved(line, covered[number]), there[number])
        if line["proration"] == "full_period":
            rises = sum((max(after - before, NOTHING) for before, after in pairwise(there)), NOTHING)
            falls = [NOTHING, *(max(before - after, NOTHING) for before, after in pairwise(there))]
            return [there[0] + rises - fallen for fallen in accumulate(falls)]
        return there

    def _in_force(self, line: Plain, day: date, today: date) -> Fraction:
        """What is there on a day, or what a commitment holds there."""
        term = line["commitment"]
        if term is None or day < term["from"] or (day >= term["until"] and not term["renews_months"]):
            return self._quantity(line["count"], day, today)
        key = (line["name"], self._epoch(line["name"], today))
        held = self._bound.setdefault(key, _Held(term["from"]))
        number: int = (day - term["from"]).days
        while len(held.days) <= number:
            self._hold_another_day(held, line, today)
        return held.days[number]

    def _hold_another_day(self, held: _Held, line: Plain, today: date) -> None:
        """What a term holds on its next day: never less than was there on every day of the window before."""
        term, number = line["commitment"], len(held.days)
        day, window = term["from"] + number * DAY, term["window_days"]
        if day >= term["until"] and _renews_on(term, day):
            held.opened = day
        floor = NOTHING
        if day > held.opened and day - window * DAY >= held.opened:
            floor = min(held.days[number - max(window, 1) :])
        held.days.append(max(self._quantity(line["count"], day, today), floor))

    def _put_off(self, today: date) -> Iterator[tuple[str, Fraction, date]]:
        for line in (line for agreement in self._agreements for line in agreement["lines"]):
            term = line["commitment"]
            held = self._in_force(line, today, today) if term else NOTHING
            if term and held > self._quantity(line["count"], today, today):
                over = term["until"]
                while over <= today or not (over == term["until"] or _renews_on(term, over)):
                    over += DAY
                yield line["name"], held, over

    def _quantity(self, count: Plain | None, day: date, today: date) -> Fraction:
        if count is None or "usage" in count:
            return NOTHING
        if "fixed" in count:
            return _number(count["fixed"])
        ((kind, name),) = count.items()
        key = (kind, name, day, self._epoch(f"{kind} {name}", today))
        if key not in self._wanted:
            self._wanted[key] = self._quantity_anew(kind, name, day, today)
        return self._wanted[key]

    def _quantity_anew(self, kind: str, name: str, day: date, today: date) -> Fraction:
        first_count = self._client["counted"].get(name) if kind == "roster" else None
        if first_count is not None and first_count <= day:
            return Fraction(sum(seat["roster"] == name and _open(seat, day) for seat in self._client["seats"]))
        stated = [
            (entry["on"], entry.get("known") or date.min, position, entry["quantity"])
            for position, entry in enumerate(self._client["quantities"])
            if entry["of"] == {kind: name} and entry["on"] <= day and (entry.get("known") or date.min) <= today
        ]
        return _number(max(stated)[-1]) if stated else NOTHING

    def _moved(self, line: Plain, day: date) -> int:
        """How many went over to another roster on a day."""
        roster = (line["count"] or {}).get("roster")
        first_count = self._client["counted"].get(roster)
        if first_count is None or day <= first_count:
            return 0
        seats: list[Plain] = self._client["seats"]
        arrived = {s["person"] for s in seats if s["roster"] != roster and s["from"] == day and _open(s, day)}
        gone = [s for s in seats if s["roster"] == roster and s["until"] == day and s["from"] < day]
        return sum(seat["person"] in arrived for seat in gone)

    def _epoch(self, what: str, today: date) -> int:
        """How often something was learnt about a line, a count or an agreement: in between, its amounts stay."""
        return bisect_right(self._learnt[what], today)

    def _boundaries(self, agreement: Plain) -> Iterator[tuple[date, date]]:
        """The whole cycles of an agreement, as first day and day after."""
        first = min([agreement["start"], *(entry["from"] for entry in self._client["billed"])])
        months, anchor = agreement["cycle"]["months"], agreement["cycle"]["anchor"]
        for start, end in pairwise(_boundaries(months, anchor, first - YEAR, self._through + YEAR)):
            if end > first:
                yield start, end


def _taxed(owed: Sequence[Share], billed: Sequence[Share]) -> tuple[Share, ...]:
    """The taxes of a difference: each category for itself, as if nobody had netted one against the other.

    What is taken back bears the taxes that it was billed with, the latest first; what is added those that are owed.
    """
    shares = Counter[tuple[str, Rates]]()
    for category in sorted({share[0] for share in (*owed, *billed)}):
        mine = [share for share in owed if share[0] == category]
        theirs = [share for share in billed if share[0] == category]
        missing = sum(part for *_, part in mine) - sum(part for *_, part in theirs)
        for rates in dict.fromkeys(rates for _, rates, _ in reversed(theirs)):
            there = sum(part for _, others, part in theirs if others == rates)
            if there * missing < 0:
                piece = max(missing, -there) if missing < 0 else min(missing, -there)
                shares[category, rates] += piece
                missing -= piece
        for share, piece in zip(mine, _split(missing, [abs(part) for *_, part in mine]), strict=True):
            shares[share[:2]] += piece
    return tuple((*tax, part) for tax, part in shares.items() if part)


@lru_cache(maxsize=1000)
def _minor(text: str, currency: str) -> int:
    return parse_minor(text, currency)


@lru_cache(maxsize=1000)
def _number(text: str) -> Fraction:
    return Fraction(text)


def price(model: Plain, quantity: Fraction) -> Fraction:
    """What a quantity costs for a whole cycle."""
    match model["model"]:
        case "flat":
            return _number(model["amount"])
        case "per_unit" | "usage":
            return quantity * _number(model["unit"])
        case "package":
            packages = 0
            while packages * _number(model["size"]) < quantity:
                packages += 1
            return packages * _number(model["price"])
        case "volume":
            reached = [tier for tier in model["tiers"] if tier.get("up_to") is None or quantity <= int(tier["up_to"])]
            return (quantity * _number(reached[0]["unit"]) + _number(reached[0]["flat"])) if quantity else NOTHING
    amount, below = NOTHING, NOTHING
    for tier in model["tiers"]:
        above = _number(tier["up_to"]) if tier.get("up_to") is not None else max(quantity, below)
        amount += (min(quantity, above) - min(quantity, below)) * _number(tier["unit"])
        amount += _number(tier["flat"]) if quantity > below else 0
        below = above
    return amount


def _costs(line: Plain, day: date, quantity: Fraction, today: date) -> Fraction:
    """The price of a day's quantity as if for the whole cycle."""
    counts = max(quantity, _number(_in_force(line["minimum"], day, today)["value"]))
    counts = max(counts - _number(_in_force(line["included"], day, today)["value"]), NOTHING)
    return price(_in_force(line["price"], day, today), counts)


def _epoch_of(line: Plain, day: date, today: date) -> tuple[int, int, int]:
    """Which price, minimum and included number are in force on a day."""
    minimum, included = _in_force(line["minimum"], day, today), _in_force(line["included"], day, today)
    return id(_in_force(line["price"], day, today)), id(minimum), id(included)


def _in_force(term: list[Plain], day: date, today: date) -> Plain:
    """The entry of a dated term for a day, among those that are known: the last to begin, then the last learnt."""
    if len(term) == 1:
        return term[0]
    known = [entry for entry in term if (entry.get("known") or date.min) <= today] or [term[0]]
    begun = [entry for entry in known if (entry.get("from") or date.min) <= day]
    first = min(entry.get("from") or date.min for entry in known)
    among = begun or [entry for entry in known if (entry.get("from") or date.min) == first]
    return max(among, key=lambda entry: (entry.get("from") or date.min, entry.get("known") or date.min))


def _learnt(client: Plain) -> Iterator[tuple[str, list[date]]]:
    """The days on which anything was learnt about each line, count and agreement, by name, in order."""
    counts = dict[str, list[date]]()
    for entry in client["quantities"]:
        ((kind, name),) = entry["of"].items()
        counts.setdefault(f"{kind} {name}", []).append(entry["known"])
    for agreement in client["agreements"]:
        yield agreement["name"], _in_order([agreement["end_known"]])
        for line in agreement["lines"]:
            ((kind, name),) = (line["count"] or {"nothing": ""}).items()
            terms = [line["price"], line["included"], line["minimum"], line["tax"], *client["taxes"].values()]
            known = [entry.get("known") for term in terms for entry in term]
            mine = counts.setdefault(f"{kind} {name}", [])
            yield line["name"], _in_order([agreement["end_known"], *known, *mine])
    for what, known in counts.items():
        yield what, _in_order(known)


def _in_order(known: Iterable[date | None]) -> list[date]:
    return sorted({day for day in known if day is not None})


def _days(start: date, end: date) -> Iterator[date]:
    while start < end:
        yield start
        start += DAY


def _metered(line: Plain) -> bool:
    return "usage" in (line["count"] or {})


def _open(seat: Plain, day: date) -> bool:
    return bool(seat["from"] <= day and (seat["until"] is None or day < seat["until"]))


def _covers(agreement: Plain, line: Plain, day: date, today: date) -> bool:
    learnt = (agreement["end_known"] or date.min) <= today
    ends = [end for end in (agreement["end"] if learnt else None, line.get("until")) if end is not None]
    begins = [agreement["start"], line.get("from") or date.min]
    return all(begin <= day for begin in begins) and all(day < end for end in ends)


def _is_monthly(anchor: date, day: date) -> bool:
    """Whether the anchor's day of the month, or the month's last where it is shorter, is the day."""
    return day.day == anchor.day or (day.day < anchor.day and (day + DAY).month != day.month)


def _renews_on(term: Plain, day: date) -> bool:
    until, months = term["until"], term["renews_months"]
    return (
        bool(months)
        and _is_monthly(until, day)
        and ((day.year - until.year) * 12 + day.month - until.month) % months == 0
    )


@lru_cache(maxsize=4000)
def _boundaries(months: int, anchor: date, first: date, last: date) -> tuple[date, ...]:
    return tuple(
        day
        for day in _days(first, last)
        if _is_monthly(anchor, day) and ((day.year - anchor.year) * 12 + day.month - anchor.month) % months == 0
    )


def _split(total: int, weights: Sequence[int]) -> list[int]:
    """Whole parts by weight: a coin at a time to whoever lacks most; all to the first where nothing weighs."""
    sizes = [abs(weight) for weight in weights]
    if not any(sizes):
        return [total, *[0] * (len(sizes) - 1)][: len(sizes)]
    fair = [Fraction(abs(total) * size, sum(sizes)) for size in sizes]
    parts = [part.numerator // part.denominator for part in fair]
    while sum(parts) < abs(total):
        parts[max(range(len(parts)), key=lambda place: (fair[place] - parts[place], -place))] += 1
    return [part if total > 0 else -part for part in parts]


def _nearest(amount: Fraction) -> int:
    """Half away from zero."""
    distance = (2 * abs(amount.numerator) + amount.denominator) // (2 * amount.denominator)
    return distance if amount > 0 else -distance
