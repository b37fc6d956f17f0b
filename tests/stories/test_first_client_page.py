"""The how-to of the first client, done as it is written: its files saved, its commands typed, its answers compared."""

from pathlib import Path

import pytest

from tests.house.checks import ROOT
from tests.support.command_line import command_line, without_settings
from tests.support.pages import Block, Typed, answers, blocks, typed

PAGE = ROOT / "docs" / "howto" / "first-client-from-csv.md"
_EXPORT = "acme-users.csv"
_FILES = {"yaml": "northwind.yaml", "csv": _EXPORT}


def _save(block: Block, folder: Path) -> None:
    """Makes a file of the page; a second export is the first one with more lines."""
    file = folder / _FILES[block.language]
    assert file.name in block.before
    with file.open("a", encoding="utf-8") as opened:
        opened.write(block.content)


def _type(line: Typed, patch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    if line.words[0] == "export":
        name, _, value = line.words[1].partition("=")
        patch.setenv(name, value)
        return
    program, *arguments = line.words
    assert program == "rollcall"
    ran = command_line(capsys)(*arguments)
    assert (ran.code, ran.err) == (0, ""), (line.words, ran)
    assert answers(line.answer, ran.out.rstrip("\n").splitlines()), (line.words, line.answer, ran.out)


def test_a_first_bill_comes_about_as_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    without_settings(monkeypatch)
    monkeypatch.chdir(tmp_path)
    for block in blocks(PAGE):
        if block.language in _FILES:
            _save(block, tmp_path)
        else:
            assert block.language == "console"
            for line in typed(block):
                _type(line, monkeypatch, capsys)
    assert (tmp_path / "NW-000001.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (["a", "c"], ["a", "b", "c"]),
        (["a", "…"], ["b"]),
        (["…", "a"], ["a", "b"]),
        (["appr…"], ["rejected"]),
        ([], ["a"]),
        (["a"], []),
    ],
)
def test_an_answer_that_the_page_does_not_show_is_noticed(shown: list[str], said: list[str]) -> None:
    assert not answers(shown, said)
