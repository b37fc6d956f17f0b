"""What the clients have whose bills are reckoned twice: every model and option, and every two of them together.

An option that no random client had would never be compared, and nobody would know.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations, product
from random import Random

import pytest

from tests.billing.books_at_random import COMPARED, random_client
from tests.billing.day_by_day import Plain

# The ways of counting that a line may have: basis, proration, removals.
CELLS = (
    *product(("daily",), ("daily", "next_period", "full_period"), ("credit", "keep")),
    ("peak", "daily", "credit"),
    ("on_day", "daily", "credit"),
)
BY_COUNT = ("per_unit", "graduated", "volume", "package")
MODELS = ("flat", *BY_COUNT, "usage")
TIMINGS = ("advance", "arrears")
REDUCTIONS = ("none", "percent", "amount")
RATES = (0, 1, 2)
LEAST = 20

Traits = dict[str, object]


def _clients() -> Iterator[Plain]:
    return (random_client(Random(number)) for number in range(COMPARED))


def _basis(line: Plain) -> str:
    return line["basis"] if isinstance(line["basis"], str) else "on_day"


def _reduction(terms: list[Plain] | None) -> str:
    """The first kind of discount that a term has."""
    return next((kind for each in terms or () for kind in ("percent", "amount") if kind in each), "none")


def _traits(client: Plain, agreement: Plain, line: Plain) -> Traits:
    """How a line is priced, counted, bound, reduced, taxed and timed."""
    return {
        "model": line["price"][0]["model"],
        "cell": (_basis(line), line["proration"], line["removals"]),
        "committed": line["commitment"] is not None,
        "discount": _reduction(line["discount"]),
        "rates": len(client["taxes"][line["tax"][0]["value"]][0]["rates"]),
        "timing": agreement["timing"],
    }


@pytest.fixture(scope="module")
def lines() -> list[Traits]:
    return [_traits(client, of, line) for client in _clients() for of in client["agreements"] for line in of["lines"]]


def test_more_than_5000_agreements_are_compared() -> None:
    assert sum(len(client["agreements"]) for client in _clients()) > 5000


def test_every_model_is_compared_in_every_cell_of_counting_with_either_timing_bound_or_not(lines: list[Traits]) -> None:
    # A line that nothing counts can't be bound; what is bound and kept is a licence, and never a roster.
    expected = set(product(BY_COUNT, CELLS, TIMINGS, (False, True)))
    expected |= set(product(("flat",), CELLS, TIMINGS, (False,)))
    expected |= set(product(("usage",), [("daily", "daily", "credit")], TIMINGS, (False,)))
    found = {(of["model"], of["cell"], of["timing"], of["committed"]) for of in lines}
    assert expected - found == set()


def test_every_two_options_of_a_line_meet_often(lines: list[Traits]) -> None:
    options: dict[str, tuple[object, ...]] = {
        "model": MODELS,
        "cell": CELLS,
        "committed": (False, True),
        "discount": REDUCTIONS,
        "rates": RATES,
        "timing": TIMINGS,
    }
    for one, other in combinations(options, 2):
        met = Counter((of[one], of[other]) for of in lines)
        wanted = [
            pair for pair in product(options[one], options[other]) if not _excluded({one: pair[0], other: pair[1]})
        ]
        assert [pair for pair in wanted if met[pair] < LEAST] == []


def _excluded(pair: Traits) -> bool:
    """Usage is counted in one way only, and neither it nor a flat amount can be bound."""
    cell = pair.get("cell", CELLS[0])
    return (pair.get("model") == "usage" and cell != CELLS[0]) or (
        pair.get("model") in {"usage", "flat"} and pair.get("committed") is True
    )


def _options(client: Plain) -> Iterator[str]:
    """The other options of a client and of its agreements, each as often as it is used."""
    yield from (f"bill_day {client['bill_day']}", f"currency {client['currency']}")
    yield from (name for name in ("seats", "counted", "quantities", "billed") if client[name])
    for of in client["agreements"]:
        yield from (f"a cycle of {of['cycle']['months']}", f"timing {of['timing']}")
        yield from (name for name in ("end", "end_known", "bills_from", "minimum_amount") if of[name])
        yield from (f"one-off {'credit' if each['amount'][0] == '-' else 'charge'}" for each in of["one_off"])
        for each in of["discounts"]:
            yield f"{_reduction(each['terms'])} over {'a vendor' if each['vendor'] else 'the agreement'}"
        for line in of["lines"]:
            yield from (f"counts {kind}" for kind in line["count"] or ("nothing",))
            yield from (name for name in ("from", "until", "vendor") if line[name])
            yield from (f"dated {name}" for name in ("price", "included", "minimum", "tax") if len(line[name]) > 1)
            yield from (
                f"{name} learnt later" for name in ("price", "minimum") if any(e["known"] for e in line[name][1:])
            )
            if line["commitment"]:
                yield from (f"{name} {line['commitment'][name]}" for name in ("renews_months", "window_days"))


def test_every_other_option_is_compared_often() -> None:
    used = Counter(option for client in _clients() for option in _options(client))
    wanted = (
        "seats counted quantities billed end end_known bills_from minimum_amount from until vendor".split()
        + [f"bill_day {day}" for day in (None, 1, 15, 31)]
        + [f"currency {currency}" for currency in ("USD", "JPY", "KWD")]
        + [f"a cycle of {months}" for months in (1, 2, 3, 4, 12)]
        + [f"one-off {kind}" for kind in ("credit", "charge")]
        + [f"{kind} over {scope}" for kind in REDUCTIONS for scope in ("the agreement", "a vendor")]
        + [f"counts {kind}" for kind in ("roster", "licence", "fixed", "usage", "nothing")]
        + [f"dated {name}" for name in ("price", "included", "minimum", "tax")]
        + [f"{name} learnt later" for name in ("price", "minimum")]
        + [f"renews_months {months}" for months in (None, 1, 3, 12)]
        + [f"window_days {days}" for days in (0, 1, 7, 30)]
    )
    assert [option for option in wanted if used[option] < LEAST] == []
