from pathlib import Path

import pytest

from tests.support.command_line import CommandLine, command_line, without_settings


@pytest.fixture
def rollcall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """The command line in an empty folder, with no settings but the database that it makes there."""
    without_settings(monkeypatch)
    monkeypatch.chdir(tmp_path)
    return command_line(capsys)
