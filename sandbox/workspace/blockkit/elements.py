"""The interactive elements of Block Kit and where each may stand."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from sandbox.workspace.blockkit.shapes import (
    FLAG,
    ByType,
    Characters,
    Choice,
    ListOf,
    Rule,
    Shape,
    Unjudged,
    Whole,
    any_text,
    plain_text,
)

URL = Characters(3000)
_ACTION_ID = Characters(255)
_BUTTON_STYLE = Choice(("primary", "danger"))
_NUMBER = Characters(255)

_CONFIRM = Shape(
    {"title": plain_text(100), "text": any_text(300), "confirm": plain_text(30), "deny": plain_text(30)},
    {"style": _BUTTON_STYLE},
)


def _option(label: Rule) -> Shape:
    return Shape({"text": label, "value": Characters(150)}, {"description": plain_text(75)})


_SELECT_OPTION = _option(plain_text(75))
_CHOICE_OPTION = _option(any_text(75))
_OVERFLOW_OPTION = Shape(_SELECT_OPTION.required, {**_SELECT_OPTION.optional, "url": URL})
_OPTION_GROUP = Shape({"label": plain_text(75), "options": ListOf(_SELECT_OPTION, 100)})
_LISTS = ("options", "option_groups")
_SELECT_LISTS: Mapping[str, Rule] = {
    "options": ListOf(_SELECT_OPTION, 100),
    "option_groups": ListOf(_OPTION_GROUP, 100),
}


_SUGGESTIONS = Shape(
    {}, {"options": ListOf(_SELECT_OPTION, 100, 0), "option_groups": ListOf(_OPTION_GROUP, 100, 0)}, _LISTS
)


def suggestion_faults(answer: object) -> list[str]:
    """What is wrong with a bot's answer to a `block_suggestion`, in Slack's words; empty when nothing is."""
    return list(_SUGGESTIONS.faults(answer, ""))


def options_of(element: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The options of an element, those within groups included."""
    grouped = [option for group in element.get("option_groups", []) for option in group.get("options", [])]
    return [*element.get("options", []), *grouped]


def _initial_is_offered(element: dict[str, Any]) -> Iterator[str]:
    initial = [*element.get("initial_options", [])]
    if "initial_option" in element:
        initial.append(element["initial_option"])
    if any(option not in options_of(element) for option in initial):
        yield "initial option must exactly match one of the options"
    yield from _one_of(*_LISTS)(element)


def _one_of(*keys: str) -> Callable[[dict[str, Any]], Iterator[str]]:
    def both_are_there(given: dict[str, Any]) -> Iterator[str]:
        if all(key in given for key in keys):
            yield f"only one of {' and '.join(keys)} allowed"

    return both_are_there


_COMMON: Mapping[str, Rule] = {"action_id": _ACTION_ID}
_FOCUSED: Mapping[str, Rule] = {**_COMMON, "focus_on_load": FLAG}
_PICKED: Mapping[str, Rule] = {**_FOCUSED, "confirm": _CONFIRM, "placeholder": plain_text(150)}
_MULTI: Mapping[str, Rule] = {**_PICKED, "max_selected_items": Whole(100, 1)}
_TYPED: Mapping[str, Rule] = {
    **_FOCUSED,
    "placeholder": plain_text(150),
    "initial_value": Characters(3000, 0),
    "dispatch_action_config": Unjudged(),
}

_SLACK_FILE = Shape({}, {"id": _ACTION_ID, "url": URL}, ("id", "url"), _one_of("id", "url"))
_PICTURE: Mapping[str, Rule] = {"image_url": URL, "slack_file": _SLACK_FILE}
PICTURE_FROM = ("image_url", "slack_file")
"""An image comes from one of the two: from the public web, or from a file that was uploaded to Slack."""


def image(optional: Mapping[str, Rule] = MappingProxyType({})) -> Shape:
    """An image as a block or as an element."""
    return Shape({"alt_text": Characters(2000)}, {**_PICTURE, **optional}, PICTURE_FROM, _one_of(*PICTURE_FROM))


BUTTON = Shape(
    {"text": plain_text(75)},
    {
        **_COMMON,
        "url": URL,
        "value": Characters(2000),
        "style": _BUTTON_STYLE,
        "confirm": _CONFIRM,
        "accessibility_label": Characters(75),
    },
)
IMAGE_ELEMENT = image()
_SINGLE_SELECTS: Mapping[str, Shape] = {
    "static_select": Shape(
        {},
        {**_PICKED, **_SELECT_LISTS, "initial_option": _SELECT_OPTION},
        _LISTS,
        _initial_is_offered,
    ),
    "external_select": Shape({}, {**_PICKED, "initial_option": _SELECT_OPTION, "min_query_length": Whole(3000)}),
    "users_select": Shape({}, {**_PICKED, "initial_user": Characters(255)}),
    "conversations_select": Shape(
        {},
        {
            **_PICKED,
            "initial_conversation": Characters(255),
            "default_to_current_conversation": FLAG,
            "response_url_enabled": FLAG,
            "filter": Unjudged(),
        },
    ),
    "channels_select": Shape({}, {**_PICKED, "initial_channel": Characters(255), "response_url_enabled": FLAG}),
}
_MULTI_SELECTS: Mapping[str, Shape] = {
    "multi_static_select": Shape(
        {},
        {**_MULTI, **_SELECT_LISTS, "initial_options": ListOf(_SELECT_OPTION, 100)},
        _LISTS,
        _initial_is_offered,
    ),
    "multi_external_select": Shape(
        {}, {**_MULTI, "initial_options": ListOf(_SELECT_OPTION, 100), "min_query_length": Whole(3000)}
    ),
    "multi_users_select": Shape({}, {**_MULTI, "initial_users": ListOf(Characters(255), 100)}),
    "multi_conversations_select": Shape({}, {**_MULTI, "initial_conversations": ListOf(Characters(255), 100)}),
    "multi_channels_select": Shape({}, {**_MULTI, "initial_channels": ListOf(Characters(255), 100)}),
}
_TICKED: Mapping[str, Shape] = {
    "checkboxes": Shape(
        {"options": ListOf(_CHOICE_OPTION, 10)},
        {**_FOCUSED, "confirm": _CONFIRM, "initial_options": ListOf(_CHOICE_OPTION, 10)},
        also=_initial_is_offered,
    ),
    "radio_buttons": Shape(
        {"options": ListOf(_CHOICE_OPTION, 10)},
        {**_FOCUSED, "confirm": _CONFIRM, "initial_option": _CHOICE_OPTION},
        also=_initial_is_offered,
    ),
}
_DAY_AND_TIME: Mapping[str, Shape] = {
    "datepicker": Shape({}, {**_PICKED, "initial_date": Characters(10, 10)}),
    "timepicker": Shape({}, {**_PICKED, "initial_time": Characters(5, 5), "timezone": Characters(255)}),
}
_MOMENT: Mapping[str, Shape] = {
    "datetimepicker": Shape({}, {**_FOCUSED, "confirm": _CONFIRM, "initial_date_time": Whole(9_999_999_999)}),
}
_OVERFLOW: Mapping[str, Shape] = {
    "overflow": Shape({"options": ListOf(_OVERFLOW_OPTION, 5)}, {**_COMMON, "confirm": _CONFIRM}),
}
_FIELDS: Mapping[str, Shape] = {
    "plain_text_input": Shape(
        {}, {**_TYPED, "multiline": FLAG, "min_length": Whole(3000), "max_length": Whole(3000, 1)}
    ),
    "number_input": Shape({"is_decimal_allowed": FLAG}, {**_TYPED, "min_value": _NUMBER, "max_value": _NUMBER}),
    "email_text_input": Shape({}, _TYPED),
    "url_text_input": Shape({}, _TYPED),
    "rich_text_input": Shape({}, {**_TYPED, "initial_value": Unjudged()}),
}

IN_ACTIONS = ByType({"button": BUTTON, **_SINGLE_SELECTS, **_TICKED, **_DAY_AND_TIME, **_MOMENT, **_OVERFLOW})
IN_SECTION = ByType(
    {
        "button": BUTTON,
        "image": IMAGE_ELEMENT,
        **_SINGLE_SELECTS,
        **_MULTI_SELECTS,
        **_TICKED,
        **_DAY_AND_TIME,
        **_OVERFLOW,
    }
)
IN_INPUT = ByType({**_FIELDS, **_SINGLE_SELECTS, **_MULTI_SELECTS, **_TICKED, **_DAY_AND_TIME, **_MOMENT})
