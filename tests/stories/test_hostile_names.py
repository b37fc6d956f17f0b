"""Names that come from elsewhere and mean harm: they go through as what they are, text."""

import csv
import io
import json
import re

import pypdf
import pytest

from sandbox.story.cast import ALMA, BERT, BILLING_CHANNEL
from sandbox.workspace.model import Content
from sandbox.workspace.reading import pings
from tests.support.stories import CHANNELS, Office, Stage, book, client, per_unit

PING = "<!channel> *free*"
FORMULA = "=cmd|' /C calc'!A0"
SCRIPT = "<script>alert(1)</script>"
RIGHT_TO_LEFT = "\u202emoc.live\u202c \u05d0\u05d1\u05d2"
LONG = "L" + "o" * 198 + "ng"
HOSTILE = (PING, FORMULA, SCRIPT, RIGHT_TO_LEFT, LONG)
MAY = "2027-05-01"


@pytest.fixture
def invoice(office: Office) -> Office:
    """May's invoice for five people with such names, issued as NW-000001."""
    office.people("acme", HOSTILE)
    office.begin(book(client("acme", per_unit("80.00"), bills_from=MAY)), MAY)
    office.count_first(MAY)
    office.bill(MAY)
    return office


def _saved(office: Office, shape: str) -> bytes:
    file = office.folder / f"invoice.{shape}"
    office.done(MAY, "invoice", "NW-000001", "--format", shape, "-o", str(file))
    return file.read_bytes()


def _text_of_the_pdf(office: Office) -> str:
    """Without blanks, because a long name is wrapped."""
    pages = pypdf.PdfReader(io.BytesIO(_saved(office, "pdf"))).pages
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))


async def test_the_card_pings_nobody_and_shows_the_names_as_they_are(stage: Stage) -> None:
    stage.hire("acme", ["Ann Ames"])
    await stage.open_for(book(client("acme", per_unit("80.00"), counted="entra")), MAY)
    await stage.approve_first_counts("acme")
    stage.hire("acme", HOSTILE)
    await stage.succeeds("sync")

    card = await stage.hands.card(CHANNELS["acme"], "+5 users (1 → 6)")

    assert card.pings == []
    assert all(name in card.said for name in (PING, FORMULA, SCRIPT))
    assert LONG[:40] in card.said
    assert card.buttons == ["Approve", "Reject", "Details", "Approve with changes"]
    await stage.slack.click(ALMA, card.channel, card.ts, "Details")
    details = await stage.slack.wait_for_view(ALMA)
    assert pings(Content("", tuple(details.payload["blocks"]))) == []
    assert all(name in details.said for name in (PING, FORMULA, SCRIPT, LONG[:40]))
    await stage.hands.press(ALMA, card, "Approve")
    rosters = await stage.hands.ask(ALMA, CHANNELS["acme"], "/users", "acme")
    assert (rosters.pings, PING in rosters.said) == ([], True)


async def test_under_a_client_with_such_a_name_a_run_mentions_only_who_started_it(stage: Stage) -> None:
    named = book(client("acme", per_unit("80.00"), counted=None)).replace("name: Acme Corp", f'name: "{PING}"')
    await stage.open_for(named.replace("model: per_unit, unit", "model: flat, amount"), MAY)
    await stage.hands.ask(BERT, BILLING_CHANNEL, "/run", f"{MAY} start")
    card = await stage.hands.card(BILLING_CHANNEL, f"{PING}: ")
    assert card.pings == [f"<@{BERT}>"]


def test_the_page_has_the_names_as_text_and_no_script(invoice: Office) -> None:
    page = _saved(invoice, "html").decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "&lt;!channel&gt; *free*" in page
    assert LONG in page


def test_the_pdf_has_the_names_as_text(invoice: Office) -> None:
    written = _text_of_the_pdf(invoice)
    for name in (PING, FORMULA, SCRIPT, LONG):
        assert re.sub(r"\s", "", name) in written


def test_no_cell_of_the_table_is_a_formula(invoice: Office) -> None:
    rows = csv.reader(io.StringIO(_saved(invoice, "csv").decode()))
    starts = {cell[:1] for row in rows for cell in row}
    assert starts.isdisjoint({"=", "+", "@", "\t", "\r"})


def test_the_json_has_the_names_exactly(invoice: Office) -> None:
    document = json.loads(_saved(invoice, "json"))
    assert sorted(person["name"] for person in document["people"]["full"]) == sorted(HOSTILE)


def test_an_erased_name_is_gone_from_the_invoice_and_both_proofs_hold(invoice: Office) -> None:
    before = json.loads(_saved(invoice, "json"))
    why = ("--by", "Ada", "--reason", "asked for it by letter")
    invoice.done(MAY, "erase", "acme", "id-2", *why)
    after = json.loads(_saved(invoice, "json"))

    assert SCRIPT not in json.dumps(after)
    assert "(name erased)" in {person["name"] for person in after["people"]["full"]}
    assert (after["hash"], after["total"]) == (before["hash"], before["total"])
    assert "nothing was altered" in " ".join(invoice.done(MAY, "audit", "verify").split())
    assert SCRIPT not in _text_of_the_pdf(invoice)
