import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

from bot.cli.main import build_app, main
from bot.compose import Hooks
from tests.support.command_line import CommandLine

PROGRAM = [sys.executable, "-c", "import sys; from bot.cli.main import main; sys.exit(main())"]
ROOT = Path(__file__).parents[3]


def every_command() -> Iterator[tuple[str, ...]]:
    app = build_app()
    for command in app.registered_commands:
        yield (command.name or "",)
    for group in app.registered_groups:
        assert group.typer_instance
        yield (str(group.name),)
        for command in group.typer_instance.registered_commands:
            yield (str(group.name), command.name or "")


def environment(folder: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ROLLCALL_")}
    return kept | {"PYTHONPATH": f"{folder}:{ROOT}"} | more


@pytest.mark.parametrize("command", list(every_command()), ids=" ".join)
def test_every_command_explains_itself_at_80_columns(command: tuple[str, ...], rollcall: CommandLine) -> None:
    ran = rollcall(*command, "--help")
    assert ran.code == 0
    assert f"Usage: rollcall {' '.join(command)}" in ran.out
    assert max(map(len, ran.out.splitlines())) <= 80


def test_without_a_command_the_commands_are_listed(rollcall: CommandLine) -> None:
    ran = rollcall()
    assert ran.code == 0
    assert "reconcile" in ran.out


def test_the_version_is_that_of_the_package(rollcall: CommandLine) -> None:
    said = rollcall("--version")
    assert (said.code, said.out, said.err) == (0, f"rollcall {version('rollcall')}\n", "")


def test_help_needs_no_settings_and_makes_no_database(
    rollcall: CommandLine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ROLLCALL_HTTP_PORT", "x")
    assert rollcall("run", "--help").code == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("form", "named"), [("pdf", "a PDF"), ("xlsx", "a spreadsheet")])
def test_what_a_terminal_cannot_show_is_not_printed_on_one(
    form: str, named: str, rollcall: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    ran = rollcall("invoice", "NW-000001", "--format", form)
    assert (ran.code, ran.out) == (2, "")
    assert f"a terminal can't show {named}: add -o FILE" in ran.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("chnges",), "No such command 'chnges'. Did you mean 'changes'?"),
        (("run", "strat"), "No such command 'strat'. Did you mean 'start'"),
        (
            ("run", "frob"),
            "No such command 'frob'. Commands: start, status, approve, issue, override, abandon. rollcall run --",
        ),
        (("frobnicate",), "No such command 'frobnicate'. Commands: demo, serve, migrate, doctor, "),
        (
            ("run",),
            "Missing command. Commands: start, status, approve, issue, override, abandon. rollcall run --help shows",
        ),
        (("users",), "Missing argument 'CLIENT'."),
        (("invoice", "NW-000001", "--format", "docx"), "for '--format': 'docx' is not one of"),
        (("approve", "1"), "Missing option '--by'."),
        (("approve", "one", "--by", "Dana"), "'one' is not a number: expected 1 or more."),
        (("approve", "1", "--by", " "), "Invalid value for '--by': it is empty."),
        (("changes", "--jsn"), "No such option: --jsn (Possible options: --json). "),
        (("preview", "acme", "--on", "may"), "'may' is not a date: expected YYYY-MM-DD, such as 2027-05-01."),
        (("run", "start", "2027-02-30"), "2027-02-30 is not a day of the calendar."),
        (("users", "acme", "why"), "say whom"),
        (("users", "acme", "wy", "ann"), "'wy'"),
    ],
)
def test_what_was_typed_wrong_is_said_in_one_line(
    arguments: tuple[str, ...], message: str, rollcall: CommandLine
) -> None:
    ran = rollcall(*arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert ran.err.startswith("rollcall: ")
    assert message in ran.err
    assert ran.err.count("\n") == 1


def test_a_malformed_setting_ends_every_command_with_its_name(
    rollcall: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLLCALL_TODAY", "tomorrow")
    ran = rollcall("changes")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "rollcall: ROLLCALL_TODAY is malformed: expected a date as YYYY-MM-DD, such as 2027-05-01.\n"


@pytest.mark.parametrize(
    ("url", "code"), [("mysql://db/rollcall", 2), ("postgresql+psycopg://nobody:x@127.0.0.1:1/rollcall", 3)]
)
def test_a_database_that_cannot_be_used_is_said_without_its_password(
    url: str, code: int, rollcall: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLLCALL_DATABASE_URL", url)
    ran = rollcall("changes")
    assert ran.code == code
    assert ran.err.startswith("rollcall: ")
    assert ":x@" not in ran.err


def test_serving_without_a_bot_token_names_the_variable(rollcall: CommandLine) -> None:
    ran = rollcall("serve")
    assert ran.code == 2
    assert ran.err.startswith("rollcall: ROLLCALL_SLACK_BOT_TOKEN is not set")


def test_serving_without_a_way_for_slack_to_reach_it_names_both_ways(
    rollcall: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLLCALL_SLACK_BOT_TOKEN", "xoxb-1")
    ran = rollcall("serve")
    assert ran.code == 2
    assert ran.err.startswith("rollcall: ROLLCALL_SLACK_APP_TOKEN is not set: expected an app-level token")
    assert "Or, if Slack is to post to this server over HTTP, set ROLLCALL_SLACK_SIGNING_SECRET" in ran.err


def failing(_point: str) -> None:
    raise RuntimeError("the disc said something private")


def test_a_crash_shows_a_reference_and_no_trace(rollcall: CommandLine, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["changes"], Hooks(on_commit=failing))
    printed = capsys.readouterr()
    assert (code, printed.out) == (70, "")
    assert printed.err.startswith("rollcall: Something went wrong that should not have; reference ")
    assert "private" not in printed.err


def test_a_crash_is_traced_in_the_log_when_that_is_asked_for(
    rollcall: CommandLine, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLLCALL_LOG_LEVEL", "debug")
    main(["changes"], Hooks(on_commit=failing))
    printed = capsys.readouterr().err
    reference = printed.partition("reference ")[2][:8]
    assert f"{reference}: Traceback" in printed


def interrupting(_point: str) -> None:
    raise KeyboardInterrupt


def test_an_interruption_ends_as_shells_expect_it(rollcall: CommandLine) -> None:
    assert main(["changes"], Hooks(on_commit=interrupting)) == 130


def test_the_start_loads_nothing_that_is_slow(tmp_path: Path) -> None:
    slow = "alembic babel connectors httpx jinja2 msal pydantic slack_bolt slack_sdk sqlmodel storage typst uvicorn"
    told = f"import sys, bot.cli.main as m; m.main(['--help']); print([n for n in {slow.split()} if n in sys.modules])"
    ran = subprocess.run(
        [sys.executable, "-c", told], env=environment(tmp_path), capture_output=True, text=True, check=True
    )
    assert ran.stdout.splitlines()[-1] == "[]"


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    program = " ".join([sys.executable, "-c", f"'{PROGRAM[2]}'", "--help"])
    ran = subprocess.run(
        ["/bin/sh", "-c", f"({program}; echo ended with $? >&2) | true"],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stderr in {"ended with 141\n", "ended with 0\n"}  # 0 where the pipe took it all


def test_nothing_coloured_goes_into_a_pipe(tmp_path: Path) -> None:
    ran = subprocess.run(
        [*PROGRAM, "chnges"], env=environment(tmp_path), cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 2
    assert "\x1b" not in ran.stderr + ran.stdout


def test_a_name_that_the_terminal_cannot_show_ends_no_command(tmp_path: Path) -> None:
    ran = subprocess.run(
        [*PROGRAM, "role", "grant", "U\N{CJK UNIFIED IDEOGRAPH-4E00}", "viewer"],
        env=environment(tmp_path, PYTHONIOENCODING="latin-1"),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (0, "U\\u4e00 is viewer now.\n")


def test_serving_where_something_listens_already_is_said_with_the_settings_that_help(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = subprocess.run(
            [*PROGRAM, "serve"],
            env=environment(
                tmp_path,
                ROLLCALL_SLACK_BOT_TOKEN="xoxb-1",
                ROLLCALL_SLACK_SIGNING_SECRET="x",
                ROLLCALL_SLACK_API_URL="http://127.0.0.1:1/api/",
                ROLLCALL_HTTP_PORT=str(port),
            ),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert ran.returncode == 2
    assert f"rollcall: Nothing can listen at 127.0.0.1, port {port}:" in ran.stderr
