"""What fields hold at first and once a person used them, as Slack writes it in `state.values`."""

from typing import Any

import pytest

from sandbox.workspace.errors import NotOnTheScreen
from sandbox.workspace.fields import answer, complaints, filled, initial_answers

Block = dict[str, Any]

OPTIONS = [{"text": {"type": "plain_text", "text": name}, "value": name.lower()} for name in ("Acme", "Bolt")]
ACME, BOLT = OPTIONS


def field(block_id: str, element: Block, **more: Any) -> Block:
    label = {"type": "plain_text", "text": block_id.title()}
    return {"type": "input", "block_id": block_id, "label": label, "element": {"action_id": "a", **element}, **more}


def held(element: Block) -> Block:
    answers = initial_answers([field("only", element)])
    return dict(answers["only"]["a"])


@pytest.mark.parametrize(
    ("element", "holds"),
    [
        ({"type": "plain_text_input"}, {"value": None}),
        ({"type": "plain_text_input", "initial_value": "x"}, {"value": "x"}),
        ({"type": "static_select", "options": OPTIONS, "initial_option": BOLT}, {"selected_option": BOLT}),
        ({"type": "checkboxes", "options": OPTIONS}, {"selected_options": []}),
        ({"type": "datepicker", "initial_date": "2027-05-01"}, {"selected_date": "2027-05-01"}),
        ({"type": "users_select"}, {"selected_user": None}),
    ],
)
def test_an_untouched_field_holds_its_first_value(element: Block, holds: Block) -> None:
    assert held(element) == {"type": element["type"], **holds}


@pytest.mark.parametrize(
    ("element", "value", "holds"),
    [
        ({"type": "plain_text_input"}, "why", {"value": "why"}),
        ({"type": "static_select", "options": OPTIONS}, "Bolt", {"selected_option": BOLT}),
        ({"type": "radio_buttons", "options": OPTIONS}, "acme", {"selected_option": ACME}),
        ({"type": "static_select", "option_groups": [{"options": OPTIONS}]}, "Acme", {"selected_option": ACME}),
        ({"type": "static_select", "options": OPTIONS}, None, {"selected_option": None}),
        ({"type": "static_select", "options": OPTIONS}, "", {"selected_option": None}),
        ({"type": "plain_text_input"}, "", {"value": None}),
        ({"type": "checkboxes", "options": OPTIONS}, ["Acme", "Bolt"], {"selected_options": [ACME, BOLT]}),
        ({"type": "datepicker"}, "2027-05-01", {"selected_date": "2027-05-01"}),
        ({"type": "multi_users_select"}, ["U1"], {"selected_users": ["U1"]}),
        ({"type": "overflow", "options": OPTIONS}, "Acme", {"selected_option": ACME}),
    ],
)
def test_a_used_field_holds_what_was_chosen(element: Block, value: object, holds: Block) -> None:
    assert answer(element, value) == {"type": element["type"], **holds}


@pytest.mark.parametrize("named", ["reason", "Reason", "reason/a"])
def test_a_field_goes_by_block_id_label_or_path(named: str) -> None:
    blocks = [field("other", {"type": "plain_text_input"}), field("reason", {"type": "plain_text_input"})]
    answers = filled(blocks, initial_answers(blocks), {named: "early"})
    assert (answers["reason"]["a"]["value"], answers["other"]["a"]["value"]) == ("early", None)


def test_an_external_select_has_nothing_to_offer_before_the_bot_was_asked() -> None:
    with pytest.raises(NotOnTheScreen, match="Offered: nothing, until the bot is asked for options"):
        answer({"type": "external_select"}, "Acme")


def test_an_external_select_may_keep_what_it_begins_with() -> None:
    element = {"type": "external_select", "initial_option": ACME}
    assert answer(element, "acme") == {"type": "external_select", "selected_option": ACME}


def test_a_value_goes_before_a_text_that_reads_alike() -> None:
    misleading = {"text": {"type": "plain_text", "text": "bolt"}, "value": "other"}
    element = {"type": "static_select", "options": [misleading, BOLT]}
    assert answer(element, "bolt")["selected_option"] == BOLT


@pytest.mark.parametrize(
    ("element", "value", "complaint"),
    [
        ({"type": "plain_text_input"}, None, "Please complete this required field."),
        ({"type": "checkboxes", "options": OPTIONS}, [], "Please complete this required field."),
        ({"type": "plain_text_input", "min_length": 5}, "four", "Please enter at least 5 characters."),
        ({"type": "number_input"}, "1O", "Please enter a number."),
        (
            {"type": "multi_static_select", "options": OPTIONS, "max_selected_items": 1},
            ["acme", "bolt"],
            "Please choose no more than 1.",
        ),
        ({"type": "email_text_input"}, "ann", "Please enter a valid email address."),
    ],
)
def test_slacks_client_complains_below_the_field(element: Block, value: object, complaint: str) -> None:
    blocks = [field("only", element)]
    answers = filled(blocks, initial_answers(blocks), {"only": value})
    assert complaints(blocks, answers) == {"only": complaint}


@pytest.mark.parametrize(
    ("element", "value"),
    [
        ({"type": "number_input"}, "-12.50"),
        ({"type": "email_text_input"}, "ann@acme.example"),
        ({"type": "plain_text_input", "min_length": 4, "max_length": 4}, "four"),
    ],
)
def test_slacks_client_is_content_with_good_values(element: Block, value: object) -> None:
    blocks = [field("only", element)]
    assert complaints(blocks, filled(blocks, initial_answers(blocks), {"only": value})) == {}


def test_an_optional_field_may_stay_empty() -> None:
    blocks = [field("only", {"type": "plain_text_input"}, optional=True)]
    assert complaints(blocks, initial_answers(blocks)) == {}
