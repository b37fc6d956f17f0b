"""Who may do what: every use case with every role, from the one table and through the commands themselves."""

import asyncio
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from commands import (
    abandoning,
    audit,
    changes,
    clients,
    credits,  # noqa: A004 - the builtin credits is for the interactive shell
    explain,
    exports,
    imports,
    invoices,
    links,
    quotes,
    reconcile,
    roles,
    runs,
    users,
    why,
)
from commands.actors import Actor
from commands.keys import Keys
from commands.permissions import ROLE_OF, NotAllowed, Role, UseCase, may, require
from commands.roles import LastAdminStays, NoSuchGrant, RoleIsUnknown, SubjectIsNoSlackId
from commands.secrets import list_secrets
from commands.sync import sync_clients
from storage.database import Database
from tests.billing.build import day
from tests.support.books import book
from tests.support.msp import ADA, Msp, played_once

RANKS: tuple[Role | None, ...] = (None, *Role)
USER = Actor("U0USER", "slack")
LONG_AGO = day("2026-09-30")
BILL_DATE = day("2027-01-01")


def sync(msp: Msp, actor: Actor, let_through: str | None = None) -> None:
    asyncio.run(
        sync_clients(msp.database, actor, lambda *_: msp.directory(), msp.clock, ["acme"], let_through=let_through)
    )


# Every command with the use case under which it stands.
def started(msp: Msp) -> date:
    """The bill date of a run of which nothing is issued."""
    return runs.start(msp.database, ADA, msp.clock, day("2027-02-01")).bill_date


COMMANDS: list[tuple[str, UseCase, Callable[[Msp, Actor], object]]] = [
    ("find a client", UseCase.SEE, lambda m, a: clients.find(m.database, a, "acme")),
    ("list changes", UseCase.SEE, lambda m, a: changes.pending(m.database, a)),
    ("list people", UseCase.SEE, lambda m, a: users.rosters(m.database, a, m.clock, "acme")),
    ("ask why", UseCase.SEE, lambda m, a: why.why(m.database, a, "acme", "ann")),
    ("preview", UseCase.SEE_MONEY, lambda m, a: invoices.preview(m.database, a, m.clock, "acme")),
    ("read an invoice", UseCase.SEE_MONEY, lambda m, a: invoices.issued(m.database, a, "NW-000001")),
    ("list invoices", UseCase.SEE_MONEY, lambda m, a: invoices.history(m.database, a)),
    ("reconcile", UseCase.SEE_MONEY, lambda m, a: reconcile.reconcile(m.database, a, m.clock)),
    ("explain", UseCase.SEE_MONEY, lambda m, a: explain.explain(m.database, a, "NW-000001")),
    ("explain a client's", UseCase.SEE_MONEY, lambda m, a: explain.explain_client(m.database, a, m.clock, "acme")),
    ("quote", UseCase.SEE_MONEY, lambda m, a: quotes.quote(m.database, a, m.clock, "acme", Decimal(1), "full")),
    ("read the audit log", UseCase.SEE, lambda m, a: audit.entries(m.database, a)),
    ("see a run", UseCase.SEE_MONEY, lambda m, a: runs.status(m.database, a)),
    ("export", UseCase.SEE_MONEY, lambda m, a: exports.export_book(m.database, a, m.clock)),
    ("sync", UseCase.SYNC, sync),
    ("let through", UseCase.LET_THROUGH, lambda m, a: sync(m, a, "true")),
    ("approve", UseCase.DECIDE_CHANGE, lambda m, a: changes.approve(m.database, a, m.clock, 2)),
    (
        "approve what goes back far",
        UseCase.BACKDATE,
        lambda m, a: changes.approve(m.database, a, m.clock, 2, effective=LONG_AGO),
    ),
    ("link", UseCase.LINK, lambda m, a: links.link(m.database, a, m.clock, "acme", "ann", "bo", same=True)),
    ("reject", UseCase.DECIDE_CHANGE, lambda m, a: changes.reject(m.database, a, m.clock, 2, reason="no")),
    ("start a run", UseCase.RUN, lambda m, a: runs.start(m.database, a, m.clock, BILL_DATE)),
    ("approve a run", UseCase.RUN, lambda m, a: runs.approve(m.database, a, m.clock, BILL_DATE)),
    ("ask to abandon", UseCase.RUN, lambda m, a: abandoning.to_be_abandoned(m.database, a, started(m))),
    ("abandon", UseCase.RUN, lambda m, a: abandoning.abandon(m.database, a, m.clock, started(m), reason="no")),
    ("issue", UseCase.RUN, lambda m, a: runs.issue(m.database, a, m.clock, BILL_DATE)),
    (
        "override",
        UseCase.OVERRIDE,
        lambda m, a: runs.override(m.database, a, m.clock, "acme", "R01", "true", BILL_DATE),
    ),
    (
        "credit",
        UseCase.CREDIT,
        lambda m, a: credits.credit(m.database, a, m.clock, credits.Wanted("NW-000001"), reason="no"),
    ),
    ("plan an import", UseCase.IMPORT, lambda m, a: imports.plan_import(m.database, a, book(), m.clock)),
    ("import", UseCase.IMPORT, lambda m, a: imports.apply_import(m.database, a, book(), m.clock, "meant")),
    ("erase", UseCase.ERASE, lambda m, a: users.erase(m.database, a, m.clock, "acme", "ann", "asked")),
    ("grant", UseCase.GRANT_ROLES, lambda m, a: roles.grant(m.database, a, "U0NEW", "viewer", m.clock)),
    ("list secrets", UseCase.KEEP_SECRETS, lambda m, a: list_secrets(m.database, a, Keys())),
    ("revoke", UseCase.GRANT_ROLES, lambda m, a: roles.revoke(m.database, a, "U0SPARE", m.clock)),
]


@pytest.fixture
@played_once
def ready(counted: Msp) -> Msp:
    """January is issued, a change waits, and there is a grant to revoke."""
    counted.bill("2027-01-01")
    counted.hire("dee")
    counted.sync()
    roles.grant(counted.database, ADA, "U0SPARE", "viewer", counted.clock)
    return counted


def with_role(msp: Msp, role: Role | None) -> Actor:
    if role is not None:
        roles.grant(msp.database, ADA, USER.id, role, msp.clock)
    return USER


def just_below(use_case: UseCase) -> Role | None:
    return RANKS[RANKS.index(ROLE_OF[use_case]) - 1]


@pytest.mark.parametrize("role", RANKS)
@pytest.mark.parametrize("use_case", UseCase)
def test_a_role_may_do_what_it_is_for_and_what_lies_below(
    database: Database, use_case: UseCase, role: Role | None
) -> None:
    if role is not None:
        roles.grant(database, ADA, USER.id, role)
    with database.read() as session:
        assert may(session, USER, use_case) is (RANKS.index(role) >= RANKS.index(ROLE_OF[use_case]))


def test_every_use_case_has_a_role_and_a_command() -> None:
    assert set(ROLE_OF) == set(UseCase) == {use_case for _, use_case, _ in COMMANDS}


@pytest.mark.parametrize(("use_case", "command"), [pytest.param(*rest, id=name) for name, *rest in COMMANDS])
def test_a_command_is_refused_just_below_its_role_and_done_with_it(
    ready: Msp, use_case: UseCase, command: Callable[[Msp, Actor], object]
) -> None:
    below = with_role(ready, just_below(use_case))
    with pytest.raises(NotAllowed, match=f"takes the role {ROLE_OF[use_case]}"):
        command(ready, below)
    command(ready, with_role(ready, ROLE_OF[use_case]))


def test_a_refusal_says_what_is_needed_and_how_to_get_it(database: Database) -> None:
    roles.grant(database, ADA, USER.id, "viewer")
    with database.read() as session, pytest.raises(NotAllowed) as refusal:
        require(session, USER, UseCase.RUN)
    assert str(refusal.value) == (
        "To run the billing takes the role biller; you have viewer. "
        "An admin can give it: rollcall role grant U0USER biller"
    )


@pytest.mark.parametrize("kind", ["cli", "clock"])
def test_the_shell_and_the_clock_may_do_everything(database: Database, kind: str) -> None:
    actor = Actor(kind, "cli" if kind == "cli" else "clock")
    with database.read() as session:
        assert all(may(session, actor, use_case) for use_case in UseCase)


def test_somebody_in_slack_with_the_name_of_the_shell_is_nobody(database: Database) -> None:
    with database.read() as session:
        assert not may(session, Actor(ADA.id, "slack"), UseCase.SEE)


def test_the_highest_of_ones_roles_counts(database: Database) -> None:
    roles.grant(database, ADA, "S0BILLERS", "biller")
    roles.grant(database, ADA, USER.id, "viewer")
    with database.read() as session:
        assert may(session, Actor(USER.id, "slack", ("S0BILLERS",)), UseCase.RUN)


# Roles.


def test_a_grant_replaces_the_one_before(database: Database) -> None:
    roles.grant(database, ADA, "U1", "viewer")
    roles.grant(database, ADA, "U1", "biller")
    assert [(grant.subject, grant.role) for grant in roles.list_roles(database)] == [("U1", "biller")]


def test_an_unknown_role_is_refused_with_those_that_there_are(database: Database) -> None:
    with pytest.raises(RoleIsUnknown, match="viewer, approver, biller, admin"):
        roles.grant(database, ADA, "U1", "owner")


@pytest.mark.parametrize("subject", ["dana", "Dana Doe", "@dana", "u0123abcd", "U", ""])
def test_a_role_is_given_to_a_slack_id_and_never_to_a_name(subject: str, database: Database) -> None:
    with pytest.raises(SubjectIsNoSlackId, match="expected a user's, such as U0123ABCD"):
        roles.grant(database, ADA, subject, "viewer")
    assert roles.list_roles(database) == ()


def test_a_revoked_role_is_gone(database: Database) -> None:
    roles.grant(database, ADA, "U1", "viewer")
    roles.revoke(database, ADA, "U1")
    assert roles.list_roles(database) == ()


def test_what_nobody_has_cannot_be_revoked(database: Database) -> None:
    with pytest.raises(NoSuchGrant, match="rollcall role list"):
        roles.revoke(database, ADA, "U1")


def test_the_last_admin_cannot_be_revoked_from_slack(database: Database) -> None:
    roles.grant(database, ADA, "U1", "admin")
    with pytest.raises(LastAdminStays):
        roles.revoke(database, Actor("U1", "slack"), "U1")


def test_the_last_admin_cannot_make_himself_less_from_slack(database: Database) -> None:
    roles.grant(database, ADA, "U1", "admin")
    with pytest.raises(LastAdminStays):
        roles.grant(database, Actor("U1", "slack"), "U1", "viewer")


def test_the_shell_may_revoke_the_last_admin(database: Database) -> None:
    roles.grant(database, ADA, "U1", "admin")
    roles.revoke(database, ADA, "U1")
    assert roles.list_roles(database) == ()


def test_grants_and_revocations_are_in_the_audit_log(database: Database) -> None:
    roles.grant(database, ADA, "U1", "biller")
    roles.revoke(database, ADA, "U1")
    found = [(entry.action, entry.subject, entry.chain) for entry in audit.entries(database, ADA)]
    assert found == [("role.revoke", "U1", "#house"), ("role.grant", "U1", "#house")]
