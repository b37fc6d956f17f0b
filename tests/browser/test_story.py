"""What a visitor of the demo does with a browser, from the first card to the PDF; the bot behind it is the real one."""

import io
import re

import pypdf
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opens
from tests.support.browsing import ADA, ALMA, BERT, BILLING, BIRCH, CEDAR, PATIENCE_MILLISECONDS, VERA, Somebody

pytestmark = pytest.mark.needs_tool("chromium")

_LATE_OFFERS = """() => {
  const fetched = window.fetch;
  window.fetch = async (address, ...given) => {
    if (String(address).startsWith("/page/complete")) await new Promise((go) => setTimeout(go, 1000));
    return fetched(address, ...given);
  };
}"""
_LOSE_ONE_FETCH = """() => {
  const fetched = window.fetch;
  window.fetch = (address, ...given) => {
    const page = document.documentElement.dataset;
    if (page.hasLost || !String(address).startsWith("/page/region/messages")) return fetched(address, ...given);
    page.hasLost = "one";
    return Promise.reject(new TypeError("the server is away"));
  };
}"""


def test_a_newcomer_sees_a_card_that_waits_for_a_decision(opens: Opens) -> None:
    card = opens().card("+2 users (42 → 44)", "Nora Nash")
    expect(card.get_by_role("button", name="Approve change")).to_be_in_viewport()


def test_the_box_completes_a_command_and_the_answer_is_only_for_the_one_who_asked(opens: Opens) -> None:
    alma = opens()
    box = alma.page.get_by_role("combobox", name="Message or command")
    box.press_sequentially("/inv")
    box.press("Enter")
    expect(box).to_have_value("/invoice ")
    box.press_sequentially("ac")
    expect(alma.page.get_by_role("option", name="acme")).to_be_visible()
    box.press("Tab")
    box.press_sequentially("prev")
    expect(alma.page.get_by_role("option", name="preview")).to_be_visible()
    box.press("ArrowDown")
    box.press("Enter")
    expect(box).to_have_value("/invoice acme preview ")
    box.press("Enter")
    expect(alma.answer("Only visible to you", "1 Feb 2027")).to_contain_text("Managed user")
    expect(box).to_have_value("")


def test_what_is_typed_before_the_answer_comes_stays(opens: Opens) -> None:
    alma = opens()
    alma.types("/changes")
    box = alma.page.get_by_role("combobox", name="Message or command")
    box.press_sequentially("and then")
    alma.answer("Only visible to you")
    expect(alma.page.locator("#box:not([aria-busy])")).to_be_visible()
    expect(box).to_have_value("and then")


def test_what_is_typed_while_the_offers_are_late_belongs_to_the_next_line(opens: Opens) -> None:
    alma = opens()
    box = alma.page.get_by_role("combobox", name="Message or command")
    alma.page.evaluate(_LATE_OFFERS)
    box.press_sequentially("/changes")
    box.press("Enter")
    box.press_sequentially("and then")
    alma.answer("Only visible to you")
    expect(alma.page.locator("#box:not([aria-busy])")).to_be_visible()
    expect(box).to_have_value("and then")


def test_what_could_not_be_fetched_once_is_fetched_with_the_next_change(opens: Opens) -> None:
    vera = opens(VERA, CEDAR)
    vera.page.evaluate(_LOSE_ONE_FETCH)
    vera.types("Does anybody read this?")
    # Asked of the page's elements: its policy lets nobody evaluate a text again and again until it is true.
    expect(vera.page.locator("html[data-has-lost]")).to_be_attached(timeout=PATIENCE_MILLISECONDS)
    expect(vera.page.locator("#box:not([aria-busy])")).to_be_visible()
    vera.types("Now they do.")
    vera.card("Now they do.")
    vera.card("Does anybody read this?")


def test_a_page_that_was_refused_says_that_the_demo_is_away_and_comes_back_by_itself(opens: Opens) -> None:
    page = opens(VERA, CEDAR).page
    page.route("**/page/events?*", lambda route: route.fulfill(status=400))
    page.reload()
    away = page.get_by_role("alert").filter(has_text="this page shows what was last known")
    expect(away).to_be_visible()
    page.unroute_all()
    expect(away).to_be_hidden(timeout=PATIENCE_MILLISECONDS)
    vera = Somebody(page)
    vera.types("Is it back?")
    vera.card("Is it back?")


def test_people_who_are_hired_are_billed_once_somebody_approves(opens: Opens) -> None:
    alma = opens(ALMA, BIRCH)
    alma.types("/invoice birch preview")
    alma.answer("Only visible to you", "$1,200.00")
    alma.hires("Ines Okafor", "Ravi Santos")
    assert "17 billable" in alma.syncs()
    card = alma.card("+2 users (15 → 17)", "Ines Okafor, Ravi Santos")

    card.get_by_role("button", name="Approve change").click()

    decided = alma.card("+2 users (15 → 17)", "Approved by @Alma Approver")
    expect(decided.get_by_role("button", name="Approve")).to_have_count(0)
    expect(decided.get_by_role("button", name="Undo")).to_be_visible()
    alma.types("/invoice birch preview")
    alma.answer("Only visible to you", "$1,360.00")


def test_a_throttled_reading_says_why_it_waits_until_the_tenant_is_mended(opens: Opens) -> None:
    page = opens(ALMA, BIRCH).page
    page.get_by_label("Break the tenant").select_option("throttled")
    page.get_by_role("button", name="Sync now").click()
    waits = page.get_by_text("It waits because Microsoft asks it to")
    expect(waits).to_be_visible()
    page.get_by_role("button", name="Mend it").click()
    expect(waits).to_have_count(0)
    expect(page.locator(".printed pre")).to_contain_text("birch/m365", timeout=PATIENCE_MILLISECONDS)


def test_what_was_filled_in_stays_when_a_button_in_the_window_is_pressed(opens: Opens) -> None:
    ada = opens(ADA)
    ada.types("/client acme")
    ada.answer("Managed services").get_by_role("button", name="Change a price").click()
    window = ada.page.get_by_role("dialog")
    window.get_by_label("Each, from 1 to 25").fill("48.00")
    window.get_by_role("button", name="Show what the new price does").click()
    expect(window).to_contain_text(re.compile(r"acme: .*\$[0-9,.]+ → \$[0-9,.]+"), timeout=PATIENCE_MILLISECONDS)
    expect(window.get_by_label("Each, from 1 to 25")).to_have_value("48.00")
    ada.page.keyboard.press("Escape")
    expect(window).to_have_count(0)


def test_a_rejection_needs_a_reason(opens: Opens) -> None:
    alma = opens(ALMA, CEDAR)
    alma.hires("Temporary Tom")
    alma.syncs()
    alma.card("+1 user (64 → 65)").get_by_role("button", name="Reject").click()
    modal = alma.page.get_by_role("dialog")
    modal.locator("[type=submit]").click()
    expect(modal.get_by_role("alert")).to_have_text("Please complete this required field.")

    modal.get_by_label("Why is it rejected?").fill("Here for two weeks, agreed free of charge")
    modal.locator("[type=submit]").click()

    expect(modal).to_have_count(0)
    expect(alma.card("+1 user (64 → 65)", "Rejected")).to_contain_text("agreed free of charge")


def test_two_tabs_see_a_decision_at_once(opens: Opens) -> None:
    alma, bert = opens(ALMA), opens(BERT)
    waiting = bert.card("+2 users (42 → 44)").get_by_role("button", name="Approve change")
    expect(waiting).to_be_visible()

    alma.card("+2 users (42 → 44)").get_by_role("button", name="Approve change").click()

    expect(waiting).to_have_count(0, timeout=PATIENCE_MILLISECONDS)
    bert.card("+2 users (42 → 44)", "Approved")


def test_a_tenant_that_is_broken_is_held_and_the_others_are_billed(opens: Opens) -> None:
    bert = opens(BERT, CEDAR)
    bert.page.get_by_label("Break the tenant").select_option("forbidden")
    expect(bert.page.get_by_text("Graph answers 403")).to_be_visible()
    bert.sets_the_clock_forward()
    _settle_acme(opens)

    bert = opens(BERT, BILLING)
    bert.types("/run 2027-02-01 start")
    card = bert.card("Billing run of 1 Feb 2027", "Cedar Freight is held (R01)", "2 drafted")
    card.locator("button", has_text="Approve run").click()
    bert.card("Billing run of 1 Feb 2027", "2 approved").locator("button", has_text="Issue").click()
    issued = bert.card("Billing run of 1 Feb 2027", "2 issued")
    expect(issued).to_contain_text("NW-000004")

    bert.types("/invoice acme pdf")
    bert.answer("direct message")
    text = _pdf_in_direct_messages(bert)
    assert "Acme Corp" in text
    assert "1 Feb 2027" in text


def _settle_acme(opens: Opens) -> None:
    """A change that waits would hold its client too; another test may have approved it already."""
    alma = opens(ALMA)
    approve = alma.card("+2 users (42 → 44)").get_by_role("button", name="Approve change")
    if approve.is_visible():
        approve.click()
    alma.card("+2 users (42 → 44)", "Approved")


# The messages of the app, not its home tab.
_MESSAGES = re.compile(r"^Rollcall( \d+ new)?$")


def _pdf_in_direct_messages(somebody: Somebody) -> str:
    page = somebody.page
    page.get_by_role("navigation").get_by_role("link", name=_MESSAGES).click()
    link = page.locator("a.file").last
    expect(link).to_be_visible(timeout=PATIENCE_MILLISECONDS)
    file = page.request.get(str(link.evaluate("link => link.href")))
    assert file.headers["content-type"] == "application/pdf"
    assert file.headers["x-content-type-options"] == "nosniff"
    assert file.headers["content-security-policy"].startswith("default-src 'none'")
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(file.body())).pages)
