"""The documentation's links lead somewhere, and the commands that it quotes are commands."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.core import TyperCommand, TyperGroup

from bot.cli.main import build_app
from tests.house.checks import ROOT, committed_files
from tests.support.pages import blocks

PAGES = sorted(path for path in committed_files() if path.suffix == ".md" and (ROOT / path).is_file())
_LINK = re.compile(r"\[[^\]]*\]\((?!https?://|mailto:)(?P<file>[^)#\s]*)(?:#(?P<anchor>[^)\s]+))?\)")
_HEADING = re.compile(r"^#{1,6} (?P<text>.+)$", re.MULTILINE)
_FENCED = re.compile(r"^ *```.*?^ *```$", re.DOTALL | re.MULTILINE)
# As it stands behind a prompt, in a folder, or is given to a container of that name.
_TYPED = re.compile(r"\s*(?:\$ )?(?:docker .* |\S*/)?rollcall (?P<rest>[a-z].*)")
_INLINE = re.compile(r"`rollcall ([^`\n]+)`")
# Where a command ends in a shell.
_ENDS = {"|", ">", "<", "&&", ";", "#"}


def _anchors(page: Path) -> set[str]:
    """The anchors that GitHub makes of a page's headings."""
    text = _FENCED.sub("", page.read_text(encoding="utf-8"))
    headings = (match["text"].lower().replace(" ", "-") for match in _HEADING.finditer(text))
    return {re.sub(r"[^\w-]", "", heading) for heading in headings}


def _command() -> TyperGroup:
    command = typer.main.get_command(build_app())
    assert isinstance(command, TyperGroup)
    return command


def _dead_end(words: list[str]) -> str | None:
    """What isn't there of a quoted command: a command, or one of its options; None where everything is."""
    command: TyperGroup | TyperCommand = _command()
    # A word in capitals stands for any command.
    while isinstance(command, TyperGroup) and words and not words[0].startswith("-") and not words[0].isupper():
        found = command.commands.get(words[0])
        if found is None:
            return words[0]
        assert isinstance(found, TyperGroup | TyperCommand)
        command, words = found, words[1:]
    options = {option for parameter in command.params for option in parameter.opts} | {"--help", "-h"}
    given = [word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)]
    return next((option for option in given if option not in options), None)


def _quoted(page: Path) -> Iterator[list[str]]:
    """Every command of a page, in its terminals and in its sentences, without what the shell does."""
    for block in blocks(page):
        for line in block.content.splitlines() if block.language in {"", "console", "sh"} else ():
            if match := _TYPED.match(line):
                yield _words(match["rest"])
    for match in _INLINE.finditer(_FENCED.sub("", page.read_text(encoding="utf-8"))):
        # In a sentence, brackets and bars say what may be left out or chosen; each word is looked at all the same.
        yield _words(re.sub(r"[\[\]…]", " ", match[1].replace("\\|", " | ")))


def _words(text: str) -> list[str]:
    words = shlex.split(text, comments=False)
    end = next((number for number, word in enumerate(words) if word in _ENDS), len(words))
    return words[:end]


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    file = ROOT / page
    for match in _LINK.finditer(_FENCED.sub("", file.read_text(encoding="utf-8"))):
        target = (file.parent / match["file"]).resolve() if match["file"] else file
        assert target.exists(), match[0]
        if match["anchor"]:
            assert match["anchor"] in _anchors(target), match[0]


@pytest.mark.parametrize("page", [page for page in PAGES if page.name != "CHANGELOG.md"], ids=str)
def test_every_command_that_a_page_quotes_is_one(page: Path) -> None:
    for words in _quoted(ROOT / page):
        assert _dead_end(words) is None, words


@pytest.mark.parametrize("words", [["runs", "start"], ["run", "begin"], ["sync", "--all"], ["role", "grant", "-x"]])
def test_a_command_that_does_not_exist_is_noticed(words: list[str]) -> None:
    assert _dead_end(words) is not None
