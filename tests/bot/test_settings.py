from datetime import date
from pathlib import Path

import pytest

from bot.settings import SettingIsMalformed, SettingIsMissing, Settings, read_settings, variable
from tests.support.command_line import without_settings

SECRETS = {
    "ROLLCALL_DATABASE_URL": "postgresql+psycopg://rollcall:very-hidden@db/rollcall",
    "ROLLCALL_SLACK_BOT_TOKEN": "xoxb-very-hidden",
    "ROLLCALL_SLACK_SIGNING_SECRET": "very-hidden",
    "ROLLCALL_SLACK_APP_TOKEN": "xapp-very-hidden",
    "ROLLCALL_ENTRA_CLIENT_SECRET": "very-hidden",
    "ROLLCALL_SECRET_KEY": "dmVyeS1oaWRkZW4tdmVyeS1oaWRkZW4tdmVyeS1oaWQ=",
}


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_settings(monkeypatch)
    monkeypatch.chdir(tmp_path)


def test_without_any_variable_there_is_a_database_file_and_slacks_own_address() -> None:
    settings = read_settings()
    assert settings.database_url.get_secret_value() == "sqlite:///rollcall.db"
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.today is None


def test_a_file_named_env_in_the_working_directory_is_read(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("ROLLCALL_TODAY=2027-05-01\nSOMETHING_ELSE=1\n")
    assert read_settings().today == date(2027, 5, 1)


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("ROLLCALL_HTTP_PORT=1\n")
    monkeypatch.setenv("ROLLCALL_HTTP_PORT", "2")
    assert read_settings().http_port == 2


def test_an_empty_variable_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLCALL_SLACK_BOT_TOKEN", "")
    assert read_settings().slack_bot_token is None


@pytest.mark.parametrize("url", ["https://slack.test/api", "https://slack.test/api/"])
def test_the_web_api_ends_with_one_slash_however_it_is_written(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLCALL_SLACK_API_URL", url)
    assert read_settings().slack_api_url == "https://slack.test/api/"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ROLLCALL_SLACK_BOT_TOKEN", "xapp-1"),
        ("ROLLCALL_SLACK_APP_TOKEN", "xoxb-1"),
        ("ROLLCALL_SLACK_API_URL", "slack.com"),
        ("ROLLCALL_DEFAULT_CHANNEL", "#billing"),
        ("ROLLCALL_ENTRA_CLIENT_ID", "my app"),
        ("ROLLCALL_ENTRA_AUTHORITY_URL", "http://login.test"),
        ("ROLLCALL_GRAPH_URL", "graph.test"),
        ("ROLLCALL_SECRET_KEY", "short"),
        ("ROLLCALL_HTTP_HOST", "a b"),
        ("ROLLCALL_HTTP_PORT", "65536"),
        ("ROLLCALL_LOG_FORMAT", "xml"),
        ("ROLLCALL_LOG_LEVEL", "loud"),
        ("ROLLCALL_TODAY", "1 May"),
        ("ROLLCALL_TODAY", "1809043200"),
    ],
)
def test_a_malformed_setting_is_named_in_one_line_without_its_value(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingIsMalformed) as refusal:
        read_settings()
    message = str(refusal.value)
    assert message.startswith(f"{name} is malformed: expected ")
    assert "\n" not in message
    assert value not in message.replace("xoxb-.", "").replace("xapp-.", "").replace("https://slack.com/api/", "")


def test_two_malformed_settings_are_both_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLCALL_HTTP_PORT", "x")
    monkeypatch.setenv("ROLLCALL_TODAY", "y")
    with pytest.raises(SettingIsMalformed, match=r"ROLLCALL_HTTP_PORT .* ROLLCALL_TODAY "):
        read_settings()


def test_a_file_that_is_no_text_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingIsMalformed, match=r"\.env"):
        read_settings()


def test_no_secret_shows_in_the_representation(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    settings = read_settings()
    shown = f"{settings!r} {settings}"
    assert not [value for value in SECRETS.values() if value in shown]
    assert "hidden" not in shown


def test_the_cause_of_a_refusal_does_not_show_the_value_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLCALL_SLACK_BOT_TOKEN", "very-hidden")
    with pytest.raises(SettingIsMalformed) as refusal:
        read_settings()
    assert refusal.value.__suppress_context__


def test_what_is_needed_but_missing_is_named_with_what_it_should_look_like() -> None:
    with pytest.raises(SettingIsMissing, match=r"^ROLLCALL_SLACK_BOT_TOKEN is not set: expected .* xoxb-\.$"):
        read_settings().required("slack_bot_token")


def test_what_is_needed_and_there_is_given_as_plain_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLCALL_SLACK_BOT_TOKEN", "xoxb-1")
    assert read_settings().required("slack_bot_token") == "xoxb-1"


def test_every_setting_says_what_it_should_look_like() -> None:
    assert [variable(name) for name, field in Settings.model_fields.items() if not field.description] == []
