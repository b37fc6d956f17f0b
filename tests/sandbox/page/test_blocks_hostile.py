"""Texts from outside never become anything but text, whatever they look like."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sandbox.page.blocks import Look, render_blocks, render_mrkdwn
from tests.support import gallery
from tests.support.markup import Element, read

_FRAGMENTS = (
    "<script>alert(1)</script>",
    "</div>",
    "<img src=x onerror=alert(1)>",
    "<!--",
    "]]>",
    '"',
    "'",
    '" onload="x',
    "&quot;",
    "&lt;b&gt;",
    "&#60;",
    "{{7*7}}",
    "{% raw %}",
    "<javascript:alert(1)|x>",
    '<https://example.com/"onclick="x|y>',
    "<data:text/html,x>",
    "<@U1>",
    "<#C1>",
    "<!here>",
    "<!date^1^{ago}|x>",
    "[a](javascript:alert(1))",
    "[b](https://example.com/'onclick='x)",
    *("*", "_", "~", "`", "```", "**", "~~", "\n", "> ", ">>>", "- ", "# ", "1. ", ":x:", "\\", " "),
    *("\u202e", "\u05d0", "\x00"),
)
HOSTILE = st.lists(st.one_of(st.sampled_from(_FRAGMENTS), st.text(min_size=1, max_size=3)), min_size=1).map("".join)

_WORDS = frozenset({"plain_text", "raw_text", "text"})
_IDS = ("block_id", "action_id", "value", "alt_text", "accessibility_label", "user_id", "initial_value")
_TEXT_TAGS = {
    "page": set(),
    "div": {"class", "dir"},
    "span": {"class", "role", "aria-label"},
    "p": {"class", "dir", "role", "aria-level"},
    "blockquote": {"class"},
    "pre": {"class", "tabindex"},
    "ol": {"class", "start"},
    "ul": {"class"},
    "li": {"dir"},
    "hr": {"class"},
    "a": {"href", "target", "rel"},
    "time": {"datetime"},
    **{tag: set[str]() for tag in ("strong", "em", "s", "code", "bdi")},
}


def with_words(value: Any, words: str) -> Any:
    """The blocks with other words in every place where words and ids stand, apart from those with markup."""
    if isinstance(value, list):
        return [with_words(each, words) for each in value]
    if not isinstance(value, dict):
        return value
    changed = {key: with_words(each, words) for key, each in value.items()}
    if value.get("type") in _WORDS:
        changed["text"] = words
    return changed | {key: words for key in _IDS if key in value and isinstance(value[key], str)}


def skeleton(page: Element) -> list[tuple[str, list[str]]]:
    return [(each.tag, list(each.attributes)) for each in page.every()]


def everything(words: str) -> Element:
    look = Look(people={"U1": words}, channels={"C1": words}, files=gallery.LOOK.files)
    return read(str(render_blocks(with_words([*gallery.MESSAGE, *gallery.MODAL], words), look)))


@pytest.mark.property
@given(HOSTILE)
def test_words_and_ids_never_change_what_the_page_is_made_of(words: str) -> None:
    assert skeleton(everything(words)) == skeleton(everything("x"))


@pytest.mark.property
@given(HOSTILE)
@example('<https://example.com/"onclick="x|y>')
@example("*<@U1>* ~`<b>`~ > x\n> <!date^99999999999^{date}^javascript:x|z>")
def test_markup_makes_only_the_elements_of_markup(words: str) -> None:
    look = Look(people={"U1": words}, channels={"C1": words})
    markdown = render_blocks([{"type": "markdown", "block_id": "b", "text": words}], look)
    for page in (read(str(render_mrkdwn(words, look))), read(str(markdown))):
        for each in page.every():
            assert set(each.attributes) <= _TEXT_TAGS[each.tag]
            assert urlsplit(each.attributes.get("href", "https:")).scheme in {"http", "https", "mailto", "tel"}


@pytest.mark.property
@given(HOSTILE)
def test_plain_text_is_shown_to_the_letter(words: str) -> None:
    text = {"type": "plain_text", "text": words}
    page = read(str(render_blocks([{"type": "header", "block_id": "b", "text": text}], Look())))
    assert words in page.words


@pytest.mark.parametrize("mark", ["*", "_", "`", "<", "*_", "> ", "*a ", "```", ":"])
def test_the_longest_text_is_drawn_without_delay(mark: str) -> None:
    assert len(render_mrkdwn(mark * (3000 // len(mark)), Look())) > 0
