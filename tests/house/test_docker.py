"""The image and its arrangement: pinned, without secrets, with no more rights than they need."""

import re
from typing import Any

import pytest
import yaml

from bot.settings import Settings, variable
from tests.house.checks import PACKAGES, ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
IGNORED = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
OURS = ("rollcall", "migrate")
_SECRETS = ("PASSWORD", "SECRET", "TOKEN", "KEY")


def _instructions(name: str) -> list[str]:
    joined = re.sub(r"\\\n\s*", "", DOCKERFILE)
    return [line.removeprefix(f"{name} ") for line in joined.splitlines() if line.startswith(f"{name} ")]


def test_nothing_of_python_is_installed_without_a_hash() -> None:
    for command in (command for run in _instructions("RUN") for command in run.split("&&") if "pip install" in command):
        assert "--require-hashes" in command or {"--no-deps", "--no-index"} <= set(command.split()), command


def test_both_stages_stand_on_the_same_base_with_a_release_of_its_own() -> None:
    bases = {line.partition(" ")[0] for line in _instructions("FROM")}
    assert len(bases) == 1
    assert re.fullmatch(r"python:3\.11-slim-bookworm(@sha256:[0-9a-f]{64})?", bases.pop())


def test_every_package_of_ours_is_in_the_image_and_nothing_else_of_the_clone() -> None:
    copied = {word.rstrip("/") for line in _instructions("COPY") for word in line.split()[:-1] if "--" not in word}
    copied.discard("/opt/rollcall")
    papers = {"LICENSE", "README.md", "pyproject.toml", "requirements.txt", "requirements-tools.txt"}
    assert copied == {*PACKAGES, *papers}
    assert IGNORED[1] == "*"
    assert {line[1:].rstrip("/") for line in IGNORED if line.startswith("!")} == copied


def test_it_runs_as_a_user_by_number_and_says_how_it_is() -> None:
    assert _instructions("USER") == ["10001:10001"]
    assert len(_instructions("HEALTHCHECK")) == 1
    assert "/healthz" in _instructions("HEALTHCHECK")[0]
    assert "ROLLCALL_HTTP_PORT" in _instructions("HEALTHCHECK")[0]


@pytest.mark.parametrize("name", OURS)
def test_the_bot_gets_nothing_that_it_does_not_need(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert not {"privileged", "cap_add", "user", "network_mode", "pid"} & service.keys()


def test_only_this_machine_reaches_the_bot_and_nobody_the_database() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"rollcall": ["127.0.0.1:3000:3000"]}


def test_the_bot_starts_once_the_database_is_healthy_and_of_its_version() -> None:
    assert SERVICES["rollcall"]["depends_on"] == {
        "database": {"condition": "service_healthy"},
        "migrate": {"condition": "service_completed_successfully"},
    }
    assert SERVICES["migrate"]["command"] == ["migrate"]
    assert SERVICES["database"]["healthcheck"]["test"][1] == "pg_isready"


def test_no_secret_is_written_into_the_arrangement() -> None:
    values = {name: value for service in SERVICES.values() for name, value in service.get("environment", {}).items()}
    secrets = [value for name, value in values.items() if any(word in name for word in _SECRETS)]
    assert secrets == ["${POSTGRES_PASSWORD:?put POSTGRES_PASSWORD=… into .env}"]
    assert "rollcall:${POSTGRES_PASSWORD:?" in values["ROLLCALL_DATABASE_URL"]


def test_every_setting_that_the_arrangement_or_the_image_gives_exists() -> None:
    known = {variable(field) for field in Settings.model_fields}
    given = {name for service in SERVICES.values() for name in service.get("environment", {})}
    named = {name for name in re.findall(r"ROLLCALL_\w+", DOCKERFILE) if not name.startswith("ROLLCALL_IMAGE")}
    assert {name for name in given | named if name.startswith("ROLLCALL_")} <= known


def test_volumes_that_are_used_are_declared() -> None:
    mounts = [mount for service in SERVICES.values() for mount in service.get("volumes", [])]
    named = {mount.partition(":")[0] for mount in mounts if not mount.startswith((".", "/"))}
    assert named == set(COMPOSE["volumes"])
