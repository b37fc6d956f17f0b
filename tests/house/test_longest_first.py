"""Which tests begin first when several processors share them."""

from dataclasses import dataclass
from typing import cast

import pytest

from tests.house.checks import ROOT
from tests.support.longest_first import LONGEST_FIRST, pytest_collection_modifyitems


@dataclass
class Item:
    nodeid: str


def test_the_long_ones_begin_and_each_file_keeps_the_order_of_its_tests() -> None:
    names = [
        "tests/house/test_docs.py::test_b",
        "tests/house/test_docs.py::test_a",
        "tests/stories/test_slack.py::test_growth",
        "tests/stories/test_no_false_change.py::test_storm",
        "tests/crashes/test_crashes.py::test_kill",
    ]
    items = [Item(name) for name in names]
    pytest_collection_modifyitems(cast("list[pytest.Item]", items))
    assert [item.nodeid for item in items] == [names[4], names[3], names[2], names[0], names[1]]


@pytest.mark.parametrize("path", LONGEST_FIRST)
def test_what_is_long_is_there(path: str) -> None:
    assert (ROOT / path).exists()
