"""One directory that several clients share: whom each has, and what is said of an overlap or a gap."""

from dataclasses import replace

import pytest

from commands import runs
from connectors.books.values import BookClient
from rosters.rules import Account, Exclusion, Roster, Rule
from rosters.split import EVERYBODY as WHOLE
from rosters.split import Scope
from tests.billing.build import day, per_unit
from tests.support.books import EVERYBODY, client
from tests.support.msp import ADA, Msp, of

PEOPLE = (
    Account("ann", "Ann", department="Sales", groups=()),
    Account("bo", "Bo", department="Works", groups=()),
    Account("cy", "Cy", department="works", groups=()),
)


def part(slug: str, *departments: str, roster: Roster = EVERYBODY) -> BookClient:
    only = Scope(departments=departments) if departments else WHOLE
    return client(per_unit("10"), slug=slug, settings={"tenant": "group"}, only=only, rosters=(roster,))


def shares(msp: Msp, *parts: BookClient, people: tuple[Account, ...] = PEOPLE) -> Msp:
    """Clients whose directory is the same tenant, in which these people are."""
    msp.imports(*parts)
    for each in parts:
        msp.hire(*people, client=each.slug)
    msp.sync()
    return msp


def said(msp: Msp, slug: str, code: str) -> list[tuple[str, str]]:
    return [(found.effect, found.text) for found in msp.mismatches(slug) if found.code == code]


def test_everybody_is_on_the_roster_of_the_client_whose_part_they_are_in(msp: Msp) -> None:
    shares(msp, part("acme", "Sales"), part("bolt", "Works"))
    outcomes = {outcome.client: outcome.billable for outcome in msp.sync()}
    assert outcomes == {"acme": 1, "bolt": 2}
    for slug in outcomes:
        assert not {code for code, _ in msp.codes(slug)} & {"R03", "R12"}


def test_r12_somebody_in_two_parts_holds_both_clients(msp: Msp) -> None:
    shares(msp, part("acme", "Sales", "Works"), part("bolt", "Works"))
    assert said(msp, "acme", "R12") == [
        (
            "hold",
            "In two parts of one shared directory (acme/hr and bolt/hr): Bo, Cy. Each would be billed twice.",
        )
    ]
    assert [effect for effect, _ in said(msp, "bolt", "R12")] == ["hold"]


def test_r12_a_tenant_that_two_clients_have_whole_is_an_overlap(msp: Msp) -> None:
    shares(msp, part("acme"), part("bolt"))
    assert [effect for effect, _ in said(msp, "acme", "R12")] == ["hold"]


def test_r12_more_than_ten_names_are_cut(msp: Msp) -> None:
    many = tuple(Account(f"p{number:02}", f"P{number:02}") for number in range(12))
    shares(msp, part("acme"), part("bolt"), people=many)
    ((_, text),) = said(msp, "acme", "R12")
    assert "P09 and 2 more." in text


def test_r03_somebody_in_no_part_holds_until_it_was_seen(msp: Msp) -> None:
    shares(msp, part("acme", "Sales"), part("bolt", "Yard"))
    assert said(msp, "bolt", "R03") == [
        ("hold", "In no client's part of one shared directory (acme/hr and bolt/hr): Bo, Cy. Nobody pays for them.")
    ]


@pytest.mark.parametrize(
    "somebody",
    [
        Account("dee", "Dee", guest=True),
        Account("dee", "Dee", enabled=False),
        Account("svc-dee", "svc-dee", upn="svc-dee@group.example"),
    ],
    ids=["guest", "disabled", "excluded"],
)
def test_who_would_not_count_anyhow_needs_no_part(msp: Msp, somebody: Account) -> None:
    without = Roster("full", Rule(basis="enabled", exclude=(Exclusion("upn", "svc-*", "a robot"),)))
    parts = (part("acme", "Sales"), part("bolt", "Works", roster=without))
    shares(msp, *parts, people=(*PEOPLE, somebody))
    assert (said(msp, "acme", "R03"), said(msp, "acme", "R12")) == ([], [])


def test_a_client_that_has_a_part_of_a_directory_alone_leaves_no_gap(msp: Msp) -> None:
    shares(msp, part("acme", "Sales"))
    assert said(msp, "acme", "R03") == []


def test_nothing_is_said_of_a_part_that_was_not_read_yet(msp: Msp) -> None:
    shares(msp, part("acme", "Sales"))
    msp.imports(part("acme", "Sales"), part("bolt", "Yard"))
    assert (said(msp, "acme", "R03"), said(msp, "acme", "R12")) == ([], [])


def test_r13_the_days_without_a_sign_in_are_the_clients_own(msp: Msp) -> None:
    wanted = replace(client(per_unit("10")), inactive_days=5)
    msp.imports(wanted)
    msp.count(Account("ann", "Ann", last_sign_in=day("2026-12-26")))
    assert said(msp, "acme", "R13") == [("info", "No sign-in for more than 5 days: Ann.")]
    msp.imports(replace(wanted, inactive_days=6))
    assert said(msp, "acme", "R13") == []


def test_a_run_holds_the_clients_that_overlap(msp: Msp) -> None:
    shares(msp, part("acme"), part("bolt"))
    msp.on("2027-02-01").sync()
    run = runs.start(msp.database, ADA, msp.clock, msp.today)
    assert ["R12" in of(run, slug).held for slug in ("acme", "bolt")] == [True, True]
