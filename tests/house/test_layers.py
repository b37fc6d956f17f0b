"""The contracts in pyproject.toml let a tree through that keeps the layers, and refuse each import that doesn't."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.checks import PACKAGES, ROOT

KEPT = {
    "sandbox.story": "jinja2, httpx, slack_sdk, commands",
    "bot.server": "slack_bolt, apscheduler, commands, storage, typer",
    "commands.invoices": "storage, documents, connectors, billing",
    "storage.database": "sqlmodel, sqlalchemy, alembic, billing",
    "connectors.entra": "msal, requests, httpx, yaml, billing",
    "documents.format": "babel, babel.numbers",
    "documents.drawer": "vl_convert",
    "documents.pdf": "typst, jinja2, documents.format",
    "checks.gaps": "rosters, billing",
    "rosters.changes": "billing",
    "billing.money": "fractions",
}
BROKEN = [
    ("billing", "storage"),
    ("billing", "rosters"),
    ("rosters", "checks"),
    ("checks", "storage"),
    ("storage", "connectors"),
    ("connectors", "documents"),
    ("documents", "storage"),
    ("documents", "commands"),
    ("commands", "bot"),
    ("bot", "sandbox"),
    ("commands", "slack_bolt"),
    ("sandbox", "apscheduler"),
    ("documents", "slack_sdk"),
    ("commands", "typer"),
    ("connectors", "starlette"),
    ("commands", "sqlalchemy"),
    ("bot", "sqlmodel"),
    ("sandbox", "sqlite3"),
    ("documents", "babel"),
    ("documents", "vl_convert"),
    ("bot", "babel"),
    ("bot", "typst"),
    ("bot", "jinja2"),
    ("commands", "yaml"),
    ("sandbox", "msal"),
    ("bot", "httpx"),
]


def _lint(tree: Path, imports: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Writes a tree of packages that are empty but for the imports (module -> what it imports) and judges it."""
    for package in PACKAGES:
        (tree / package).mkdir()
        (tree / package / "__init__.py").touch()
    for module, imported in imports.items():
        tree.joinpath(*module.split(".")).with_suffix(".py").write_text(f"import {imported}\n")
    shutil.copy(ROOT / "pyproject.toml", tree)
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    environment = {**os.environ, "PYTHONPATH": str(tree), "COLUMNS": "200"}
    return subprocess.run(command, cwd=tree, env=environment, check=False, capture_output=True, text=True)


@pytest.fixture(scope="module")
def verdict_on_a_broken_tree(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the linter says about a tree with every import that may not be, each in a module named for it."""
    imports = {f"{package}.asks_for_{imported}": imported for package, imported in BROKEN}
    return _lint(tmp_path_factory.mktemp("broken"), imports).stdout


def test_a_tree_that_keeps_the_layers_passes(tmp_path: Path) -> None:
    result = _lint(tmp_path, KEPT)
    assert result.returncode == 0, result.stdout + result.stderr


def test_a_single_import_against_the_layers_fails_the_check(tmp_path: Path) -> None:
    assert _lint(tmp_path, {"billing.money": "storage"}).returncode == 1


@pytest.mark.parametrize(("package", "imported"), BROKEN)
def test_the_contracts_refuse(verdict_on_a_broken_tree: str, package: str, imported: str) -> None:
    assert f"{package}.asks_for_{imported} -> {imported} " in verdict_on_a_broken_tree
