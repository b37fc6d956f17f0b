"""A program of its own: a chart in Vega-Lite's terms on standard input, its PNG on standard output.

`documents.charts` starts it for each picture. It knows nothing of the rest of the house, so that it starts quickly.
"""

import sys
from pathlib import Path

import vl_convert

_FONTS = Path(__file__).with_name("fonts")
_PIXELS_A_POINT = 2


def main() -> None:
    """Draws one chart; it reads nothing from the network, whatever the description asks for."""
    vl_convert.register_font_directory(str(_FONTS))
    chart = sys.stdin.read()
    sys.stdout.buffer.write(vl_convert.vegalite_to_png(chart, scale=_PIXELS_A_POINT, allowed_base_urls=[]))


if __name__ == "__main__":
    main()
