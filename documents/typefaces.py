"""Whether the fonts that we ship are there, and the engine can use them."""

from pathlib import Path

from documents.pdf import FONTS

FOLDER = FONTS
_FAMILY = "Inter"
_WEIGHTS = {400: "Regular", 500: "Medium", 600: "SemiBold"}


def missing(folder: Path = FOLDER) -> list[str]:
    """The weights of our family that can't be used."""
    # The engine is loaded when it is used, as for documents.
    from typst import Fonts  # noqa: PLC0415 - see above

    found = Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]).fonts()
    weights = {font.weight for font in found if font.family == _FAMILY}
    return [f"{_FAMILY} {name}" for weight, name in _WEIGHTS.items() if weight not in weights]
