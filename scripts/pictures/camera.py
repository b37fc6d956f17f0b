"""A browser in front of the page, and small pictures of what it shows."""

import io
from functools import partial
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page

MOST_BYTES = 120_000

DESK, PHONE = (1280, 800), (390, 844)
# Twice as sharp as the layout, but for a whole desk, which would be too large a file.
SHARP, LESS_SHARP = 2, 1.5
_COLOURS = (256, 128, 64, 32, 16)
# The time of day is that of the photographer, and the page proposes somebody by chance to be hired.
_WITHOUT_CHANCE = """() => {
  for (const time of document.querySelectorAll(".byline time")) time.style.display = "none";
  for (const name of document.querySelectorAll("#hire-name")) name.value = "Ines Okafor";
}"""


def open_context(
    chromium: Browser, size: tuple[int, int], colours: str = "light", scale: float = SHARP
) -> BrowserContext:
    """Tabs of one size, in a fixed language and time zone, in which nobody sees the tour."""
    context = chromium.new_context(
        viewport={"width": size[0], "height": size[1]},
        device_scale_factor=scale,
        color_scheme="dark" if colours == "dark" else "light",
        timezone_id="America/New_York",
        locale="en-GB",
    )
    context.add_init_script("localStorage.setItem('tour closed', 'yes')")
    return context


def shot(what: Page | Locator) -> bytes:
    """What is seen of a page or of a part of it, without what chance or the time of day put there."""
    page = what.page if isinstance(what, Locator) else what
    page.mouse.move(0, 0)
    page.evaluate(_WITHOUT_CHANCE)
    return what.screenshot(animations="disabled")


def save(png: bytes, file: Path, most_bytes: int = MOST_BYTES) -> None:
    """Writes a picture with as many colours as its size allows.

    Raises:
        ValueError: it is too large even with the fewest.

    """
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    packed = next((data for data in map(partial(_packed, picture), _COLOURS) if len(data) < most_bytes), None)
    if packed is None:
        raise ValueError(f"{file.name} would have {most_bytes} bytes or more; take a smaller part of the page")
    file.write_bytes(packed)


def _packed(picture: Image.Image, colours: int) -> bytes:
    """As PNG with so many colours, by coverage: their median loses a small green dot among many grey letters."""
    packed = io.BytesIO()
    few = picture.quantize(colours, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(packed, "PNG", optimize=True)
    return packed.getvalue()
