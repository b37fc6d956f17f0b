import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PROGRAM = [sys.executable, "-c", "import sys; from bot.cli.main import main; sys.exit(main())", "demo"]


def pretended_sandbox(folder: Path, story: str) -> dict[str, str]:
    package = folder / "modules" / "sandbox"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(story)
    return os.environ | {"PYTHONPATH": f"{package.parent}:{ROOT}"}


@pytest.mark.parametrize(
    ("options", "told"), [([], "['--port', '8700']"), (["--once", "--port", "0"], "['--port', '0', '--once']")]
)
def test_the_sandbox_is_started_with_what_was_asked_for(options: list[str], told: str, tmp_path: Path) -> None:
    environment = pretended_sandbox(tmp_path, "import sys; print(sys.argv[1:])")
    ran = subprocess.run([*PROGRAM, *options], env=environment, capture_output=True, text=True, check=True)
    assert ran.stdout == f"{told}\n"


def test_the_demo_ends_as_the_sandbox_ended(tmp_path: Path) -> None:
    environment = pretended_sandbox(tmp_path, "raise SystemExit(3)")
    assert subprocess.run(PROGRAM, env=environment, check=False).returncode == 3


def test_the_sandbox_reads_what_is_typed(tmp_path: Path) -> None:
    environment = pretended_sandbox(tmp_path, "print(input())")
    ran = subprocess.run(PROGRAM, env=environment, input="yes\n", capture_output=True, text=True, check=True)
    assert ran.stdout == "yes\n"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_request_to_end_reaches_the_sandbox(number: signal.Signals, tmp_path: Path) -> None:
    story = (
        "import signal, sys\n"
        f"signal.signal({int(number)}, lambda *_: sys.exit(9))\n"
        "print('ready', flush=True)\n"
        "while True: signal.pause()\n"
    )
    environment = pretended_sandbox(tmp_path, story)
    with subprocess.Popen(PROGRAM, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as demo:
        assert demo.stdout
        assert demo.stdout.readline() == b"ready\n"
        demo.send_signal(number)
        assert demo.wait(10) == 9


def test_a_folder_of_that_name_in_the_working_directory_is_not_run(tmp_path: Path) -> None:
    environment = pretended_sandbox(tmp_path, "print('the real one')")
    (tmp_path / "sandbox").mkdir()
    (tmp_path / "sandbox" / "__main__.py").write_text("print('somebody else')")
    ran = subprocess.run(PROGRAM, env=environment, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert ran.stdout == "the real one\n"
