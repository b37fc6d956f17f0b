"""Every message, modal and tab: whatever comes from outside, Slack takes it, and nothing in it is read as markup.

Whoever listens to a screen reader is told of everything as well: what a button is about, what an image shows.
"""

import inspect
import pkgutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from types import FrameType, ModuleType
from typing import Any

import pytest
from hypothesis import given

from bot import views
from bot.message import HomeTab, Json, Message, ModalView
from documents import format as written
from tests.bot.views.every import EVERY
from tests.bot.views.outside import CROWD, Outside, crowded, outsides, texts_of
from tests.support.referees import faults

pytestmark = pytest.mark.property

# A message shows at most some four hundred short names, and a modal half as many again.
MOST_PUT_INTO_WORDS = 2500
# Names are put in order by a function of the module that writes; the expressions in it are counted with it.
_ORDERING = ("reading_order", "<genexpr>")
_BY_NAME = {f"{view.__module__.rpartition('.')[2]}.{view.__name__}": view for view in EVERY}


def made(view: Callable[..., Any], outside: Outside) -> Message | ModalView | HomeTab:
    shown: Message | ModalView | HomeTab = view(*EVERY[view](outside))
    return shown


def views_of(module: ModuleType) -> Iterator[Callable[..., Any]]:
    """The functions of a module that make a message, a modal or a home tab, by what they say that they return."""
    for _, function in inspect.getmembers(module, inspect.isfunction):
        returns = inspect.get_annotations(function, eval_str=True).get("return")
        is_its_own = function.__module__ == module.__name__ and not function.__name__.startswith("_")
        if is_its_own and returns in {Message, ModalView, HomeTab}:
            yield function


def read_as_markup(shown: Message | Json) -> list[str]:
    """What Slack would read as more than text."""
    blocks = [*shown.blocks, *shown.plainer] if isinstance(shown, Message) else [shown]
    found = [
        f"{kind} is there"
        for kind in ("'type': 'mrkdwn'", "'type': 'broadcast'", "'emoji': True", "'type': 'markdown'")
        if kind in str(blocks)
    ]
    found += [f"{text!r} turns the writing" for text in texts_of(blocks) if "\u202e" in text]
    if isinstance(shown, Message) and any(sign in shown.as_arguments()["text"] for sign in "<>"):
        found.append("the text beside the blocks isn't escaped")
    return found


# What a screen reader says of a thing beside its text.
_SPOKEN = {"button": "accessibility_label", "image": "alt_text"}


def unspoken(shown: Message | Json) -> list[str]:
    """What a screen reader, or a notification, has no words for."""
    if isinstance(shown, Message):
        silent = ["the message has no text"] if not shown.text.strip() else []
        return [*silent, *_silent([*shown.blocks, *shown.plainer])]
    return list(_silent(shown))


def _silent(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        words = _SPOKEN.get(value.get("type", ""))
        if words is not None and not value.get(words, "").strip():
            yield f"{value['type']} {value.get('action_id', '')!r} has no {words}"
    if isinstance(value, dict | list | tuple):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _silent(inner)


@pytest.mark.parametrize("name", sorted(_BY_NAME))
@given(outside=outsides())
def test_slack_takes_every_view_whatever_comes_from_outside(name: str, outside: Outside) -> None:
    shown = made(_BY_NAME[name], outside)
    assert faults(shown) == []
    assert read_as_markup(shown) == []
    assert unspoken(shown) == []


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        (Message(" "), "the message has no text"),
        (Message("A", ({"elements": [{"type": "button", "action_id": "a"}]},)), "'a' has no accessibility_label"),
        (Message("A", plainer=({"accessory": {"type": "button", "accessibility_label": " "}},)), "accessibility_label"),
        (Message("A", ({"type": "image", "alt_text": ""},)), "image '' has no alt_text"),
        ({"type": "home", "blocks": [{"type": "context", "elements": [{"type": "image"}]}]}, "has no alt_text"),
        ({"type": "modal", "blocks": [{"type": "input", "element": {"type": "button"}}]}, "accessibility_label"),
    ],
)
def test_what_has_no_words_would_be_noticed(planted: Message | Json, found: str) -> None:
    (silent,) = unspoken(planted)
    assert found in silent


def test_the_views_have_buttons_and_images_to_speak_of() -> None:
    made_of_many = str([made(view, crowded(0)) for view in EVERY])
    assert all(f"'type': '{kind}'" in made_of_many for kind in _SPOKEN)


def test_every_view_is_listed() -> None:
    modules = (import_module(f"{views.__name__}.{each.name}") for each in pkgutil.iter_modules(views.__path__))
    assert {view for module in modules for view in views_of(module)} == set(EVERY)


def test_a_view_that_is_not_listed_would_be_noticed() -> None:
    planted = ModuleType("planted")

    def planted_card(name: str) -> Message:
        return Message(name)

    planted_card.__module__ = planted.__name__
    vars(planted)["planted_card"] = planted_card
    assert list(views_of(planted)) == [planted_card]


@contextmanager
def counted_words() -> Iterator[list[str]]:
    """The calls, in the meantime, of what puts a name, a day or an amount into words."""
    calls: list[str] = []

    def heard(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and frame.f_code.co_filename == written.__file__ and frame.f_code.co_name not in _ORDERING:
            calls.append(frame.f_code.co_name)

    before = sys.getprofile()
    sys.setprofile(heard)
    try:
        yield calls
    finally:
        sys.setprofile(before)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", sorted(_BY_NAME))
def test_of_ten_thousand_no_more_is_put_into_words_than_is_shown(name: str, seed: int) -> None:
    view, arguments = _BY_NAME[name], EVERY[_BY_NAME[name]](crowded(seed))
    with counted_words() as calls:
        shown = view(*arguments)
    assert len(calls) < MOST_PUT_INTO_WORDS < CROWD
    assert faults(shown) == []
