"""Selects whose options the bot looks up: when Slack asks it, and what Slack makes of its answer."""

from sandbox.workspace.blockkit.elements import suggestion_faults
from sandbox.workspace.errors import NotOnTheScreen
from sandbox.workspace.model import Json
from sandbox.workspace.records import Suggested
from sandbox.workspace.sending import Acknowledgement

_EXTERNAL = ("external_select", "multi_external_select")
_MIN_QUERY_DEFAULT = 3


def is_asked(element: Json, named: str, query: str) -> bool:
    """Whether enough was typed for Slack to ask the bot; NotOnTheScreen when the element's options are not looked up.

    Unless the bot says otherwise, Slack waits for three characters.
    """
    if element["type"] not in _EXTERNAL:
        raise NotOnTheScreen(f"The options of {named} are not looked up; they stand in it.")
    return len(query) >= int(element.get("min_query_length", _MIN_QUERY_DEFAULT))


def suggested(acknowledgement: Acknowledgement) -> Suggested:
    """The options in the bot's answer; none, with an error, when Slack could not use it."""
    seconds = acknowledgement.seconds
    if acknowledgement.error is not None:
        return Suggested(seconds, acknowledgement.error)
    said = acknowledgement.structure()
    if faults := suggestion_faults(said):
        return Suggested(seconds, "invalid_response", messages=faults)
    given = said or {}
    return Suggested(seconds, options=given.get("options", []), option_groups=given.get("option_groups", []))
