"""`rollcall secret`: what is typed isn't shown, what is piped is kept whole, and nothing gives a value away."""

import io
import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from commands.keys import Keys
from commands.secrets import open_secret
from storage.database import Database
from tests.support.command_line import CommandLine, Ran
from tests.support.secrets import NEW, OLD, VALUE

PEM = "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----"

Store = Callable[[bytes], Ran]


@pytest.fixture(autouse=True)
def keyed(monkeypatch: pytest.MonkeyPatch, rollcall: CommandLine) -> None:
    monkeypatch.setenv("ROLLCALL_SECRET_KEY", OLD)


@pytest.fixture
def store(rollcall: CommandLine, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Stores what comes through a pipe as `acme-ad`."""

    def run(piped: bytes) -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(piped)))
        return rollcall("secret", "set", "acme-ad")

    return run


def kept(setting: str = OLD) -> str:
    with closing(Database("sqlite:///rollcall.db")) as database:
        return open_secret(database, Keys.of(setting), "acme-ad")


@pytest.mark.parametrize(
    ("piped", "value"),
    [
        (VALUE.encode(), VALUE),
        (f"{VALUE}\n".encode(), VALUE),
        (f"{VALUE}\r\n".encode(), VALUE),
        (f"\ufeff{VALUE}\n".encode(), VALUE),
        (f"{PEM}\n".encode(), PEM),
        (b'{\n "type": "service_account"\n}\n\n', '{\n "type": "service_account"\n}\n'),
        (" ä ".encode(), " ä "),
    ],
)
def test_what_is_piped_is_kept_whole_but_for_the_last_newline(store: Store, piped: bytes, value: str) -> None:
    ran = store(piped)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == f"acme-ad is stored, encrypted by the key {Keys.of(OLD).newest}.\n"
    assert kept() == value


@pytest.mark.parametrize(("piped", "words"), [(b"\n", "is empty"), (b"\xff\xfe", "no text in UTF-8")])
def test_what_is_no_secret_is_refused(store: Store, piped: bytes, words: str) -> None:
    ran = store(piped)
    assert ran.code == 2
    assert words in ran.err


def test_storing_it_again_says_so(store: Store) -> None:
    store(b"before")
    assert "acme-ad is stored in place of the value before" in store(VALUE.encode()).out
    assert kept() == VALUE


def test_what_is_typed_is_not_shown(tmp_path: Path) -> None:
    screen, terminal = pty.openpty()
    program = "import sys; from bot.cli.main import main; sys.exit(main(['secret', 'set', 'acme-ad']))"
    surroundings = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        env=surroundings,
        start_new_session=True,
    ) as process:
        os.close(terminal)
        shown = b""
        while b"Value for acme-ad:" not in shown:
            shown += os.read(screen, 1024)
        os.write(screen, f"{VALUE}\n".encode())
        assert process.wait(timeout=120) == 0
    shown += os.read(screen, 1024)
    os.close(screen)
    assert b"acme-ad is stored" in shown
    assert VALUE.encode() not in shown
    assert kept() == VALUE


def test_a_value_behind_the_name_is_refused_and_not_repeated(rollcall: CommandLine) -> None:
    for wrong in ((VALUE,), (f"--{VALUE}",), ("--value", VALUE)):
        ran = rollcall("secret", "set", "acme-ad", *wrong)
        assert ran.code == 2
        assert "isn't given as an argument" in ran.err
        assert VALUE not in ran.err


def test_the_list_names_the_key_that_is_missing_and_no_value(
    rollcall: CommandLine, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert rollcall("secret", "list").out == "No secret is stored: rollcall secret set NAME stores one.\n"
    store(VALUE.encode())
    monkeypatch.setenv("ROLLCALL_SECRET_KEY", NEW)
    listed = rollcall("secret", "list").out
    assert f"{Keys.of(OLD).newest} (not here)" in listed
    assert f"ROLLCALL_SECRET_KEY has {Keys.of(NEW).newest}." in listed
    (one,) = json.loads(rollcall("secret", "list", "--json").out)
    assert (one["name"], one["opens"], one["named_by"]) == ("acme-ad", False, [])
    assert VALUE not in listed + json.dumps(one)


def test_a_key_is_changed_in_three_steps(rollcall: CommandLine, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store(VALUE.encode())
    monkeypatch.setenv("ROLLCALL_SECRET_KEY", f"{NEW},{OLD}")
    done = rollcall("secret", "rotate")
    assert done.out == (
        f"Encrypted by the key {Keys.of(NEW).newest} now: acme-ad. No secret needs an older key any\nmore.\n"
    )
    again = rollcall("secret", "rotate", "acme-ad").out
    assert again == f"Encrypted by the key {Keys.of(NEW).newest} now: nothing. Already before: acme-ad.\n"
    assert kept(NEW) == VALUE


def test_a_secret_is_removed(rollcall: CommandLine, store: Store) -> None:
    store(VALUE.encode())
    assert rollcall("secret", "remove", "acme-ad").out == "acme-ad is forgotten.\n"
    assert rollcall("secret", "remove", "acme-ad").code == 2


def test_a_key_that_is_not_set_is_told_before_the_value_is_asked_for(
    rollcall: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ROLLCALL_SECRET_KEY")
    ran = rollcall("secret", "set", "acme-ad")
    assert ran.code == 2
    assert ran.err.startswith("rollcall: ROLLCALL_SECRET_KEY is not set")


def test_a_malformed_key_is_told_without_being_shown(rollcall: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLCALL_SECRET_KEY", f"{OLD},half-a-key")
    ran = rollcall("secret", "list")
    assert ran.code == 2
    assert "ROLLCALL_SECRET_KEY is malformed: expected one or more Fernet keys" in ran.err
    assert "half-a-key" not in ran.err


def test_no_log_and_no_record_has_the_value(
    rollcall: CommandLine, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLLCALL_LOG_LEVEL", "debug")
    ran = store(VALUE.encode())
    shown = rollcall("audit", "show").out
    assert "secret.set" in shown
    assert VALUE not in ran.out + ran.err + shown
