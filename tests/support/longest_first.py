"""The order in which files of tests are handed out: the longest first, whatever their names.

A file runs on one processor. Where one that takes minutes is the last to begin, the others wait for it idly. Files that
aren't named here take less than half a minute each, and fill what is left at the end.
"""

import pytest

LONGEST_FIRST = (
    "tests/crashes/",
    "tests/stories/test_no_false_change.py",
    "tests/billing/test_day_by_day.py",
    "tests/stories/test_demo.py",
    "tests/browser/",
    "tests/commands/",
    "tests/stories/",
    "tests/bot/",
)


def _turn(item: pytest.Item) -> int:
    return next(
        (turn for turn, path in enumerate(LONGEST_FIRST) if item.nodeid.startswith(path)),
        len(LONGEST_FIRST),
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_turn)
