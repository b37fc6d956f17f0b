"""An Active Directory over LDAP beside Entra ID, at a client that pays by licence: both real, as far as can be."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from commands import changes, imports, reconcile, sync
from commands.actors import Actor, Clock
from commands.sync_outcomes import SyncOutcome
from connectors.books.values import BookClient, BookDirectory
from connectors.directories import open_directory
from connectors.directories.port import Directory
from rosters.rules import Account, Roster, Rule
from storage.database import Database
from tests.billing.build import day, per_unit
from tests.support.books import book, client
from tests.support.ldap_lab import Lab
from tests.support.ldap_stages import SambaStage
from tests.support.microsoft import TENANT, Bench

ADA = Actor("cli:ops for Ada", "cli")
CLOCK = Clock(fixed=day("2027-01-01"))
pytestmark = pytest.mark.needs_tool("samba")


def acme(lab: Lab, *rosters: Roster, beside: bool = True) -> BookClient:
    entra = BookDirectory("m365", "entra", {"tenant": TENANT})
    directories = (BookDirectory("ad", "ldap", lab.settings()), *((entra,) if beside else ()))
    return replace(client(per_unit("10"), rosters=rosters or (Roster("full"),)), directories=directories)


async def read(database: Database, lab: Lab, microsoft: Bench, given: BookClient) -> dict[str, SyncOutcome]:
    imports.apply_import(database, ADA, book(given), CLOCK)

    def source(kind: str, settings: Mapping[str, object], _client: str, _name: str) -> Directory:
        return open_directory(kind, settings, lab.surroundings()) if kind == "ldap" else microsoft.directory()

    outcomes = await sync.sync_clients(database, ADA, source, CLOCK)
    return {outcome.directory: outcome for outcome in outcomes}


def proposed(database: Database) -> list[str]:
    return [item.name for change in changes.pending(database, ADA) for item in change.items]


@pytest.fixture
def staff(domain: Lab, microsoft: Bench) -> Lab:
    """Ann has a licence at Microsoft; Bo works in the warehouse and is in the domain alone."""
    microsoft.tenant.people.hire("Ann", "ann@acme.example", licences=["SPB"])
    SambaStage(domain).hire(Account("", "Bo", upn="bo@acme.example"))
    return domain


async def test_the_domain_is_read_and_whoever_the_licence_can_not_decide_is_told(
    database: Database, staff: Lab, microsoft: Bench
) -> None:
    found = await read(database, staff, microsoft, acme(staff))
    assert {name: outcome.outcome for name, outcome in found.items()} == {"ad": "accepted", "m365": "accepted"}
    assert proposed(database) == ["Ann"]
    held = [one for one in reconcile.reconcile(database, ADA, CLOCK) if one.code == "R03"]
    assert [(one.effect, "can't say whether these count: Bo." in one.text) for one in held] == [("hold", True)]


async def test_a_roster_of_its_own_takes_the_domain(database: Database, staff: Lab, microsoft: Bench) -> None:
    full, works = Rule(directories=("m365",)), Rule(basis="enabled", directories=("ad",))
    found = await read(database, staff, microsoft, acme(staff, Roster("full", full), Roster("works", works)))
    assert {name: outcome.billable for name, outcome in found.items()} == {"ad": 1, "m365": 1}
    assert sorted(proposed(database)) == ["Ann", "Bo"]
    assert not [one for one in reconcile.reconcile(database, ADA, CLOCK) if one.code == "R03"]


async def test_where_nothing_can_decide_the_domain_is_not_read_and_says_so(
    database: Database, staff: Lab, microsoft: Bench
) -> None:
    found = await read(database, staff, microsoft, acme(staff, beside=False))
    assert (found["ad"].outcome, found["ad"].exit_code) == ("failed", 2)
    assert "knows no licences, but a roster of this client asks for them" in found["ad"].message
