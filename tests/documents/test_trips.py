"""Why the safety catch is on, in words."""

import pytest

from documents.mismatches import tripped
from rosters.catch import Trip


@pytest.mark.parametrize(
    ("trip", "text"),
    [
        (Trip("full", 5, 1, 6), "on full, 5 of 6 seats would close and 1 seat would open beside 6"),
        (Trip("full", 0, 7, 6), "on full, 7 seats would open beside 6"),
        (Trip(None, 6, 0, 6), "the directory answered, but with nobody in it"),
    ],
)
def test_a_reading_that_moves_too_much_is_told_with_its_numbers(trip: Trip, text: str) -> None:
    assert tripped((trip,)) == text
