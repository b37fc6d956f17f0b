"""The demo as a newcomer starts it, and somebody with a browser in front of it."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
ALMA, BERT, ADA, VERA = "U0APPROVER", "U0BILLER", "U0ADMIN", "U0VIEWER"
ACME, BIRCH, CEDAR, BILLING = "C0ACME", "C0BIRCH", "C0CEDAR", "C0BILLING"
PATIENCE_MILLISECONDS = 30_000

_ROLLCALL = "from bot.cli.main import main; raise SystemExit(main())"
_START_SECONDS = 120
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def running_demo(folder: Path) -> Iterator[str]:
    """`rollcall demo` in an empty folder; gives the address that it prints, and asks it to end like Ctrl-C."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("ROLLCALL_")}
    with subprocess.Popen(
        [sys.executable, "-c", _ROLLCALL, "demo", "--port", "0"],
        cwd=folder,
        env={**inherited, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield address(process)
            process.send_signal(signal.SIGINT)
            assert process.wait(30) == 0
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def address(process: subprocess.Popen[str]) -> str:
    """Where the page is, as soon as the demo says so."""
    until = time.monotonic() + _START_SECONDS
    told = []
    assert process.stdout
    for line in process.stdout:
        told.append(line)
        if found := re.match(r"Open (http://[0-9.]+:[0-9]+)/$", line):
            return found[1]
        assert time.monotonic() < until
    raise AssertionError(f"the demo ended without a word about where it is: {''.join(told)}")


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """A browser without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=_FLAGS)
        yield browser
        browser.close()


@dataclass
class Somebody:
    """A person with a tab: what they see in the channel, and what they do there."""

    page: Page

    def types(self, line: str) -> None:
        """Writes into the box, letter by letter, and sends it."""
        box = self.page.get_by_role("combobox", name="Message or command")
        box.press_sequentially(line)
        box.press("Escape")
        box.press("Enter")

    def card(self, *words: str) -> Locator:
        """The newest message for everybody in the channel that says all of these words, once there is one."""
        return self._newest("#log article.message:not(.is-private)", words)

    def answer(self, *words: str) -> Locator:
        """The newest message that nobody else sees and that says all of these words."""
        return self._newest("#log article.message.is-private", words)

    def _newest(self, kind: str, words: tuple[str, ...]) -> Locator:
        found = self.page.locator(kind)
        for word in words:
            found = found.filter(has_text=word)
        expect(found.last).to_be_visible(timeout=PATIENCE_MILLISECONDS)
        return found.last

    def hires(self, *names: str, licence: str = "Business Premium") -> None:
        """Hires people in the panel."""
        form = self.page.locator("#hire")
        for name in names:
            form.get_by_label("Name").fill(name)
            form.get_by_label("Licence").select_option(licence)
            form.get_by_role("button", name="Hire").click()
            expect(self.page.locator(".employee").filter(has_text=name).first).to_be_visible()

    def syncs(self) -> str:
        """Presses "Sync now", and gives what the command printed."""
        self.page.get_by_role("button", name="Sync now").click()
        printed = self.page.locator(".printed pre")
        expect(printed).to_be_visible(timeout=PATIENCE_MILLISECONDS)
        expect(self.page.get_by_role("button", name="Sync now")).to_be_enabled(timeout=PATIENCE_MILLISECONDS)
        return printed.inner_text()

    def sets_the_clock_forward(self) -> None:
        """To the next bill date, and waits until the bot is ready there."""
        self.page.locator(".clock-face").click()
        self.page.get_by_role("button", name="To the next bill date").click()
        expect(self.page.locator(".clock-face.is-starting")).to_be_visible(timeout=PATIENCE_MILLISECONDS)
        expect(self.page.locator(".clock-face.is-ready")).to_be_visible(timeout=PATIENCE_MILLISECONDS)
