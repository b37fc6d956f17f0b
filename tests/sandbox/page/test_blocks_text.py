"""Slack's markup, plain texts, dates, rich text and Markdown as HTML."""

from datetime import UTC, datetime
from typing import Any

import pytest

from sandbox.page.blocks import Look, render_blocks, render_mrkdwn
from tests.support.markup import find, read

MENTION = '<span class="bk-mention">'
AT = 1807459200  # 11 April 2027, 16:00 UTC
LOOK = Look(
    people={"U1": "Ann Archer"},
    channels={"C1": "acme"},
    now=datetime(2027, 4, 11, 17, tzinfo=UTC),
    locale_zone="America/New_York",
)


def drawn(text: str) -> str:
    html = str(render_mrkdwn(text, LOOK))
    read(html)
    start, end = '<div class="bk"><div class="bk-text" dir="auto">', "</div></div>"
    return html.removeprefix(start).removesuffix(end)


def line(text: str) -> str:
    return drawn(text).removeprefix('<span class="bk-lines">').removesuffix("</span>")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*bold*", "<strong>bold</strong>"),
        ("_it_ and ~gone~", "<em>it</em> and <s>gone</s>"),
        ("*_both_*", "<strong><em>both</em></strong>"),
        ("a *b c* d", "a <strong>b c</strong> d"),
        ("2*3*4", "2*3*4"),
        ("snake_case_name", "snake_case_name"),
        ("* no bold *", "* no bold *"),
        ("*not\nover lines*", "*not\nover lines*"),
        ("*unclosed", "*unclosed"),
        ("**", "**"),
        ("`*code*`", "<code>*code*</code>"),
        ("3 &lt; 4 &amp;amp; 5", "3 &lt; 4 &amp;amp; 5"),
        (
            "<@U1> in <#C1>",
            f"{MENTION}@<bdi>Ann Archer</bdi></span> in {MENTION}#<bdi>acme</bdi></span>",
        ),
        ("<@U9>", '<span class="bk-mention">@<bdi>U9</bdi></span>'),
        ("<!here>", '<span class="bk-mention bk-broadcast">@here</span>'),
        ("<!subteam^S1|@msp>", '<span class="bk-mention">@<bdi>msp</bdi></span>'),
        (":nothing_known:", ":nothing_known:"),
        ("10:30:45", "10:30:45"),
    ],
)
def test_markup_is_read_as_slack_reads_it(text: str, html: str) -> None:
    assert line(text) == html


def test_a_known_emoji_is_drawn_and_named() -> None:
    (sign,) = [each for each in read(line("done :white_check_mark:")).every() if "role" in each.attributes]
    assert sign.attributes["aria-label"] == "white check mark"


def test_a_link_opens_elsewhere_and_tells_nobody_where_it_was() -> None:
    link = find(read(drawn("<https://example.com/?a=1&amp;b=2|the *page*>")), "a")
    assert link.attributes == {
        "href": "https://example.com/?a=1&b=2",
        "target": "_blank",
        "rel": "noopener noreferrer nofollow",
    }
    assert link.words == "the *page*"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "java\tscript:x",
        "//evil.example",
        "https:",
        "http://[",
        "/etc/passwd",
    ],
)
def test_a_link_that_leads_into_a_script_stays_text(url: str) -> None:
    page = read(drawn(f"<{url}|press>"))
    assert [each.tag for each in page.every() if each.tag == "a"] == []
    assert page.words == f"<{url}|press>"


def test_quoted_lines_stand_in_one_quote() -> None:
    assert drawn("before\n> one\n&gt; two\nafter") == (
        '<span class="bk-lines">before</span>'
        '<blockquote class="bk-quote"><span class="bk-lines">one\ntwo</span></blockquote>'
        '<span class="bk-lines">after</span>'
    )


def test_three_signs_quote_all_that_follows() -> None:
    assert drawn("a\n>>>b\n\nc") == (
        '<span class="bk-lines">a</span><blockquote class="bk-quote"><span class="bk-lines">b\n\nc</span></blockquote>'
    )


def test_a_fence_keeps_spaces_and_signs() -> None:
    assert drawn("see ```  a *b*\n c```") == (
        '<span class="bk-lines">see </span><pre class="bk-pre" tabindex="0"><code>  a *b*\n c</code></pre>'
    )


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("{date_num} {time}", "2027-04-11 12:00"),
        ("{date}", "April 11th, 2027"),
        ("{date_long}", "Sunday, April 11th, 2027"),
        ("{date_short_pretty} at {time_secs}", "today at 12:00:00"),
        ("{ago}", "1 hour ago"),
        ("{nothing}", "{nothing}"),
    ],
)
def test_a_date_is_told_in_the_readers_zone(pattern: str, told: str) -> None:
    time = find(read(drawn(f"<!date^{AT}^{pattern}|then>")), "time")
    assert (time.words, time.attributes["datetime"]) == (told, "2027-04-11T12:00:00-04:00")


@pytest.mark.parametrize(
    ("days", "told"), [(-1, "yesterday"), (1, "tomorrow"), (2, "April 13th, 2027"), (10, "April 21st, 2027")]
)
def test_a_near_day_is_named(days: int, told: str) -> None:
    assert read(drawn(f"<!date^{AT + days * 86400}^{{date_pretty}}|then>")).words == told


def test_a_date_that_no_calendar_has_shows_its_fallback() -> None:
    assert line("<!date^999999999999^{date}|some day>") == "some day"


@pytest.mark.parametrize("words", ["*a* <@U1> :x: & <b>", ":x:"])
def test_plain_text_is_no_markup(words: str) -> None:
    text = {"type": "plain_text", "text": words, "emoji": False}
    page = read(str(render_blocks([{"type": "section", "block_id": "b", "text": text}], LOOK)))
    assert page.words.strip() == words


def test_plain_text_draws_emoji_where_the_bot_asks_for_it() -> None:
    text = {"type": "plain_text", "text": "*done* :x:", "emoji": True}
    page = read(str(render_blocks([{"type": "section", "block_id": "b", "text": text}], LOOK)))
    assert find(page, "span", role="img").attributes["aria-label"] == "x"
    assert page.words.strip().startswith("*done* ")


def rich(*elements: dict[str, Any]) -> str:
    html = str(render_blocks([{"type": "rich_text", "block_id": "b", "elements": list(elements)}], LOOK))
    read(html)
    return html


def section(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": list(parts)}


def test_rich_text_carries_its_styles() -> None:
    style = {"bold": True, "italic": True, "strike": True, "code": True}
    html = rich(section({"type": "text", "text": "*a*", "style": style}))
    assert "<strong><em><s><code>*a*</code></s></em></strong>" in html


def test_rich_text_names_people_channels_and_dates() -> None:
    html = rich(
        section(
            {"type": "user", "user_id": "U1"},
            {"type": "text", "text": " in "},
            {"type": "channel", "channel_id": "C1"},
            {"type": "text", "text": " on "},
            {"type": "date", "timestamp": AT, "format": "{date_num}", "fallback": "then"},
            {"type": "text", "text": " "},
            {"type": "emoji", "name": "wave", "unicode": "1f44b"},
        )
    )
    assert read(html).words.strip() == "@Ann Archer in #acme on 2027-04-11 \N{WAVING HAND SIGN}"


def test_lists_are_numbered_on_and_indented() -> None:
    ordered = {
        "type": "rich_text_list",
        "style": "ordered",
        "offset": 2,
        "elements": [section({"type": "text", "text": "c"})],
    }
    deeper = {
        "type": "rich_text_list",
        "style": "bullet",
        "indent": 1,
        "elements": [section({"type": "text", "text": "d"})],
    }
    page = read(rich(ordered, deeper))
    assert find(page, "ol").attributes["start"] == "3"
    assert find(page, "ul").attributes["class"] == "bk-list bk-indent-1"


def test_an_unsafe_link_in_rich_text_stays_text() -> None:
    assert "<a" not in rich(section({"type": "link", "url": "javascript:alert(1)", "text": "press"}))


def test_markdown_is_drawn() -> None:
    text = "# Title\nSome **bold** `x` and [link](https://example.com)\n- a\n- b\n1. c\n> q\n---\n```\n<b>\n```"
    page = read(str(render_blocks([{"type": "markdown", "block_id": "b", "text": text}], LOOK)))
    tags = {each.tag for each in page.every()}
    assert {"p", "strong", "code", "a", "ul", "ol", "blockquote", "hr", "pre"} <= tags
    assert find(page, "pre").words == "<b>"
    assert find(page, "p", role="heading").words == "Title"


def test_markdown_makes_no_unsafe_link() -> None:
    text = "[press](javascript:alert(1)) <script>alert(1)</script>"
    page = read(str(render_blocks([{"type": "markdown", "block_id": "b", "text": text}], LOOK)))
    assert {each.tag for each in page.every()} == {"page", "div", "p"}
