"""Takes the documentation's pictures: `make pictures`, or with ARGS=views or ARGS=demo a part of them.

It isn't part of CI: letters are drawn a little differently from one Chromium to the next, so only somebody who looks
at the difference can say whether a picture is still right.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from scripts.pictures import demo, views
from tests.support.browsing import ROOT

FOLDER = ROOT / "docs" / "pictures"
_PARTS: Mapping[str, Callable[[Path], None]] = {"views": views.take, "demo": demo.take}


def main(parts: Sequence[str]) -> None:
    """Takes the pictures of these parts, or of all."""
    for part in parts or _PARTS:
        _PARTS[part](FOLDER)


if __name__ == "__main__":
    main(sys.argv[1:])
