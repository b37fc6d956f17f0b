"""Blocks in a real browser: nothing sticks out, and everything can be read."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.support import gallery

pytestmark = pytest.mark.needs_tool("chromium")

# Each text's colour on everything that lies behind it, painted on one pixel and measured as WCAG 2 does.
_CONTRASTS = """() => {
  const context = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const paint = colour => { context.fillStyle = colour; context.fillRect(0, 0, 1, 1); };
  const linear = part => part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4;
  const channel = value => linear(value / 255);
  const luminance = () => {
    const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
    return .2126 * channel(red) + .7152 * channel(green) + .0722 * channel(blue);
  };
  const found = {};
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility() || element.closest('option')) continue;
    const behind = [];
    for (let each = element; each; each = each.parentElement) behind.unshift(getComputedStyle(each).backgroundColor);
    paint('white');
    behind.forEach(paint);
    const ground = luminance();
    paint(getComputedStyle(element).color);
    const ink = luminance();
    const contrast = (Math.max(ground, ink) + .05) / (Math.min(ground, ink) + .05);
    found[walker.currentNode.data.trim().slice(0, 40)] = contrast;
  }
  return found;
}"""

# What reaches over the right edge of the window, unless it lies in something that scrolls by itself.
_STICKING_OUT = """() => [...document.querySelectorAll('.bk *')]
  .filter(each => each.checkVisibility() && !each.closest('.bk-scroll, pre') && !(each instanceof SVGElement))
  .filter(each => each.getBoundingClientRect().right > innerWidth || each.getBoundingClientRect().left < 0)
  .map(each => each.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    flags = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=flags)
        yield browser
        browser.close()


@pytest.fixture(params=["light", "dark"])
def theme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def shown(browser: Browser, width: int, theme: str = "light") -> Page:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.set_content(gallery.page(theme))
    return page


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_names_of_200_characters_never_make_the_page_scroll_sideways(browser: Browser, width: int) -> None:
    page = shown(browser, width)
    for menu in page.locator("details").all():
        menu.evaluate("menu => { menu.open = true; }")
    assert len(gallery.LONG_NAME) >= 200
    assert page.evaluate(_STICKING_OUT) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.close()


def test_every_text_stands_out_from_its_ground(browser: Browser, theme: str) -> None:
    page = shown(browser, 1280, theme)
    contrasts: dict[str, Any] = page.evaluate(_CONTRASTS)
    assert len(contrasts) > 50
    assert {text: round(contrast, 2) for text, contrast in contrasts.items() if contrast < 4.5} == {}
    page.close()


def test_an_image_that_was_uploaded_is_drawn(browser: Browser) -> None:
    page = shown(browser, 390)
    sizes = page.evaluate("[...document.images].map(image => [image.naturalWidth > 0, image.width <= innerWidth])")
    assert sizes == [[True, True]] * 2
    page.close()


def test_a_name_from_right_to_left_runs_so_and_its_neighbours_do_not(browser: Browser) -> None:
    form = shown(browser, 1280).locator("form")
    direction = "each => getComputedStyle(each).direction"
    assert form.get_by_label("Name", exact=True).evaluate(direction) == "rtl"
    assert form.locator(".bk-choice-words").get_by_text(gallery.RIGHT_TO_LEFT).evaluate(direction) == "rtl"
    assert form.get_by_text("What you reject").evaluate(direction) == "ltr"
    form.page.close()


def test_buttons_look_used_while_a_click_is_under_way(browser: Browser) -> None:
    page = shown(browser, 390)
    article = page.locator("article")
    approve = article.get_by_role("button", name="Approve change 7 of Acme Corp")
    faded = "button => [getComputedStyle(button).opacity, getComputedStyle(button).pointerEvents]"
    assert approve.evaluate(faded) == ["1", "auto"]
    article.evaluate("article => article.setAttribute('aria-busy', 'true')")
    assert approve.evaluate(faded) == ["0.55", "none"]
    page.close()


def test_a_screen_reader_finds_each_field_by_its_label(browser: Browser) -> None:
    form = shown(browser, 390).locator("form")
    for label in ("Why is it rejected?", "From", "Client", "Found", "Where"):
        assert form.get_by_label(label, exact=True).count() == 1
    assert form.get_by_role("radiogroup", name="Kind").get_by_role("radio").count() == 2
    assert form.get_by_role("group", name="Clients").get_by_role("checkbox").count() == 3
    form.page.close()
