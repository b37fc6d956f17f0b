"""The project's own papers agree with each other."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from tests.house.checks import ROOT

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
# Whoever wants to trust the amounts reads this folder, so it may shrink but not grow.
MOST_BILLING_MODULES, MOST_BILLING_LINES = 15, 2_499
LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-mutate.txt", "requirements-tools.txt")


def _names(requirements: list[str]) -> set[str]:
    return {match[0].lower() for text in requirements if (match := re.match(r"[\w-]+", text))}


def _runtime() -> set[str]:
    return _names([*PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"]["demo"]])


def _developers() -> set[str]:
    return _names([text for group in PROJECT["dependency-groups"].values() for text in group])


def _locked(lock: str) -> Iterator[tuple[str, str]]:
    """Each entry of a lock file: the pinned name, and the whole entry with its hashes."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    for entry in re.split(r"^(?=\w)", text, flags=re.MULTILINE)[1:]:
        yield entry.partition("==")[0].partition("[")[0], entry


@pytest.mark.parametrize(
    ("lock", "direct"),
    [
        ("requirements.txt", _runtime()),
        ("requirements-dev.txt", _runtime() | _names(PROJECT["dependency-groups"]["dev"])),
        ("requirements-mutate.txt", _names(PROJECT["dependency-groups"]["mutate"])),
        ("requirements-tools.txt", _names(PROJECT["dependency-groups"]["tools"])),
    ],
)
def test_every_dependency_is_locked(lock: str, direct: set[str]) -> None:
    assert direct - {name for name, _ in _locked(lock)} == set(), "run `make lock`"


@pytest.mark.parametrize("lock", LOCKS)
def test_every_lock_entry_is_one_version_with_hashes_and_without_an_address(lock: str) -> None:
    for name, entry in _locked(lock):
        assert re.match(r"[\w-]+==[\w.]+ ", entry), name
        assert "--hash=sha256:" in entry, name
        assert "://" not in entry, name


def test_what_developers_run_is_what_users_run() -> None:
    """The two locks are solved one after the other; they must not drift apart."""
    users = {name: entry.split()[0] for name, entry in _locked("requirements.txt")}
    developers = {name: entry.split()[0] for name, entry in _locked("requirements-dev.txt")}
    assert {name: developers.get(name) for name in users} == users


@pytest.mark.parametrize("name", sorted(_runtime() | _developers()))
def test_every_dependency_has_its_reason_on_paper(name: str) -> None:
    paper = (ROOT / "docs" / "decisions" / "0002-dependencies.md").read_text(encoding="utf-8")
    assert re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", paper)


def test_every_exemption_of_the_linter_carries_its_reason() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    exemptions = [line for line in lines if re.fullmatch(r'    "[A-Z]+\d*",.*', line)]
    configured = PROJECT["tool"]["ruff"]["lint"]
    expected = len(configured["ignore"]) + sum(map(len, configured["per-file-ignores"].values()))
    assert len(exemptions) == expected
    assert [line for line in exemptions if not re.search(r"# \w.+\.$", line)] == []


def test_what_is_owed_stays_small_enough_to_be_read() -> None:
    modules = list((ROOT / "billing").rglob("*.py"))
    lines = sum(len(module.read_text(encoding="utf-8").splitlines()) for module in modules)
    assert len(modules) <= MOST_BILLING_MODULES
    assert lines <= MOST_BILLING_LINES, f"billing/ has {lines} lines: what it needn't know has a home elsewhere."
