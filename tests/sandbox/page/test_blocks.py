"""What the page's script and a screen reader find in blocks."""

from typing import Any

import pytest

from sandbox.page.blocks import Look, render_blocks
from sandbox.workspace.blockkit.judge import message_faults, view_faults
from tests.support import gallery
from tests.support.markup import Element, find, read

Block = dict[str, Any]

LOOK = Look(people={"U1": "Ann"}, channels={"C1": "acme"}, files={"F1": "/page/files/F1"})
OPTIONS = [gallery.option("Acme", "acme"), gallery.option("Birch", "birch", description=gallery.plain("in town"))]


def page(*blocks: Block, look: Look = LOOK) -> Element:
    return read(str(render_blocks(blocks, look)))


def acting(element: Block) -> Element:
    return page({"type": "actions", "block_id": "b", "elements": [{"action_id": "a", **element}]})


def asking(element: Block, look: Look = LOOK, **more: Any) -> Element:
    label = gallery.plain("Which?")
    asked = {"type": "input", "block_id": "b", "label": label, "element": {"action_id": "a", **element}, **more}
    return page(asked, look=look)


def test_the_gallery_is_what_slack_would_take() -> None:
    assert message_faults(gallery.MESSAGE) == []
    modal = {"type": "modal", "title": gallery.plain("All"), "submit": gallery.plain("Go"), "blocks": gallery.MODAL}
    assert view_faults(modal) == []


def test_the_gallery_is_well_formed_and_each_id_is_there_once() -> None:
    everything = page(*gallery.MESSAGE, *gallery.MODAL, look=gallery.LOOK).every()
    ids = [each.attributes["id"] for each in everything if "id" in each.attributes]
    assert len(ids) == len(set(ids)) > 10
    for each in everything:
        for name in ("for", "aria-labelledby", "aria-controls", "aria-describedby"):
            assert set(each.attributes.get(name, "").split()) <= set(ids)


def test_a_button_says_its_path_its_look_and_its_longer_name() -> None:
    button = find(
        acting(gallery.button("Approve", style="primary", accessibility_label="Approve 7", action_id="a")), "button"
    )
    assert button.attributes["data-control"] == "b/a"
    assert (button.attributes["data-act"], button.attributes["aria-label"]) == ("press", "Approve 7")
    assert (button.attributes["class"], button.words) == ("bk-button bk-primary", "Approve")


def test_a_button_that_is_confirmed_carries_the_question() -> None:
    found = find(acting(gallery.button("Issue", confirm=gallery.CONFIRM)), "button").attributes
    assert (found["data-confirm-title"], found["data-confirm-style"]) == ("Issue all invoices?", "danger")
    assert (found["data-confirm-ok"], found["data-confirm-no"]) == ("Issue", "Not yet")


def test_a_button_that_leads_somewhere_is_a_link_that_tells_the_bot_too() -> None:
    link = find(acting(gallery.button("Open", url="https://example.com")), "a")
    assert (link.attributes["href"], link.attributes["data-act"]) == ("https://example.com", "press")


def test_a_button_that_leads_into_a_script_is_only_a_button() -> None:
    assert find(acting(gallery.button("Open", url="javascript:alert(1)")), "button").words == "Open"


def test_a_select_offers_its_options_and_begins_with_the_first_choice() -> None:
    select = acting({"type": "static_select", "options": OPTIONS, "initial_option": OPTIONS[1]})
    options = [each for each in select.every() if each.tag == "option"]
    assert [each.attributes["value"] for each in options] == ["", "acme", "birch"]
    assert [each.words for each in options if "selected" in each.attributes] == ["Birch"]
    assert find(select, "select").attributes["data-act"] == "choose"


def test_grouped_options_stand_in_groups() -> None:
    groups = [{"label": gallery.plain("Near"), "options": OPTIONS}]
    assert find(acting({"type": "static_select", "option_groups": groups}), "optgroup").attributes["label"] == "Near"


@pytest.mark.parametrize(
    ("kind", "given", "values"),
    [
        ("users_select", {}, ["", "U1"]),
        ("channels_select", {}, ["", "C1"]),
        ("conversations_select", {}, ["", "C1", "U1"]),
        ("conversations_select", {"filter": {"include": ["public", "private"]}}, ["", "C1"]),
        ("conversations_select", {"filter": {"include": ["im"]}}, ["", "U1"]),
        ("conversations_select", {"filter": {"exclude_bot_users": True}}, ["", "C1", "U1"]),
    ],
)
def test_selects_of_slacks_own_things_offer_those_of_the_workspace(kind: str, given: Block, values: list[str]) -> None:
    options = [each for each in acting({"type": kind, **given}).every() if each.tag == "option"]
    assert [each.attributes["value"] for each in options] == values


@pytest.mark.parametrize(
    ("element", "kind", "many"),
    [
        ({"type": "checkboxes", "options": OPTIONS}, "checkbox", True),
        ({"type": "multi_static_select", "options": OPTIONS}, "checkbox", True),
        ({"type": "radio_buttons", "options": OPTIONS}, "radio", False),
    ],
)
def test_choices_are_boxes_with_a_label_each(element: Block, kind: str, *, many: bool) -> None:
    boxes = [each for each in asking(element).every() if each.tag == "input"]
    assert [(box.attributes["type"], box.attributes["value"]) for box in boxes] == [(kind, "acme"), (kind, "birch")]
    assert all(("data-many" in box.attributes) is many for box in boxes)
    assert all(box.attributes["data-field"] == "b/a" and "data-act" not in box.attributes for box in boxes)


def test_a_field_that_tells_the_bot_at_once_is_submitted_too() -> None:
    found = find(asking({"type": "datepicker"}, dispatch_action=True), "input").attributes
    assert (found["data-act"], found["data-field"]) == ("choose", "b/a")


def test_a_select_that_the_bot_fills_is_a_combobox() -> None:
    asked = asking({"type": "external_select", "min_query_length": 1, "initial_option": OPTIONS[0]})
    box = find(asked, "input").attributes
    assert (box["role"], box["data-min"], box["data-value"], box["value"]) == ("combobox", "1", "acme", "Acme")
    assert find(asked, "ul", role="listbox").attributes["id"] == box["aria-controls"]


def test_several_from_a_select_that_the_bot_fills_are_chips() -> None:
    asked = asking({"type": "multi_external_select", "initial_options": OPTIONS})
    chips = [each.attributes["data-value"] for each in asked.every() if each.attributes.get("class") == "bk-chip"]
    assert chips == ["acme", "birch"]
    assert find(asked, "input").attributes["data-min"] == "3"


def test_an_overflow_menu_has_a_button_for_each_option() -> None:
    items = [each for each in acting({"type": "overflow", "options": OPTIONS}).every() if each.tag == "button"]
    assert [(item.attributes["data-act"], item.attributes["data-value"]) for item in items] == [
        ("choose", "acme"),
        ("choose", "birch"),
    ]


def test_a_field_shows_what_was_put_in() -> None:
    answers = {"b": {"a": {"type": "plain_text_input", "value": "\nwhy"}}}
    asked = asking({"type": "plain_text_input", "multiline": True, "initial_value": "first"}, Look(answers=answers))
    # A browser drops the first line break of a text area, and the template gives it one to drop.
    assert find(asked, "textarea").words.removeprefix("\n") == "\nwhy"


def test_a_chosen_option_shows_after_the_modal_is_drawn_again() -> None:
    answers = {"b": {"a": {"type": "static_select", "selected_option": OPTIONS[0]}}}
    asked = asking({"type": "static_select", "options": OPTIONS, "initial_option": OPTIONS[1]}, Look(answers=answers))
    assert [each.words for each in asked.every() if "selected" in each.attributes] == ["Acme"]


def test_a_field_has_a_label_a_hint_and_a_place_for_complaints() -> None:
    asked = asking({"type": "plain_text_input", "max_length": 20}, hint=gallery.plain("short"))
    box = find(asked, "input")
    assert find(asked, "label").attributes["for"] == box.attributes["id"]
    complaint, hint = box.attributes["aria-describedby"].split()
    assert find(asked, "p", id=complaint).attributes["data-complaint"] == "b"
    assert find(asked, "div", id=hint).words.strip() == "short"
    assert (box.attributes["maxlength"], box.attributes["aria-required"]) == ("20", "true")


def test_an_optional_select_can_be_emptied_and_a_required_one_cannot() -> None:
    element = {"type": "static_select", "options": OPTIONS}
    assert "disabled" not in find(asking(element, optional=True), "option", value="").attributes
    assert "disabled" in find(asking(element), "option", value="").attributes


def test_two_renderings_of_one_field_have_different_ids() -> None:
    element = {"type": "plain_text_input"}
    first, second = (find(asking(element, Look(scope=scope)), "input") for scope in ("messages", "thread"))
    assert first.attributes["id"] != second.attributes["id"]


def test_an_uploaded_image_comes_from_the_page_itself() -> None:
    image = find(page({"type": "image", "block_id": "b", "alt_text": "chart", "slack_file": {"id": "F1"}}), "img")
    assert (image.attributes["src"], image.attributes["alt"]) == ("/page/files/F1", "chart")


@pytest.mark.parametrize("source", [{"slack_file": {"id": "F9"}}, {"image_url": "javascript:alert(1)"}])
def test_an_image_that_cannot_be_had_says_what_it_would_show(source: Block) -> None:
    gone = find(page({"type": "image", "block_id": "b", "alt_text": "chart", **source}), "span", role="img")
    assert gone.words == "chart"


def test_a_table_begins_with_its_heads_and_keeps_its_columns() -> None:
    rows = [[{"type": "raw_text", "text": text} for text in row] for row in ("AB", "12")]
    table = page({"type": "table", "block_id": "b", "rows": rows, "column_settings": [{}, {"align": "right"}]})
    cells = [(each.tag, each.words, each.attributes["class"]) for each in table.every() if each.tag in {"th", "td"}]
    assert cells == [("th", "A", "bk-left"), ("th", "B", "bk-right"), ("td", "1", "bk-left"), ("td", "2", "bk-right")]


def test_a_block_that_cannot_be_drawn_says_so() -> None:
    assert "can't draw a block of the kind video" in page({"type": "video", "block_id": "b"}).words
