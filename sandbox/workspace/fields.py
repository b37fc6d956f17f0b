"""The fields of a modal or message: what they hold at first, what a person puts in, and what Slack's client refuses."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sandbox.workspace.blockkit.elements import options_of
from sandbox.workspace.blockkit.judge import elements_of
from sandbox.workspace.errors import NotOnTheScreen
from sandbox.workspace.model import Json
from sandbox.workspace.stamps import Stamps

_TYPED = ("value", "initial_value")
_OPTION = ("selected_option", "initial_option")
_OPTIONS = ("selected_options", "initial_options")
_KEYS: Mapping[str, tuple[str, str]] = {
    "plain_text_input": _TYPED,
    "number_input": _TYPED,
    "email_text_input": _TYPED,
    "url_text_input": _TYPED,
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": _OPTION,
    "external_select": _OPTION,
    "radio_buttons": _OPTION,
    "multi_static_select": _OPTIONS,
    "multi_external_select": _OPTIONS,
    "checkboxes": _OPTIONS,
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
}
"""For each element with a value: its key in `state.values`, and the key of its first value in the element."""

_WITHOUT_STATE: Mapping[str, str] = {"overflow": "selected_option"}
_TEXT_MOST = 3000

Offers = Mapping[str, Sequence[Json]]
"""What a person may choose beside the options that stand in an element, by the element's path."""

NOTHING_MORE: Offers = MappingProxyType({})


def with_ids(blocks: Sequence[Json], stamps: Stamps) -> list[Json]:
    """The blocks with the block ids and action ids that Slack gives where the bot gave none."""
    return [_with_ids(block, stamps) for block in blocks]


def initial_answers(blocks: Sequence[Json]) -> Json:
    """`state.values` of a view or message that nobody has touched."""
    answers: Json = {}
    for block in blocks:
        for element in elements_of(block):
            if element["type"] in _KEYS:
                key, initial = _KEYS[element["type"]]
                value = element.get(initial, [] if key.endswith("s") else None)
                answers.setdefault(block["block_id"], {})[element["action_id"]] = {"type": element["type"], key: value}
    return answers


def filled(blocks: Sequence[Json], answers: Json, values: Mapping[str, Any], offered: Offers = NOTHING_MORE) -> Json:
    """The answers after a person put in values, each named by label, block id, action id or path."""
    new = {block_id: dict(fields) for block_id, fields in answers.items()}
    for named, value in values.items():
        block, element = _field(blocks, named)
        new.setdefault(block["block_id"], {})[element["action_id"]] = answer(
            element, value, offered.get(path(block, element), ())
        )
    return new


def answer(element: Json, value: Any, offered: Sequence[Json] = ()) -> Json:
    """What an element holds once a person chose or typed `value`; an option is named by its value or its text."""
    kind = element["type"]
    key = _WITHOUT_STATE.get(kind) or _KEYS[kind][0]
    if value in (None, ""):
        return {"type": kind, key: [] if key.endswith("s") else None}
    if key == "selected_option":
        return {"type": kind, key: _option(element, str(value), offered)}
    if key == "selected_options":
        return {"type": kind, key: [_option(element, str(item), offered) for item in value]}
    return {"type": kind, key: value}


def path(block: Json, element: Json) -> str:
    """The one name of an element that no other element of the message or modal has."""
    return f"{block['block_id']}/{element['action_id']}"


def takes_value(element: Json) -> bool:
    """Whether using the element means choosing or typing something, rather than pressing it."""
    return element["type"] in _KEYS or element["type"] in _WITHOUT_STATE


def complaints(blocks: Sequence[Json], answers: Json) -> dict[str, str]:
    """What Slack's client refuses to submit, by block id: empty required fields, texts too short or too long."""
    found: dict[str, str] = {}
    for block in blocks:
        if block["type"] == "input":
            element = block["element"]
            value = answers[block["block_id"]][element["action_id"]][_KEYS[element["type"]][0]]
            for complaint in _complaints(block, element, value):
                found.setdefault(block["block_id"], complaint)
    return found


def _complaints(block: Json, element: Json, value: Any) -> Iterator[str]:
    if value in (None, "", []):
        if not block.get("optional", False):
            yield "Please complete this required field."
        return
    if isinstance(value, list) and len(value) > element.get("max_selected_items", len(value)):
        yield f"Please choose no more than {element['max_selected_items']}."
    if element["type"] == "plain_text_input":
        if len(value) < element.get("min_length", 0):
            yield f"Please enter at least {element['min_length']} characters."
        if len(value) > element.get("max_length", _TEXT_MOST):
            yield f"Please enter no more than {element.get('max_length', _TEXT_MOST)} characters."
    if element["type"] == "number_input" and not value.removeprefix("-").replace(".", "", 1).isdigit():
        yield "Please enter a number."
    if element["type"] == "email_text_input" and "@" not in value:
        yield "Please enter a valid email address."


def _option(element: Json, named: str, offered: Sequence[Json]) -> Json:
    options = [*options_of(element), *offered, *_chosen_at_first(element)]
    by_value = [option for option in options if option["value"] == named]
    for option in [*by_value, *(option for option in options if option["text"]["text"] == named)]:
        return option
    labels = ", ".join(option["text"]["text"] for option in options) or "nothing, until the bot is asked for options"
    raise NotOnTheScreen(f"There is no option {named} to choose. Offered: {labels}.")


def _chosen_at_first(element: Json) -> list[Json]:
    """A select whose options are looked up may begin with some that nobody looked up."""
    one = [element["initial_option"]] if "initial_option" in element else []
    return [*one, *element.get("initial_options", [])]


def _field(blocks: Sequence[Json], named: str) -> tuple[Json, Json]:
    fields = [(block, element) for block in blocks for element in elements_of(block) if element["type"] in _KEYS]
    for block, element in fields:
        label = block.get("label", {}).get("text")
        if named in {path(block, element), block["block_id"], element["action_id"], label}:
            return block, element
    labels = [block.get("label", {}).get("text") or block["block_id"] for block, _ in fields]
    raise NotOnTheScreen(f"There is no field {named} here. Fields: {', '.join(labels) or 'none'}.")


def _with_ids(block: Json, stamps: Stamps) -> Json:
    named: Json = {"block_id": stamps.id("b"), **block}
    for key in ("accessory", "element"):
        if key in named:
            named[key] = _with_action_id(named[key], stamps)
    if named["type"] == "actions":
        named["elements"] = [_with_action_id(element, stamps) for element in named["elements"]]
    return named


def _with_action_id(element: Json, stamps: Stamps) -> Json:
    return element if element["type"] == "image" else {"action_id": stamps.id("a"), **element}
