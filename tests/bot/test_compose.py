from pathlib import Path

import pytest
from pydantic import SecretStr

from billing.errors import RollcallError
from bot.compose import Hooks, Rollcall, compose
from bot.settings import SettingIsMalformed, SettingIsMissing, Settings
from commands import roles
from commands.actors import Actor
from commands.keys import Keys
from commands.secrets import SecretIsUnknown, set_secret
from connectors.directories.csv_file.directory import CsvDirectory
from connectors.directories.entra.directory import EntraDirectory
from connectors.errors import DirectorySettingsMakeNoSense
from tests.support.secrets import OLD, VALUE

ADMIN = Actor("cli:root", "cli")
ENTRA = {"tenant": "11111111-2222-3333-4444-555555555555"}


def composed(folder: Path, hooks: Hooks | None = None, **given: object) -> Rollcall:
    database_url = SecretStr(f"sqlite:///{folder / 'rollcall.db'}")
    settings = Settings.model_validate({"database_url": database_url, **given})
    return compose(settings, hooks)


def test_an_empty_database_is_made(tmp_path: Path) -> None:
    rollcall = composed(tmp_path)
    assert roles.list_roles(rollcall.database) == ()
    rollcall.database.close()


def test_the_hook_hears_of_every_commit(tmp_path: Path) -> None:
    heard: list[str] = []
    rollcall = composed(tmp_path, Hooks(on_commit=heard.append))
    roles.grant(rollcall.database, ADMIN, "U1", "viewer")
    rollcall.database.close()
    assert heard[-2:] == ["role:before-commit", "role:after-commit"]


def test_the_business_date_of_the_settings_is_the_clocks(tmp_path: Path) -> None:
    rollcall = composed(tmp_path, today="2027-05-01")
    rollcall.database.close()
    assert rollcall.clock.today("Asia/Tokyo").isoformat() == "2027-05-01"


def test_a_csv_directory_opens_without_an_entra_app(tmp_path: Path) -> None:
    rollcall = composed(tmp_path)
    rollcall.database.close()
    assert isinstance(rollcall.sources("csv", {"path": "staff.csv"}, "acme", "staff"), CsvDirectory)


def test_an_entra_directory_asks_for_the_app_by_its_variable(tmp_path: Path) -> None:
    rollcall = composed(tmp_path)
    rollcall.database.close()
    with pytest.raises(SettingIsMissing, match="ROLLCALL_ENTRA_CLIENT_ID is not set"):
        rollcall.sources("entra", ENTRA, "acme", "m365")


def test_an_entra_app_without_a_way_to_sign_in_is_told_both_ways(tmp_path: Path) -> None:
    rollcall = composed(tmp_path, entra_client_id="app")
    rollcall.database.close()
    with pytest.raises(SettingIsMissing, match=r"ROLLCALL_ENTRA_CLIENT_SECRET .* ROLLCALL_ENTRA_CLIENT_CERTIFICATE"):
        rollcall.sources("entra", ENTRA, "acme", "m365")


def test_an_entra_app_with_two_ways_to_sign_in_is_refused(tmp_path: Path) -> None:
    pem = tmp_path / "app.pem"
    pem.write_text("-----BEGIN CERTIFICATE-----")
    rollcall = composed(tmp_path, entra_client_id="app", entra_client_secret="x", entra_client_certificate=pem)
    rollcall.database.close()
    with pytest.raises(DirectorySettingsMakeNoSense, match="exactly one way"):
        rollcall.sources("entra", ENTRA, "acme", "m365")


def test_a_certificate_that_is_not_there_is_named_by_its_variable(tmp_path: Path) -> None:
    rollcall = composed(tmp_path, entra_client_id="app", entra_client_certificate=tmp_path / "app.pem")
    rollcall.database.close()
    with pytest.raises(SettingIsMalformed, match=r"ROLLCALL_ENTRA_CLIENT_CERTIFICATE names .*app\.pem"):
        rollcall.sources("entra", ENTRA, "acme", "m365")


def test_an_unreadable_trust_list_is_named_by_its_variable(tmp_path: Path) -> None:
    rollcall = composed(tmp_path, entra_client_id="app", entra_client_secret="x", ca_bundle=tmp_path / "ca.pem")
    rollcall.database.close()
    with pytest.raises(RollcallError, match="ROLLCALL_CA_BUNDLE"):
        rollcall.sources("entra", ENTRA, "acme", "m365")


def test_opening_a_tenant_sends_nothing(tmp_path: Path) -> None:
    heard: list[str] = []
    rollcall = composed(tmp_path, Hooks(on_call=heard.append), entra_client_id="app", entra_client_secret="x")
    rollcall.database.close()
    assert isinstance(rollcall.sources("entra", ENTRA, "acme", "m365"), EntraDirectory)
    assert heard == []


def test_directories_are_given_stored_secrets_by_their_names(tmp_path: Path) -> None:
    rollcall = composed(tmp_path, secret_key=OLD)
    set_secret(rollcall.database, ADMIN, Keys.of(OLD), "acme-ad", VALUE)
    assert rollcall.sources.secret("acme-ad") == VALUE
    with pytest.raises(SecretIsUnknown, match="rollcall secret set other"):
        rollcall.sources.secret("other")
    rollcall.database.close()
