from pathlib import Path

import yaml

from bot.doctor.scopes import FEATURES
from sandbox.workspace.troubles import Kind, Trouble
from tests.bot.doctor.conftest import APP_TOKEN, Clinic

MANIFEST = Path(__file__).parents[3] / "manifest.yaml"


def test_every_scope_of_the_manifest_has_the_feature_that_goes_without_it() -> None:
    asked = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))["oauth_config"]["scopes"]["bot"]
    assert sorted(FEATURES) == sorted(asked)


async def test_the_bot_token_is_told_with_workspace_name_and_scopes(clinic: Clinic) -> None:
    report = await clinic.doctor()
    assert report.line("bot token") == "ok bot token sandbox, bot @rollcall, 9 scopes"
    assert report.line("scopes").startswith("ok scopes app_mentions:read, chat:write, commands")


async def test_a_token_that_slack_refuses(clinic: Clinic) -> None:
    clinic.workspace.bot_token = "xoxb-other"
    report = await clinic.doctor()
    assert report.line("bot token") == (
        "FAIL bot token Slack refused auth.test with invalid_auth → check ROLLCALL_SLACK_BOT_TOKEN."
    )
    assert report.code == 3


async def test_a_scope_that_everything_needs(clinic: Clinic) -> None:
    clinic.workspace.scopes -= {"chat:write"}
    report = await clinic.doctor()
    assert report.line("scope chat:write") == (
        "FAIL scope chat:write is missing: no card and no answer can be posted → Put it back into the app "
        "(manifest.yaml has it), and install the app again."
    )
    assert report.code == 3


async def test_a_scope_for_user_groups_is_a_failure_only_where_a_user_group_has_a_role(clinic: Clinic) -> None:
    clinic.workspace.scopes -= {"usergroups:read"}
    await clinic.opens()
    report = await clinic.doctor()
    assert report.line("scope usergroups:read").startswith("warn")
    assert report.code == 0
    await clinic.succeeds("role", "grant", "S0OPS", "approver")
    report = await clinic.doctor()
    assert report.line("scope usergroups:read").startswith("FAIL")
    assert report.code == 3


async def test_an_app_token_opens_socket_mode(clinic: Clinic) -> None:
    del clinic.settings["slack_signing_secret"]
    clinic.settings["slack_app_token"] = APP_TOKEN
    report = await clinic.doctor()
    assert report.line("app token") == "ok app token Socket Mode can be opened"
    assert report.line("ROLLCALL_SLACK_SIGNING_SECRET").startswith("ok")


async def test_an_app_token_that_slack_refuses(clinic: Clinic) -> None:
    clinic.settings["slack_app_token"] = "xapp-other"
    report = await clinic.doctor()
    assert report.line("app token").endswith("→ check ROLLCALL_SLACK_APP_TOKEN.")
    assert report.code == 3


async def test_a_channel_without_the_bot(clinic: Clinic) -> None:
    await clinic.opens()
    clinic.workspace.places.set_membership("C0ACME", is_member=False)
    report = await clinic.doctor()
    assert report.line("channel C0ACME") == (
        "FAIL channel C0ACME the bot isn't in #acme (acme), so no card can be posted → Invite it there: "
        "/invite @Rollcall"
    )
    assert report.code == 3


async def test_a_default_channel_that_is_not_there(clinic: Clinic) -> None:
    await clinic.opens()
    clinic.settings["default_channel"] = "C0NOWHERE"
    report = await clinic.doctor()
    assert "Slack shows the bot no such channel (ROLLCALL_DEFAULT_CHANNEL) → Correct the id" in report.line(
        "channel C0NOWHERE"
    )


async def test_without_a_scope_to_see_channels_the_scope_is_named_and_nothing_fails(clinic: Clinic) -> None:
    await clinic.opens()
    clinic.workspace.scopes = set(FEATURES)
    clinic.workspace.places.set_membership("C0ACME", is_member=False)
    report = await clinic.doctor()
    assert report.line("channels") == (
        "- channels whether the bot is in C0ACME, C0BILLING can't be seen (it takes channels:read, for private ones "
        "groups:read, which Rollcall doesn't need otherwise)"
    )
    assert report.code == 0


async def test_a_private_channel_takes_a_scope_of_its_own(clinic: Clinic) -> None:
    await clinic.opens()
    clinic.workspace.scopes -= {"groups:read"}
    clinic.workspace.places.add_channel("acme", "C0ACME", is_private=True)
    report = await clinic.doctor()
    assert report.line("channel C0ACME") == "- channel C0ACME the channel of acme can't be seen without groups:read"


async def test_a_slack_that_is_down(clinic: Clinic) -> None:
    await clinic.opens()
    clinic.workspace.troubles.add(Trouble("auth.test", Kind.UNREACHABLE, count=9))
    report = await clinic.doctor()
    assert report.line("bot token").startswith("FAIL bot token Slack didn't answer auth.test")
    assert report.line("acme/m365").startswith("ok")
    assert report.code == 3


async def test_nothing_is_posted(clinic: Clinic) -> None:
    await clinic.opens()
    await clinic.doctor()
    assert {call.method for call in clinic.workspace.calls} == {"auth.test", "conversations.info"}


async def test_a_slack_that_nobody_is_at_is_told_without_the_machinery(clinic: Clinic) -> None:
    clinic.settings["slack_api_url"] = "http://127.0.0.1:1/api/"
    report = await clinic.doctor()
    line = report.line("bot token")
    assert line.startswith("FAIL bot token Slack didn't answer auth.test → no connection to 127.0.0.1:1, ")
    assert "SSLContext" not in line
