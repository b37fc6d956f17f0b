"""One page with every kind of block, to look at and to measure."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sandbox.page.blocks import Look, render_blocks

Block = dict[str, Any]

STATIC = Path(__file__).resolve().parents[2] / "sandbox" / "page" / "static"
LONG_NAME = "Maximilianefeatherstonehaugh" * 8
RIGHT_TO_LEFT = "\u05d3\u05e0\u05d4 \u05db\u05d4\u05df"
CHART = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 640 240'%3E"
    "%3Cpath d='M20 200 L140 180 L260 150 L380 150 L500 90 L620 60' fill='none' stroke='%230f5c6e' stroke-width='6'/%3E"
    "%3C/svg%3E"
)
LOOK = Look(
    people={"U0APPROVER": "Alma Approver", "U0RTL": RIGHT_TO_LEFT, "U0LONG": LONG_NAME},
    channels={"C0ACME": "acme", "C0BIRCH": "birch"},
    files={"F0CHART": CHART},
    now=datetime(2027, 4, 11, 12, tzinfo=UTC),
    locale_zone="America/New_York",
)


def plain(text: str, **more: Any) -> Block:
    return {"type": "plain_text", "text": text, **more}


def mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text}


def option(text: str, value: str, **more: Any) -> Block:
    return {"text": plain(text), "value": value, **more}


def button(text: str, **more: Any) -> Block:
    return {"type": "button", "text": plain(text), "action_id": text.lower(), "value": "7:1", **more}


def block(kind: str, block_id: str, **more: Any) -> Block:
    return {"type": kind, "block_id": block_id, **more}


def section(*parts: Block) -> Block:
    return {"type": "rich_text_section", "elements": list(parts)}


def text(words: str, **style: bool) -> Block:
    return {"type": "text", "text": words, **({"style": style} if style else {})}


def bullets(indent: int, *items: str, style: str = "bullet", **more: Any) -> Block:
    elements = [section(text(item)) for item in items]
    return {"type": "rich_text_list", "style": style, "indent": indent, "elements": elements, **more}


def asked(block_id: str, label: str, element: Block, **more: Any) -> Block:
    return block("input", block_id, label=plain(label), element={"action_id": "a", **element}, **more)


CLIENTS = [option("Acme Corp", "acme"), option("Birch & Sons", "birch"), option("Cedar Ltd", "cedar")]
CONFIRM = {
    "title": plain("Issue all invoices?"),
    "text": mrkdwn("12 invoices, *USD 14,210.00* in all."),
    "confirm": plain("Issue"),
    "deny": plain("Not yet"),
    "style": "danger",
}
ROWS = [
    ("Client", "People", "This month", "Note"),
    ("Acme Corp", "47", "USD 2,115.00", "2 joined on 11 April"),
    ("Birch & Sons", "12", "USD 540.00", ""),
]


def rows() -> list[list[Block]]:
    first, *rest = [[{"type": "raw_text", "text": cell or " "} for cell in row] for row in ROWS]
    rich = {"type": "rich_text", "elements": [section(text("Held", bold=True), text(": the directory can't be read"))]}
    return [first, *rest, [{"type": "raw_text", "text": LONG_NAME}, *rest[0][1:3], rich]]


MESSAGE: list[Block] = [
    block("header", "h", text=plain("Acme Corp: +3 users (42 → 45)")),
    block(
        "section",
        "s1",
        text=plain("full: 42 → 45. From 11 April 2027."),
        accessory={"type": "overflow", "action_id": "aside", "options": CLIENTS},
    ),
    block(
        "rich_text",
        "r1",
        elements=[section(text("Joined (3)", bold=True), text(f"\nAnn Archer, {RIGHT_TO_LEFT}, {LONG_NAME}"))],
    ),
    block(
        "rich_text",
        "r2",
        elements=[
            section(
                text("+USD 135.00 a month, before tax", bold=True), text("\n+USD 90.00 on the invoice of 1 May 2027")
            )
        ],
    ),
    block(
        "actions",
        "a1",
        elements=[
            button("Approve", style="primary", accessibility_label="Approve change 7 of Acme Corp"),
            button("Reject", style="danger", confirm=CONFIRM),
            button("Details"),
            button("Open the portal", url="https://portal.example/acme"),
            {"type": "static_select", "action_id": "pick", "options": CLIENTS, "placeholder": plain("Choose a client")},
            {"type": "overflow", "action_id": "more", "options": CLIENTS[:2]},
        ],
    ),
    block(
        "context", "c1", elements=[plain("Change 7, revision 1, proposed on 11 April 2027"), mrkdwn("by <@U0APPROVER>")]
    ),
    block("divider", "d1"),
    block(
        "section",
        "s2",
        text=mrkdwn(
            "*Bold*, _italic_, ~struck~, `code`, <https://example.com/a?b=1|a link>, <@U0RTL>, <#C0ACME>, <!here>, "
            "<!date^1807459200^{date_short_pretty} at {time}|then>, 3 &lt; 4 &amp; 5 :white_check_mark:\n"
            "> a quoted line\n> and another\nthen\n```invoice  acme   preview\n  2 lines```"
        ),
        accessory=button("Why?"),
    ),
    block(
        "section",
        "s3",
        fields=[
            mrkdwn("*Client*\nAcme Corp"),
            mrkdwn("*Next invoice*\n1 May 2027"),
            mrkdwn(f"*Owner*\n{LONG_NAME}"),
            mrkdwn("*State*\nPending"),
        ],
    ),
    block(
        "section",
        "s4",
        text=mrkdwn("Which client was meant?"),
        accessory={"type": "external_select", "action_id": "find", "placeholder": plain("Type a name")},
    ),
    block("section", "s5", text=mrkdwn("Who is told?"), accessory={"type": "multi_users_select", "action_id": "who"}),
    block(
        "section",
        "s6",
        text=mrkdwn("A logo beside a paragraph."),
        accessory={"type": "image", "slack_file": {"id": "F0CHART"}, "alt_text": "logo"},
    ),
    block(
        "image", "i1", slack_file={"id": "F0CHART"}, alt_text="Head count over twelve months", title=plain("Head count")
    ),
    block("image", "i2", slack_file={"id": "F0GONE"}, alt_text="A chart that is gone"),
    block(
        "rich_text",
        "r3",
        elements=[
            bullets(0, "First", "Second"),
            bullets(1, "nested"),
            bullets(0, "one", "two", style="ordered", offset=2),
            {"type": "rich_text_quote", "elements": [text("Quoted "), text("words", italic=True)]},
            {"type": "rich_text_preformatted", "elements": [text("rollcall preview acme --json")]},
            section(
                {"type": "user", "user_id": "U0APPROVER"},
                text(" asked "),
                {"type": "broadcast", "range": "channel"},
                text(" on "),
                {"type": "date", "timestamp": 1807459200, "format": "{date_long}", "fallback": "then"},
                text(" "),
                {"type": "emoji", "name": "warning", "unicode": "26a0"},
            ),
        ],
    ),
    block(
        "table", "t1", rows=rows(), column_settings=[{}, {"align": "right"}, {"align": "right"}, {"is_wrapped": True}]
    ),
    block(
        "markdown",
        "m1",
        text="## A heading\nSome **bold** and `code`.\n\n- one\n- two\n  - deeper\n\n1. first\n\n> quoted\n\n[a link](https://example.com)",
    ),
]

MODAL: list[Block] = [
    block(
        "section", "told", text=plain(f"{LONG_NAME}: +3 users. What you reject isn't proposed again until it changes.")
    ),
    asked(
        "reason",
        "Why is it rejected?",
        {
            "type": "plain_text_input",
            "multiline": True,
            "max_length": 3000,
            "placeholder": plain("A sentence that the audit log keeps"),
        },
        hint=plain("Everybody with a role can read it."),
    ),
    asked("name", "Name", {"type": "plain_text_input", "initial_value": RIGHT_TO_LEFT}),
    asked("day", "From", {"type": "datepicker", "initial_date": "2027-05-01"}),
    asked("hour", "At", {"type": "timepicker", "initial_time": "09:30"}),
    asked(
        "amount",
        "Amount",
        {"type": "number_input", "is_decimal_allowed": True, "placeholder": plain("25.00")},
        optional=True,
    ),
    asked("mail", "Mail", {"type": "email_text_input"}),
    asked("site", "Site", {"type": "url_text_input"}, optional=True),
    asked("client", "Client", {"type": "static_select", "options": CLIENTS, "initial_option": CLIENTS[1]}),
    asked("clients", "Clients", {"type": "multi_static_select", "options": CLIENTS, "initial_options": CLIENTS[:1]}),
    asked("found", "Found", {"type": "external_select", "min_query_length": 1, "initial_option": CLIENTS[2]}),
    asked("several", "Several", {"type": "multi_external_select", "min_query_length": 1, "initial_options": CLIENTS}),
    asked("where", "Where", {"type": "conversations_select"}),
    asked(
        "kind",
        "Kind",
        {
            "type": "radio_buttons",
            "options": [
                option("Join", "join", description=plain("A person who counts from a day on")),
                option("Leave", "leave"),
            ],
            "initial_option": option("Leave", "leave"),
        },
    ),
    asked(
        "except",
        "Leave out",
        {"type": "checkboxes", "options": [option(LONG_NAME[:75], "1"), option(RIGHT_TO_LEFT, "2")]},
        optional=True,
    ),
]


def page(theme: str = "light") -> str:
    """The gallery as a page of its own."""
    styles = "".join((STATIC / name).read_text() for name in ("tokens.css", "blocks.css") if (STATIC / name).exists())
    shell = (
        "*{box-sizing:border-box}body{margin:0;background:var(--ground);font:15px/1.45 Inter,sans-serif}"
        "main{max-width:44rem;margin:0 auto;padding:16px;display:grid;grid-template-columns:minmax(0,1fr);gap:24px}"
        "article,form{padding:16px;background:var(--raised);border:1px solid var(--line);border-radius:8px}"
    )
    return (
        f'<!doctype html><html lang="en" data-theme="{theme}"><head><meta charset="utf-8"><title>Gallery</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{styles}{shell}</style></head><body><main>"
        f'<article class="message">{render_blocks(MESSAGE, LOOK)}</article>'
        f'<form class="modal">{render_blocks(MODAL, LOOK)}</form></main></body></html>'
    )
