"""How the page holds together on a desk and on a phone."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opens
from tests.support.browsing import ALMA, BILLING, CEDAR

pytestmark = pytest.mark.needs_tool("chromium")

_LONG_NAME = ("Maximiliana " + "Wolfeschlegelsteinhausenbergerdorff" * 6)[:200]
_STICKING_OUT = """() => [...document.querySelectorAll('.app *')]
  .filter(each => each.checkVisibility({visibilityProperty: true}) && !each.closest('.unseen, pre, svg, .skip'))
  .filter(each => each.getBoundingClientRect().right > innerWidth + 1)
  .map(each => each.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("width", [1280, 390])
def test_a_name_of_200_characters_makes_nothing_stick_out(opens: Opens, width: int) -> None:
    alma = opens(ALMA, CEDAR)
    # Without a licence, so that no test of the story has to reckon with them.
    alma.hires(_LONG_NAME, licence="no licence")
    alma.page.set_viewport_size({"width": width, "height": 844})
    assert alma.page.evaluate("document.documentElement.scrollWidth") == width
    assert alma.page.evaluate(_STICKING_OUT) == []


def test_on_a_phone_the_channels_and_the_people_are_sheets(opens: Opens) -> None:
    alma = opens(ALMA)
    alma.page.set_viewport_size({"width": 390, "height": 844})
    channels = alma.page.get_by_role("link", name="billing")
    expect(channels).not_to_be_visible()
    alma.page.get_by_role("button", name="Channels and people").click()
    expect(channels).to_be_visible()
    alma.page.keyboard.press("Escape")
    expect(channels).not_to_be_visible()
    alma.page.get_by_role("button", name="People at the client").click()
    expect(alma.page.get_by_role("button", name="Sync now")).to_be_visible()


def test_the_tour_stays_away_once_it_is_closed_and_comes_back_when_asked(opens: Opens) -> None:
    alma = opens(ALMA)
    tour = alma.page.get_by_role("region", name="Four things to try")
    expect(tour).to_have_count(0)
    alma.page.get_by_role("button", name="Show the tour").click()
    expect(tour.get_by_role("listitem")).to_have_count(4)
    alma.page.get_by_role("button", name="Close the tour").click()
    expect(tour).to_have_count(0)


def test_what_cannot_be_done_is_told_and_what_was_typed_stays(opens: Opens) -> None:
    alma = opens(ALMA, BILLING)
    alma.types("/giphy cats")
    expect(alma.page.get_by_role("status").filter(has_text="/giphy is no command here")).to_be_visible()
    expect(alma.page.get_by_role("combobox", name="Message or command")).to_have_value("/giphy cats")


def test_the_search_shows_only_whom_it_means(opens: Opens) -> None:
    alma = opens(ALMA)
    alma.page.get_by_label("Search people").fill("pat part")
    expect(alma.page.locator(".employee:visible")).to_have_count(1)
    alma.page.get_by_label("Search people").fill("nobody like that")
    expect(alma.page.get_by_text("Nobody here is called that.")).to_be_visible()
