"""The demo as a newcomer starts it: a process in an empty folder."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pypdf
import pytest

from sandbox.story.errors import StoryBroke
from sandbox.story.folder import fresh_folder
from sandbox.story.hands import Hands
from sandbox.story.office import open_office
from sandbox.story.play import FIRST_DAY
from sandbox.story.scene import Scene
from sandbox.story.teller import Teller
from tests.support.browsing import address

ROOT = Path(__file__).parents[2]
_ROLLCALL = "from bot.cli.main import main; raise SystemExit(main())"
_STORY_SECONDS = 240
_END_SECONDS = 30


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-c", _ROLLCALL, "demo", *arguments]


def _environment() -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("ROLLCALL_")}
    return {**inherited, "PYTHONPATH": str(ROOT)}


def _run(folder: Path, *arguments: str, first: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Runs the demo in a folder; modules in `first` stand before the installed ones."""
    return _ran(folder, _command(*arguments), first)


def _ran(folder: Path, command: list[str], first: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = _environment()
    environment["PYTHONPATH"] = os.pathsep.join([*([str(first)] if first else []), environment["PYTHONPATH"]])
    return subprocess.run(
        command,
        cwd=folder,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=_STORY_SECONDS,
    )


@pytest.fixture(scope="module", params=["socket", "http"])
def told(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """The story, played once, and the folder that it was played in: as everybody plays it, and over HTTP."""
    folder = tmp_path_factory.mktemp("newcomer")
    command = _command() if request.param == "socket" else [sys.executable, "-P", "-m", "sandbox", "--http"]
    return folder, _ran(folder, [*command, "--once", "--port", "0"])


def test_the_story_ends_with_0_and_shows_every_total(told: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    _, story = told
    assert (story.returncode, story.stderr) == (0, ""), story.stdout + story.stderr
    totals = ("Acme Corp: $2,005.00, NW-000013, issued", "Birch Dental: $1,536.80, NW-000014, issued")
    for said in (*totals, "Cedar Freight: $4,480.00, NW-000015, issued, R01 overridden", "$1,556.13", "$1,758.43"):
        assert said in story.stdout


def test_the_story_leaves_the_invoice_as_a_pdf(told: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    folder, _ = told
    text = "".join(page.extract_text() for page in pypdf.PdfReader(folder / "demo" / "NW-000013.pdf").pages)
    assert all(word in text for word in ("$2,005.00", "NW-000013", "Acme Corp", "Nora Nash"))


def test_the_story_shows_no_secret(told: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    folder, story = told
    written = story.stdout + (folder / "demo" / "bot.log").read_text()
    assert not re.search("sandbox-signing-secret|sandbox-entra-secret|xoxb-|xapp-", written)


def test_a_folder_that_no_demo_made_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "thesis.txt").write_text("years of work")
    refused = _run(tmp_path, "--once", "--port", "0")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "no demo made it" in refused.stderr
    assert (tmp_path / "demo" / "thesis.txt").read_text() == "years of work"


def test_a_demo_that_still_runs_keeps_its_folder(tmp_path: Path) -> None:
    with fresh_folder(tmp_path / "demo") as running:
        (running / "rollcall.db").write_text("what somebody tries out")
        refused = _run(tmp_path, "--port", "0")
        assert (refused.returncode, refused.stdout) == (2, "")
        assert "A demo is running in" in refused.stderr
        assert (running / "rollcall.db").read_text() == "what somebody tries out"


def test_the_next_demo_starts_anew_in_the_folder_of_one_that_ended(tmp_path: Path) -> None:
    with fresh_folder(tmp_path / "demo") as ended:
        (ended / "rollcall.db").touch()
    with fresh_folder(tmp_path / "demo") as anew:
        assert not (anew / "rollcall.db").exists()


def test_a_port_that_is_taken_is_said_in_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = _run(tmp_path, "--once", "--port", str(port))
    assert refused.returncode == 2
    assert refused.stderr.startswith(f"rollcall demo: Port {port} is taken")


def test_a_package_that_is_missing_is_named_with_the_remedy(tmp_path: Path) -> None:
    shadow = tmp_path / "shadow"
    shadow.mkdir()
    (shadow / "trustme.py").write_text('raise ModuleNotFoundError("No module named trustme", name="trustme")')
    refused = _run(tmp_path, "--once", "--port", "0", first=shadow)
    assert refused.returncode == 2
    assert refused.stderr == "rollcall demo: It needs trustme, which isn't installed: install rollcall[demo].\n"


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    """The beginning of a story, before any bot runs."""
    with fresh_folder(tmp_path / "demo") as folder:
        async with open_office(folder, 0) as office:
            yield Scene(office, Hands(office.slack), Teller({}))


async def test_a_step_that_shows_something_else_breaks_the_story_with_what_it_shows(scene: Scene) -> None:
    with pytest.raises(StoryBroke, match="rollcall role list should say everybody, but it says:\nNobody has a role"):
        await scene.command("role", "list", shows=("everybody",))


async def test_a_step_that_ends_otherwise_breaks_the_story_with_its_code(scene: Scene) -> None:
    with pytest.raises(StoryBroke, match=r"rollcall role revoke U1 should end with 0, but it ended with 1:\n.*U1"):
        await scene.command("role", "revoke", "U1")


async def test_a_bot_that_does_not_start_breaks_the_story_with_the_end_of_its_log(scene: Scene) -> None:
    scene.office.settings["ROLLCALL_SLACK_BOT_TOKEN"] = "no token"
    await scene.office.turn_to(FIRST_DAY, with_bot=True)
    with pytest.raises(StoryBroke, match=r"The bot didn't start.*ROLLCALL_SLACK_BOT_TOKEN is malformed"):
        await scene.office.bot_ready()


@pytest.fixture
def open_demo(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A demo that stays open, as a process with a group of its own."""
    process = subprocess.Popen(
        _command("--port", "0"),
        cwd=tmp_path,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    with process:
        yield process
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)


def test_an_open_demo_shows_a_card_that_waits_says_where_it_is_and_ends_with_ctrl_c(
    open_demo: subprocess.Popen[str], tmp_path: Path
) -> None:
    url = address(open_demo)
    page = httpx.get(url, trust_env=False).text
    assert all(word in page for word in ("first count", "+2 users (42 → 44)", "Nora Nash, Otto Orr"))
    assert (tmp_path / "demo" / "demo.env").is_file()

    open_demo.send_signal(signal.SIGINT)

    assert open_demo.wait(30) == 0
    assert _nobody_works_in(tmp_path / "demo")


def test_a_demo_that_is_killed_takes_its_servers_and_its_bot_along(
    open_demo: subprocess.Popen[str], tmp_path: Path
) -> None:
    url = address(open_demo)
    assert not _nobody_works_in(tmp_path / "demo")

    open_demo.kill()
    open_demo.wait(30)

    until = time.monotonic() + _END_SECONDS
    while not _nobody_works_in(tmp_path / "demo") or _listens(url):
        assert time.monotonic() < until, "somebody is left"
        time.sleep(0.1)


def _listens(url: str) -> bool:
    try:
        httpx.get(f"{url}/control/state", trust_env=False)
    except httpx.HTTPError:
        return False
    return True


def _nobody_works_in(folder: Path) -> bool:
    """Whether no process is left that was started there; where the system doesn't tell, none is looked for."""
    if not Path("/proc").is_dir():
        return True
    working = [Path(f"/proc/{entry.name}/cwd") for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return all(_target(link) != folder for link in working)


def _target(link: Path) -> Path | None:
    try:
        return link.readlink()
    except OSError:
        return None
