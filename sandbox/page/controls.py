"""The usable elements of blocks: what a template needs to draw one, and what the page's script reads from it."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from sandbox.page.look import Look
from sandbox.page.mrkdwn import mrkdwn, plain
from sandbox.workspace.blockkit.elements import options_of
from sandbox.workspace.fields import initial_answers, path
from sandbox.workspace.model import Json

_PEOPLE = ("users_select", "multi_users_select")
_CHANNELS = ("channels_select", "multi_channels_select")
_PLACES = ("conversations_select", "multi_conversations_select")
_MANY = ("checkboxes",)
# What a filter may include; the pretend workspace has no messages among several people.
_CHANNEL_KINDS = {"public", "private"}
_EVERY_PLACE = (*_CHANNEL_KINDS, "im", "mpim")


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be chosen: `label` is drawn, `text` is the same in a place that takes no elements."""

    value: str
    text: str
    label: Markup
    description: Markup | None
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """Choices under a label, or under none."""

    label: str | None
    choices: tuple[Choice, ...]


def attributes(block: Json, element: Json) -> dict[str, str]:
    """What the page's script reads: the element's path, whether it acts or is submitted, and what to ask before."""
    named = path(block, element)
    is_field = block["type"] == "input"
    found = {"data-control": named}
    if is_field:
        found["data-field"] = named
    if not is_field or block.get("dispatch_action"):
        found["data-act"] = "press" if element["type"] == "button" else "choose"
    if element["type"].startswith("multi_") or element["type"] in _MANY:
        found["data-many"] = ""
    if "accessibility_label" in element:
        found["aria-label"] = element["accessibility_label"]
    return {**found, **_confirmation(element)}


def labelled(block: Json, element: Json, look: Look) -> dict[str, str]:
    """The attributes of an element that is one control: those above, and what a screen reader says of it."""
    own_id = element_id(block, element, look)
    found = {"id": own_id, **attributes(block, element)}
    if block["type"] != "input":
        return {**found, "aria-label": prompt(element, "Choose")}
    described = [f"{own_id}-complaint", *([f"{own_id}-hint"] if "hint" in block else [])]
    required = {} if block.get("optional") else {"aria-required": "true"}
    focused = {"data-focus": ""} if element.get("focus_on_load") else {}
    return {**found, "aria-describedby": " ".join(described), **required, **focused}


def prompt(element: Json, otherwise: str) -> str:
    """The placeholder, or something to say in its place."""
    return str(element.get("placeholder", {}).get("text") or otherwise)


def is_group(element: Json) -> bool:
    """Whether the element is drawn as several controls, which a label can't name by one id."""
    kind = element["type"]
    return kind in {"radio_buttons", "checkboxes"} or (kind.startswith("multi_") and kind != "multi_external_select")


def _confirmation(element: Json) -> dict[str, str]:
    asked = element.get("confirm")
    if asked is None:
        return {}
    found = {
        "data-confirm-title": asked["title"]["text"],
        "data-confirm-text": asked["text"]["text"],
        "data-confirm-ok": asked["confirm"]["text"],
        "data-confirm-no": asked["deny"]["text"],
    }
    return {**found, "data-confirm-style": asked["style"]} if "style" in asked else found


def element_id(block: Json, element: Json, look: Look) -> str:
    """An id that is its own on the page, however strange the bot's ids are."""
    digest = hashlib.sha256(f"{look.scope}/{path(block, element)}".encode()).hexdigest()
    return f"bk-{digest[:16]}"


def held(block: Json, element: Json, look: Look) -> Any:
    """What the element holds: what was put in, or else its first value; an option, a list, a text or None."""
    first = initial_answers([block]).get(block["block_id"], {}).get(element["action_id"], {})
    put_in = look.answers.get(block["block_id"], {}).get(element["action_id"], first)
    return next((value for key, value in put_in.items() if key != "type"), None)


def choices(block: Json, element: Json, look: Look) -> list[Choices]:
    """Everything that an element offers, in groups."""
    chosen = _values(held(block, element, look))
    return list(_offered(element, look, chosen))


def chosen(block: Json, element: Json, look: Look) -> list[Choice]:
    """The chosen options of a select whose options the bot looks up."""
    options = held(block, element, look) or []
    listed = options if isinstance(options, list) else [options]
    return [_choice(option, look, _values(listed)) for option in listed]


def _offered(element: Json, look: Look, chosen: frozenset[str]) -> Iterator[Choices]:
    kind = element["type"]
    if kind in _PEOPLE:
        yield _named(None, look.people, chosen)
    elif kind in _CHANNELS:
        yield _named(None, look.channels, chosen, "#")
    elif kind in _PLACES:
        included = set(element.get("filter", {}).get("include", _EVERY_PLACE))
        if included & _CHANNEL_KINDS:
            yield _named("Channels", look.channels, chosen, "#")
        if "im" in included:
            yield _named("People", look.people, chosen)
    elif "option_groups" in element:
        for group in element["option_groups"]:
            yield Choices(group["label"]["text"], _listed(group["options"], look, chosen))
    else:
        yield Choices(None, _listed(options_of(element), look, chosen))


def _named(label: str | None, names: Mapping[str, str], chosen: frozenset[str], sign: str = "") -> Choices:
    made = (
        Choice(value, f"{sign}{name}", Markup("{}<bdi>{}</bdi>").format(sign, name), None, value in chosen)
        for value, name in names.items()
    )
    return Choices(label, tuple(made))


def _listed(options: Sequence[Json], look: Look, chosen: frozenset[str]) -> tuple[Choice, ...]:
    return tuple(_choice(option, look, chosen) for option in options)


def _choice(option: Json, look: Look, chosen: frozenset[str]) -> Choice:
    description = option.get("description")
    return Choice(
        option["value"],
        option["text"]["text"],
        text_of(option["text"], look),
        text_of(description, look) if description else None,
        option["value"] in chosen,
    )


def _values(what: Any) -> frozenset[str]:
    listed = what if isinstance(what, list) else [what]
    return frozenset(each["value"] if isinstance(each, dict) else str(each) for each in listed if each is not None)


def text_of(text: Json, look: Look) -> Markup:
    """A text object of either kind."""
    if text["type"] == "mrkdwn":
        return mrkdwn(text["text"], look)
    return plain(text["text"], with_emoji=text.get("emoji", False))
