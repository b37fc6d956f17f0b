"""Mismatches about who counts, in words."""

import pytest

from checks.mismatches import IdleLicence, Inactive, PeopleCause, Shared, UncoveredLicence
from documents import standing
from rosters.verdicts import Reason

TWELVE = tuple(f"P{number:02}" for number in range(12, 0, -1))


@pytest.mark.parametrize(
    ("cause", "text"),
    [
        (
            Shared("acme/m365", ("bolt/m365",), ("Bo",), is_gap=False),
            "In two parts of one shared directory (acme/m365 and bolt/m365): Bo. Each would be billed twice.",
        ),
        (
            Shared("bolt/m365", ("acme/m365", "crow/m365"), ("Bo",), is_gap=True),
            (
                "In no client's part of one shared directory (acme/m365, bolt/m365 and crow/m365): Bo. "
                "Nobody pays for them."
            ),
        ),
        (
            UncoveredLicence("SPB", 1),
            "1 account has the licence Microsoft 365 Business Premium, which no rule and no line names.",
        ),
        (
            UncoveredLicence("NEW_SKU", 12),
            "12 accounts have the licence NEW_SKU, which no rule and no line names.",
        ),
        (
            IdleLicence(Reason.DISABLED, ("Bo", "Ann"), ("SPB", "NEW_SKU")),
            "Paid licences (Microsoft 365 Business Premium and NEW_SKU) on disabled accounts: Ann, Bo.",
        ),
        (
            Inactive(60, TWELVE),
            "No sign-in for more than 60 days: P01, P02, P03, P04, P05, P06, P07, P08, P09, P10 and 2 more.",
        ),
        (Inactive(60, ("a\nb",)), "No sign-in for more than 60 days: a b."),
    ],
)
def test_each_cause_is_one_plain_paragraph(cause: PeopleCause, text: str) -> None:
    assert standing.text(cause) == text


@pytest.mark.parametrize("reason", [Reason.SHARED_MAILBOX, Reason.ROOM, Reason.DISABLED, Reason.SERVICE_ACCOUNT])
def test_every_kind_of_idle_account_has_a_name(reason: Reason) -> None:
    assert reason.value not in standing.text(IdleLicence(reason, ("Ann",), ("SPB",)))


@pytest.mark.parametrize(
    ("cause", "part"),
    [
        (Shared("a/m", ("b/m",), ("Bo",), is_gap=True), "leave them out by an exclusion"),
        (Shared("a/m", ("b/m",), ("Bo",), is_gap=False), "Make the parts disjoint"),
        (UncoveredLicence("SPB", 1), "Say in the rules of acme"),
        (IdleLicence(Reason.ROOM, ("Ann",), ("SPB",)), "Take the licences away"),
        (Inactive(60, ("Ann",)), "Ask acme"),
    ],
)
def test_each_cause_has_its_own_remedy(cause: PeopleCause, part: str) -> None:
    assert part in standing.remedy(cause, "acme")
