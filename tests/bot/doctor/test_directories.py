import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from sandbox.microsoft.faults import Endpoint, Fault
from tests.bot.doctor.conftest import ENTRA, SECRET, Clinic
from tests.support.microsoft import CLIENT_ID, TENANT

SIGN_INS = ENTRA.replace("}", ", sign_ins: true}")
READS_APPS = {"User.Read.All", "Organization.Read.All", "Application.Read.All"}


def in_days(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days, hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")


async def test_a_directory_is_read_for_real_and_nothing_is_kept(clinic: Clinic) -> None:
    await clinic.opens()
    report = await clinic.doctor()
    assert report.line("acme/m365") == "ok acme/m365 4 accounts, 3 billable"
    assert report.line("acme/m365 last reading").endswith("none was ever accepted → rollcall sync acme")
    assert (await clinic.run("changes", "--json")).out == "[]\n"
    assert (report.code, report.failures) == (0, [])


async def test_after_a_sync_the_last_accepted_reading_is_told(clinic: Clinic) -> None:
    await clinic.opens()
    await clinic.succeeds("sync")
    report = await clinic.doctor()
    assert report.line("acme/m365 last reading").startswith("ok acme/m365 last reading accepted on 20")


async def test_a_reading_that_failed_is_told_with_its_day(clinic: Clinic) -> None:
    await clinic.opens()
    clinic.tenant.consented = False
    await clinic.run("sync")
    clinic.tenant.consented = True
    report = await clinic.doctor()
    assert "it failed since 20" in report.line("acme/m365 last reading")
    assert report.line("acme/m365 last reading").endswith("→ Once it can be read again: rollcall sync acme")


async def test_a_reading_that_is_held_is_told(clinic: Clinic) -> None:
    await clinic.opens()
    await clinic.succeeds("sync")
    await clinic.succeeds("approve", "1", "--by", "Ada", "--effective", "2027-01-01")
    for person in clinic.tenant.people.everybody():
        clinic.tenant.people.disable(person.id)
    clinic.tenant.people.hire("New", "new@acme.example", licences=["SPB"])
    for person in clinic.tenant.people.everybody():
        clinic.tenant.people.fire(person.id)
    await clinic.run("sync")
    report = await clinic.doctor()
    assert "held by the safety catch → See what it would move: rollcall reconcile acme" in report.line(
        "acme/m365 last reading"
    )


async def test_a_setting_that_shows_only_at_the_sign_in_is_told_with_its_remedy(clinic: Clinic, tmp_path: Path) -> None:
    await clinic.opens()
    pem = tmp_path / "app.pem"
    pem.write_text("nonsense")
    clinic.settings.pop("entra_client_secret")
    clinic.settings["entra_client_certificate"] = str(pem)
    report = await clinic.doctor()
    assert report.line("acme/m365").startswith("FAIL acme/m365 The Entra app's certificate file must hold both")
    assert report.line("acme/m365 last reading")
    assert report.code == 2


@pytest.mark.parametrize(
    ("left", "missing", "feature"),
    [
        ("Organization.Read.All", "User.Read.All", "the accounts"),
        ("User.Read.All", "Organization.Read.All", "licences"),
    ],
)
async def test_a_missing_permission_is_told_with_its_feature_and_the_page_to_send(
    clinic: Clinic, left: str, missing: str, feature: str
) -> None:
    await clinic.opens()
    clinic.tenant.permissions = {left}
    report = await clinic.doctor()
    line = report.line(f"acme/m365 permission {missing}")
    assert line.startswith(f"FAIL acme/m365 permission {missing} is missing for {feature}: ")
    assert f"/{TENANT}/adminconsent?client_id={CLIENT_ID} and agrees." in line
    assert report.code == 3


async def test_a_permission_that_no_rule_needs_is_not_missed(clinic: Clinic) -> None:
    await clinic.opens("enabled")
    clinic.tenant.permissions = {"User.Read.All"}
    report = await clinic.doctor()
    assert report.line("acme/m365") == "ok acme/m365 4 accounts, 4 billable"
    assert report.line("acme/m365 permissions") == "ok acme/m365 permissions User.Read.All (the accounts)"
    assert report.failures == []
    await clinic.succeeds("sync")


async def test_a_larger_permission_will_do_and_a_needless_one_is_told(clinic: Clinic) -> None:
    await clinic.opens()
    clinic.tenant.permissions = {"User.Read.All", "Organization.Read.All", "Mail.Read"}
    report = await clinic.doctor()
    assert report.line("acme/m365 permissions").endswith(
        "Organization.Read.All (licences), User.Read.All (the accounts); of no use to Rollcall: Mail.Read"
    )


async def test_permissions_that_are_there_are_told_beside_those_that_are_missing(clinic: Clinic) -> None:
    await clinic.opens()
    clinic.tenant.permissions = {"User.Read.All", "GroupMember.Read.All"}
    report = await clinic.doctor()
    assert report.line("acme/m365 permissions").endswith(
        "User.Read.All (the accounts); of no use to Rollcall: GroupMember.Read.All"
    )


async def test_last_sign_ins_without_the_permission_are_a_warning(clinic: Clinic) -> None:
    await clinic.opens("enabled", SIGN_INS)
    clinic.tenant.permissions = {"User.Read.All"}
    report = await clinic.doctor()
    line = report.line("acme/m365 permission AuditLog.Read.All")
    assert line.startswith(
        "warn acme/m365 permission AuditLog.Read.All is missing for last sign-ins: they are left out"
    )
    assert (report.code, report.failures) == (0, [])


@pytest.mark.parametrize(
    ("premium", "words"),
    [(True, "ok acme/m365 last sign-ins are read"), (False, "warn acme/m365 last sign-ins are left out: Microsoft")],
)
async def test_whether_the_tenant_tells_last_sign_ins_is_said(clinic: Clinic, *, premium: bool, words: str) -> None:
    await clinic.opens("enabled", SIGN_INS)
    clinic.tenant.permissions = {"User.Read.All", "AuditLog.Read.All"}
    clinic.tenant.premium = premium
    report = await clinic.doctor()
    line = report.line("acme/m365 last sign-ins")
    assert line.startswith(words)
    assert premium or "Entra ID P1 or P2" in line


async def test_a_consent_that_is_missing_is_told_with_the_page_to_send(clinic: Clinic) -> None:
    await clinic.opens()
    clinic.tenant.consented = False
    report = await clinic.doctor()
    line = report.line("acme/m365 sign-in")
    assert line.startswith("FAIL acme/m365 sign-in The app has no consent in tenant")
    assert f"/adminconsent?client_id={CLIENT_ID}" in line
    assert report.code == 3


async def test_a_wrong_secret(clinic: Clinic) -> None:
    await clinic.opens()
    clinic.cloud.register(CLIENT_ID, secret="another")
    report = await clinic.doctor()
    assert report.line("acme/m365 sign-in").endswith("from the app registration into ROLLCALL_ENTRA_CLIENT_SECRET.")


async def test_an_expired_secret(clinic: Clinic) -> None:
    await clinic.opens()
    clinic.cloud.register(CLIENT_ID, secret=SECRET, secret_expires="2026-01-01T00:00:00Z")
    report = await clinic.doctor()
    assert "has expired (AADSTS7000222) → Make a new one" in report.line("acme/m365 sign-in")


@pytest.mark.parametrize(("days", "word"), [(29, "warn"), (90, "ok")])
async def test_the_end_of_the_secret_is_seen_where_the_home_tenant_lets_us(
    clinic: Clinic, days: int, word: str
) -> None:
    await clinic.opens()
    clinic.tenant.permissions = READS_APPS
    clinic.cloud.register(CLIENT_ID, secret=SECRET, home=TENANT, secret_expires=in_days(days))
    report = await clinic.doctor()
    assert f"{word} Entra client secret expires on " in report.line("Entra client secret")
    assert f"in {days} days" in report.line("Entra client secret")


@pytest.mark.parametrize("permissions", [READS_APPS, READS_APPS - {"Application.Read.All"}])
async def test_elsewhere_it_is_said_how_to_see_it(clinic: Clinic, permissions: set[str]) -> None:
    await clinic.opens()
    clinic.tenant.permissions = set(permissions)
    clinic.cloud.register(CLIENT_ID, secret=SECRET, home="another-tenant", secret_expires=in_days(9))
    report = await clinic.doctor()
    line = report.line("Entra client secret")
    assert line.startswith("- Entra client secret when it expires can't be seen → Its date stands in your own tenant")


@pytest.mark.parametrize(("days", "word"), [(20, "warn"), (60, "ok"), (-2, "FAIL")])
async def test_the_end_of_a_certificate_is_its_own(clinic: Clinic, days: int, word: str, tmp_path: Path) -> None:
    await clinic.opens()
    until = datetime.now(UTC) + timedelta(days=days, hours=1)
    made = trustme.CA().issue_cert("app.example", not_after=until, key_type=trustme.KeyType.RSA)
    pem = tmp_path / "app.pem"
    pem.write_bytes(made.private_key_and_cert_chain_pem.bytes())
    clinic.cloud.register(CLIENT_ID, certificate_pem=made.cert_chain_pems[0].bytes().decode())
    del clinic.settings["entra_client_secret"]
    clinic.settings["entra_client_certificate"] = str(pem)
    report = await clinic.doctor()
    assert report.line("Entra certificate").startswith(f"{word} Entra certificate expire")


async def test_a_graph_that_is_down_is_told_and_slack_is_looked_at_all_the_same(clinic: Clinic) -> None:
    await clinic.opens()
    clinic.tenant.faults.order(Endpoint.DELTA, Fault.UNAVAILABLE, times=9)
    report = await clinic.doctor()
    assert report.line("acme/m365").startswith("FAIL acme/m365 Microsoft Graph is out of order")
    assert report.line("bot token").startswith("ok")
    assert report.code == 3


async def test_a_tenant_in_which_nobody_is(clinic: Clinic) -> None:
    await clinic.opens()
    clinic.tenant.faults.order(Endpoint.DELTA, Fault.EMPTY_DIRECTORY)
    report = await clinic.doctor()
    assert report.line("acme/m365").startswith("warn acme/m365 0 accounts, 0 billable → An empty directory")


async def test_a_rule_that_takes_nobody(clinic: Clinic) -> None:
    await clinic.opens()
    for person in clinic.tenant.people.everybody():
        clinic.tenant.people.disable(person.id)
    report = await clinic.doctor()
    assert "4 accounts, 0 billable → If that is wrong, see why" in report.line("acme/m365")


async def test_a_part_in_which_nobody_is_points_to_the_words_of_the_book_that_describe_it(clinic: Clinic) -> None:
    (clinic.folder / "staff.csv").write_text("id,name,department\n1,Ann,Sales\n")
    await clinic.opens("enabled", "{name: staff, kind: csv, path: staff.csv, only: {departments: [Sails]}}")
    report = await clinic.doctor()
    line = report.line("acme/staff")
    assert line.startswith("warn acme/staff 1 account, 0 billable")
    assert line.endswith("and the roster's rule and the directory's `only`.")


async def test_a_file_that_is_gone(clinic: Clinic) -> None:
    await clinic.opens("enabled", "{name: staff, kind: csv, path: staff.csv}")
    report = await clinic.doctor()
    assert report.line("acme/staff").startswith("FAIL acme/staff There is no file")
    assert "→ Save the export there, or correct the directory's `path`" in report.line("acme/staff")


async def test_a_file_that_is_old(clinic: Clinic) -> None:
    file = clinic.folder / "staff.csv"
    file.write_text("id,name\n1,Ann\n2,Bo\n")
    await clinic.opens("enabled", "{name: staff, kind: csv, path: staff.csv}")
    report = await clinic.doctor()
    assert ", written on 20" in report.line("acme/staff file")
    assert report.line("acme/staff columns").endswith("2 rows, plain: id from id, name from name; ignored: none")
    old = (datetime.now(UTC) - timedelta(days=40)).timestamp()
    os.utime(file, (old, old))
    report = await clinic.doctor()
    assert report.line("acme/staff") == "ok acme/staff 2 accounts, 2 billable"
    assert "40 days ago → Export it anew to" in report.line("acme/staff file")


async def test_only_the_directories_of_the_named_clients_are_looked_at(clinic: Clinic) -> None:
    await clinic.opens()
    report = await clinic.doctor("acme")
    assert report.line("acme/m365").startswith("ok")
    report = await clinic.doctor("nobody")
    assert report.line("clients").startswith("FAIL clients No client is called 'nobody'")
    assert report.code == 2
