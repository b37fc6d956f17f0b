"""What a bot's answer to a submitted modal does to the screen."""

from sandbox.workspace.errors import SlackRefusal
from sandbox.workspace.model import Json, View
from sandbox.workspace.records import Answer
from sandbox.workspace.screens import Screens
from sandbox.workspace.sending import Acknowledgement


def take_response(screens: Screens, view: View, acknowledgement: Acknowledgement) -> Answer:
    """Close, keep, change, stack or clear, as `response_action` says; what Slack can't use leaves the modal open."""
    seconds = acknowledgement.seconds
    if acknowledgement.error is not None:
        return Answer(seconds, acknowledgement.error, "open")
    said = acknowledgement.structure()
    if said is None:
        return Answer(seconds, "invalid_response", "open")
    try:
        outcome = _taken(screens, view, said)
    except SlackRefusal as refusal:
        return Answer(seconds, refusal.code, "open", messages=list(refusal.messages))
    complaints = said["errors"] if outcome == "open" else {}
    return Answer(seconds, outcome=outcome, complaints=complaints)


def _taken(screens: Screens, view: View, said: Json) -> str:
    match said.get("response_action"):
        case None:
            screens.remove(view)
            return "closed"
        case "errors":
            _check_errors(view, said.get("errors"))
            return "open"
        case "update":
            screens.update(screens.find(view.id, None), said.get("view") or {})
            return "updated"
        case "push":
            screens.push(view.user, said.get("view") or {})
            return "pushed"
        case "clear":
            screens.clear(view.user)
            return "cleared"
        case other:
            raise SlackRefusal("invalid_response", (f"[ERROR] unknown response_action: {other}",))


def _check_errors(view: View, errors: object) -> None:
    inputs = {block["block_id"] for block in view.payload["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
        raise SlackRefusal("invalid_response", ("[ERROR] errors must name input blocks of the modal",))
