"""Pictures of the running demo: what a visitor would do, in the order of the business dates."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from scripts.pictures.camera import DESK, LESS_SHARP, PHONE, SHARP, open_context, save, shot
from tests.support.browsing import (
    ACME,
    ALMA,
    BERT,
    BILLING,
    CEDAR,
    PATIENCE_MILLISECONDS,
    ROOT,
    Somebody,
    running_chromium,
    running_demo,
)

_INVOICE = "NW-000004"
_ROLLCALL = "from bot.cli.main import main; raise SystemExit(main())"


def take(folder: Path) -> None:
    """Starts the demo in an empty folder, plays it, and writes its pictures."""
    with (
        tempfile.TemporaryDirectory() as place,
        running_demo(Path(place)) as url,
        running_chromium() as chromium,
    ):
        studio = Studio(chromium, url, folder)
        studio.whole_pages()
        studio.the_home_tab()
        studio.a_thread()
        studio.a_change()
        studio.a_run()
        studio.an_invoice(Path(place))


class Studio:
    """A browser in front of a demo, and the folder for what it shows."""

    def __init__(self, chromium: Browser, url: str, folder: Path) -> None:
        self._chromium = chromium
        self._url = url
        self._folder = folder
        self._tab = open_context(chromium, DESK)

    def whole_pages(self) -> None:
        """The page as it opens, on a desk in both colour schemes, and on a phone."""
        for name, size, colours, scale in (
            ("page-light", DESK, "light", LESS_SHARP),
            ("page-dark", DESK, "dark", LESS_SHARP),
            ("page-phone", PHONE, "light", SHARP),
        ):
            context = open_context(self._chromium, size, colours, scale)
            somebody = self._opens(ALMA, ACME, context)
            somebody.card("+2 users (42 → 44)")
            self.take(somebody.page, name)
            context.close()

    def the_home_tab(self) -> None:
        """What waits for Alma, on her home tab."""
        page = self._tab.new_page()
        page.goto(f"{self._url}/?as={ALMA}&channel={ACME}&home=1")
        home = page.locator("article.home")
        expect(home).to_contain_text("1 change waits for you", timeout=PATIENCE_MILLISECONDS)
        self.take(home, "home-tab")

    def a_thread(self) -> None:
        """A question to the bot in the thread of a card."""
        alma = self._opens(ALMA, ACME)
        card = alma.card("+2 users (42 → 44)")
        card.hover()
        card.get_by_role("link", name="Reply in a thread").click()
        thread = alma.page.locator(".thread")
        reply = thread.get_by_label("Reply in the thread")
        for line in ("Who are these two?", "@rollcall users acme why Nora"):
            reply.fill(line)
            reply.press("Enter")
            expect(reply).to_have_value("")
        expect(thread.locator("article.is-private")).to_be_visible(timeout=PATIENCE_MILLISECONDS)
        self.take(thread, "thread")

    def a_change(self) -> None:
        """A change from its proposal to the invoice that it is on."""
        alma = self._opens(ALMA, ACME)
        alma.types("/rollcall digest")
        self.take(alma.answer("1 change to decide"), "digest")
        card = alma.card("+2 users (42 → 44)")
        self.take(card, "change-pending")

        card.get_by_role("button", name="Details").click()
        modal = alma.page.get_by_role("dialog")
        expect(modal.locator(".modal-body img")).to_be_visible(timeout=PATIENCE_MILLISECONDS)
        self.take(modal.locator(".modal"), "change-details")
        alma.page.keyboard.press("Escape")
        expect(modal).to_have_count(0)

        card.get_by_role("button", name="Reject").click()
        modal.get_by_label("Why is it rejected?").fill("Interns until March, agreed free of charge")
        self.take(modal.locator(".modal"), "change-reject")
        alma.page.keyboard.press("Escape")
        expect(modal).to_have_count(0)

        card.get_by_role("button", name="Approve change").click()
        self.take(alma.card("+2 users (42 → 44)", "Approved by @Alma Approver"), "change-approved")
        alma.types("/invoice acme preview")
        self.take(alma.answer("Preview: not issued yet"), "invoice-preview")

    def a_run(self) -> None:
        """A billing run in which an empty directory holds one client, and the others are issued."""
        bert = self._opens(BERT, CEDAR)
        bert.page.get_by_label("Break the tenant").select_option("empty")
        expect(bert.page.get_by_role("button", name="Mend")).to_be_visible()
        bert.sets_the_clock_forward()
        bert = self._opens(BERT, BILLING)
        bert.types("/run 2027-02-01 start")
        card = bert.card("Billing run of 1 Feb 2027", "Cedar Freight is held", "2 drafted")
        self.take(card, "run-held")
        card.locator("button", has_text="Approve run").click()
        bert.card("Billing run of 1 Feb 2027", "2 approved").locator("button", has_text="Issue").click()
        bert.card("Billing run of 1 Feb 2027", "2 issued", _INVOICE)

    def an_invoice(self, place: Path) -> None:
        """Acme's issued invoice as the page that is sent, and in a browser on a phone."""
        for kind in ("pdf", "html"):
            _rollcall(place, "invoice", _INVOICE, "--format", kind, "-o", f"invoice.{kind}")
        subprocess.run(
            ["pdftoppm", "-png", "-r", "110", "-singlefile", "invoice.pdf", "invoice"],  # noqa: S607 - of `make system`
            cwd=place,
            check=True,
        )
        save((place / "invoice.png").read_bytes(), self._folder / "invoice-page.png")
        page = open_context(self._chromium, PHONE).new_page()
        page.goto((place / "invoice.html").as_uri())
        self.take(page, "invoice-phone")

    def take(self, what: Page | Locator, name: str) -> None:
        """A picture of a page or of a part of it, in the folder."""
        save(shot(what), self._folder / f"{name}.png")

    def _opens(self, user: str, channel: str, context: BrowserContext | None = None) -> Somebody:
        page = (context or self._tab).new_page()
        page.goto(f"{self._url}/?as={user}&channel={channel}")
        return Somebody(page)


def _rollcall(place: Path, *words: str) -> None:
    """The command line on the demo's database, with the settings that the demo left for it."""
    subprocess.run(  # noqa: S603 - our own program with our own words
        ["/bin/sh", "-c", 'set -a; . demo/demo.env; exec "$@"', "sh", sys.executable, "-c", _ROLLCALL, *words],
        cwd=place,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
    )
