"""A moment is shown to each reader in their own zone; a business date that settings fix stays that date."""

from datetime import UTC, date, datetime

import pytest

from bot.views import sentences
from documents.sources import By, Told, When, spoken

EVENING = datetime(2027, 4, 11, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "on", "fallback"),
    [
        ("America/New_York", date(2027, 4, 11), "11 Apr 2027 at 19:30 EDT"),
        ("Asia/Tokyo", date(2027, 4, 12), "12 Apr 2027 at 08:30 JST"),
        ("UTC", date(2027, 4, 11), "11 Apr 2027 at 23:30 UTC"),
    ],
)
def test_slack_shows_it_in_the_readers_zone_and_without_slack_it_names_the_clients(
    zone: str, on: date, fallback: str
) -> None:
    assert sentences.moment(When(on, EVENING, zone)).to_dict() == {
        "type": "date",
        "timestamp": 1807486200,
        "format": "{date_short} at {time}",
        "fallback": fallback,
    }


def test_on_a_fixed_business_date_it_is_that_day_without_a_time() -> None:
    assert sentences.moment(When(date(2027, 5, 1), EVENING, "UTC")).to_dict() == {"type": "text", "text": "1 May 2027"}


def test_of_what_is_older_than_the_keeping_of_moments_it_is_the_day() -> None:
    assert sentences.moment(When(date(2027, 4, 11), None, "UTC")).to_dict() == {"type": "text", "text": "11 Apr 2027"}


def test_a_sentence_has_it_as_a_moment_in_slack_and_as_the_day_elsewhere() -> None:
    told: Told = ("Rejected by ", By("U0ADMIN"), " on ", When(date(2027, 4, 11), EVENING, "UTC"), ".")
    assert [piece.to_dict()["type"] for piece in sentences.inline(told)] == ["text", "user", "text", "date", "text"]
    assert sentences.spoken(told) == "Rejected by somebody on 11 Apr 2027."
    assert spoken(told) == "Rejected by Slack user U0ADMIN on 11 Apr 2027."
