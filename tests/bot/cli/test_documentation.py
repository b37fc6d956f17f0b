"""The reference pages against the code: what exists is described, and what is described exists."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from bot.cli.main import build_app
from bot.settings import Settings, variable
from connectors.directories import KINDS, settings_model
from tests.bot.cli import samples

REFERENCE = Path(__file__).parents[3] / "docs" / "reference"


def page(name: str) -> str:
    return (REFERENCE / name).read_text(encoding="utf-8")


def sections(text: str, heading: str) -> dict[str, str]:
    found = re.split(rf"^{heading} (.+)$", text, flags=re.MULTILINE)
    return {title.strip("`"): body.split("\n## ")[0] for title, body in zip(found[1::2], found[2::2], strict=True)}


def options(group: Any, path: str = "rollcall") -> Iterator[tuple[str, set[str]]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from options(command, f"{path} {name}")
        else:
            given = {option for parameter in command.params for option in parameter.opts if option.startswith("-")}
            yield f"{path} {name}", given - {"-h", "--help"}


COMMANDS = dict(options(typer.main.get_command(build_app())))


def test_every_command_has_its_section_and_every_section_its_command() -> None:
    assert set(sections(page("command-line.md"), "###")) == set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_stands_in_the_table_of_its_command_and_no_other_does(command: str) -> None:
    section = sections(page("command-line.md"), "###")[command]
    first_cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    documented = {option for cell in first_cells for option in re.findall(r"`(--?[a-z-]+)", cell)}
    assert documented == COMMANDS[command]


def test_every_setting_stands_in_the_table_with_its_default() -> None:
    rows = re.findall(r"^\| `(ROLLCALL_[A-Z_]+)` \| (?:`(.+?)`)? ?\|", page("settings.md"), flags=re.MULTILINE)
    assert dict(rows) == {variable(name): default(name) for name in Settings.model_fields}


def default(name: str) -> str:
    value = Settings.model_fields[name].get_default()
    if value is None:
        return ""
    return str(value.get_secret_value() if hasattr(value, "get_secret_value") else value)


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_of_a_directory_is_described(kind: str) -> None:
    section = next(body for title, body in sections(page("directories.md"), "##").items() if title.startswith(kind))
    keys = section.partition("| key |")[2].partition("\n\n")[0]
    assert set(re.findall(r"^\| `(\w+)`", keys, flags=re.MULTILINE)) == set(settings_model(kind).model_fields)


def test_the_examples_of_directories_are_valid() -> None:
    for block in re.findall(r"```yaml\n(.*?)```", page("directories.md"), flags=re.DOTALL):
        for entry in yaml.safe_load(block)["directories"]:
            given = {key: value for key, value in entry.items() if key not in {"name", "kind"}}
            settings_model(entry["kind"]).model_validate(given)


@pytest.mark.parametrize(("heading", "printed"), samples.JSON.items())
def test_the_example_of_each_shape_has_exactly_the_keys_that_are_printed(heading: str, printed: Any) -> None:
    section = sections(page("json.md"), "##")[heading]
    example = json.loads(section.partition("```json\n")[2].partition("```")[0])
    assert keys(example) == keys(printed)


def keys(value: Any) -> Any:
    """The keys of a JSON value at every depth; lists count by their first entry."""
    if isinstance(value, dict):
        return {key: keys(inner) for key, inner in value.items()}
    return [keys(value[0])] if isinstance(value, list) and value and isinstance(value[0], dict) else None
