"""One demo for all of the browser's tests, and a browser for each module of them.

A browser that is driven from a thread keeps the thread's event loop, so it is closed before other tests need theirs.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.support.browsing import ACME, ALMA, Somebody, running_chromium, running_demo

Opens = Callable[..., Somebody]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_demo(tmp_path_factory.mktemp("newcomer")) as url:
        yield url


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with running_chromium() as browser:
        yield browser


@pytest.fixture
def opens(chromium: Browser, demo: str) -> Iterator[Opens]:
    """Opens a tab as a person in a channel; what goes wrong in its script fails the test."""
    troubles: list[str] = []
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, timezone_id="Europe/Berlin")
    context.add_init_script("localStorage.setItem('tour closed', 'yes')")

    def open_tab(user: str = ALMA, channel: str = ACME) -> Somebody:
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
        page.goto(f"{demo}/?as={user}&channel={channel}")
        return Somebody(page)

    yield open_tab
    context.close()
    # A wish that the server refuses is told to the reader; the browser's console counts that as an error of its own.
    assert [trouble for trouble in troubles if "400 (Bad Request)" not in trouble] == []
