from pathlib import Path

import pytest

from bot.settings import variable
from sandbox.microsoft.certificate import Certificate
from tests.bot.doctor.conftest import APP_TOKEN, BOT_TOKEN, SECRET, SIGNING_SECRET, Clinic


async def test_every_setting_has_its_line_and_no_secret_is_told(clinic: Clinic) -> None:
    clinic.settings["slack_app_token"] = APP_TOKEN
    await clinic.opens()
    report = await clinic.doctor()
    assert [name for name in clinic.settings if not report.line(variable(name))] == []
    assert [secret for secret in (BOT_TOKEN, APP_TOKEN, SECRET, SIGNING_SECRET) if secret in report.out] == []
    assert report.line("ROLLCALL_SLACK_BOT_TOKEN") == "ok ROLLCALL_SLACK_BOT_TOKEN set (not shown)"
    assert report.line("ROLLCALL_HTTP_PORT") == "ok ROLLCALL_HTTP_PORT 3000 (default)"


async def test_a_malformed_setting_is_told_and_the_rest_is_looked_at_all_the_same(clinic: Clinic) -> None:
    await clinic.opens()
    clinic.settings["http_port"] = "many"
    report = await clinic.doctor()
    assert report.code == 2
    assert report.failures == [
        "FAIL ROLLCALL_HTTP_PORT is malformed → Expected: a port from 1 to 65535, or 0 for any free one."
    ]
    assert report.line("acme/m365") == "ok acme/m365 4 accounts, 3 billable"


async def test_a_token_never_goes_to_another_address_than_the_one_that_was_meant(clinic: Clinic) -> None:
    await clinic.opens()
    clinic.settings |= {"slack_api_url": "nowhere", "graph_url": "http://nowhere"}
    report = await clinic.doctor()
    assert report.line("Slack") == "- Slack its address is malformed"
    assert report.line("acme/m365") == "- acme/m365 a setting for Entra is malformed"
    assert clinic.workspace.calls == []


async def test_a_file_of_settings_that_is_no_text_is_told(clinic: Clinic) -> None:
    (clinic.folder / ".env").write_bytes(b"\xff\xfe\x00")
    report = await clinic.doctor()
    assert report.line(".env") == "FAIL .env can't be read → Expected: lines of NAME=value in UTF-8."


async def test_an_app_id_without_its_credential_is_told_before_a_book_names_a_tenant(clinic: Clinic) -> None:
    del clinic.settings["entra_client_secret"]
    report = await clinic.doctor()
    assert report.line("ROLLCALL_ENTRA_CLIENT_SECRET").startswith("FAIL ROLLCALL_ENTRA_CLIENT_SECRET not set")


async def test_a_slip_of_the_pen_in_the_file_of_settings_is_told_too(clinic: Clinic) -> None:
    (clinic.folder / ".env").write_text("ROLLCALL_ENTRA_CERTIFICATE=app.pem\n", encoding="utf-8")
    report = await clinic.doctor()
    told = report.line("ROLLCALL_ENTRA_CERTIFICATE")
    assert told.endswith("→ Did you mean ROLLCALL_ENTRA_CLIENT_CERTIFICATE?")


async def test_a_slip_of_the_pen_is_told_with_what_was_meant(clinic: Clinic) -> None:
    clinic.settings["slack_bot_tokn"] = "x"
    report = await clinic.doctor()
    assert report.line("ROLLCALL_SLACK_BOT_TOKN").endswith("→ Did you mean ROLLCALL_SLACK_BOT_TOKEN?")


@pytest.mark.parametrize(
    ("missing", "line", "code"),
    [
        ("slack_bot_token", "FAIL ROLLCALL_SLACK_BOT_TOKEN not set: without it there is no Slack", 2),
        ("slack_signing_secret", "FAIL ROLLCALL_SLACK_SIGNING_SECRET not set: rollcall serve needs it, or ROLL", 2),
        ("default_channel", "warn ROLLCALL_DEFAULT_CHANNEL not set: cards of billing runs", 0),
        ("entra_client_id", "FAIL ROLLCALL_ENTRA_CLIENT_ID not set: a directory of the kind entra needs it", 2),
        ("entra_client_secret", "FAIL ROLLCALL_ENTRA_CLIENT_SECRET not set: a directory of the kind entra needs", 2),
    ],
)
async def test_what_is_missing_is_told_with_what_it_is_for(clinic: Clinic, missing: str, line: str, code: int) -> None:
    await clinic.opens()
    del clinic.settings[missing]
    report = await clinic.doctor()
    found = report.line(variable(missing))
    assert found.startswith(line)
    assert "→ Expected: " in found
    assert report.code == code


async def test_without_an_entra_directory_nothing_of_entra_is_needed(clinic: Clinic) -> None:
    (clinic.folder / "staff.csv").write_text("id,name\n1,Ann\n")
    await clinic.opens("enabled", "{name: staff, kind: csv, path: staff.csv}")
    del clinic.settings["entra_client_id"], clinic.settings["entra_client_secret"]
    report = await clinic.doctor()
    assert (report.code, report.failures) == (0, [])


async def test_a_secret_and_a_certificate_at_once_are_told(clinic: Clinic, tmp_path: Path) -> None:
    await clinic.opens()
    (tmp_path / "app.pem").write_text("-----BEGIN CERTIFICATE-----")
    clinic.settings["entra_client_certificate"] = str(tmp_path / "app.pem")
    report = await clinic.doctor()
    assert "exactly one way to sign in" in report.line("Entra app")
    assert report.code == 2


async def test_a_trust_list_that_can_not_be_used_is_told(clinic: Clinic, certificate: Certificate) -> None:
    clinic.settings["ca_bundle"] = f"{certificate.ca_bundle}.gone"
    report = await clinic.doctor()
    assert report.line("ROLLCALL_CA_BUNDLE").startswith("FAIL ROLLCALL_CA_BUNDLE can't be used")
    assert report.line("bot token").startswith("ok")


async def test_a_fixed_business_date_is_told(clinic: Clinic) -> None:
    clinic.settings["today"] = "2027-05-01"
    report = await clinic.doctor()
    assert report.line("ROLLCALL_TODAY").startswith(
        "warn ROLLCALL_TODAY the business date is fixed to 2027-05-01 → Take"
    )
