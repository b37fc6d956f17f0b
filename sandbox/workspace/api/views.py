"""The `views.*` methods."""

from typing import Any

from sandbox.workspace.api.arguments import Arguments
from sandbox.workspace.errors import SlackRefusal
from sandbox.workspace.model import Json, View
from sandbox.workspace.pictures import check_pictures
from sandbox.workspace.state import Workspace
from sandbox.workspace.wire import view_json


def open_view(workspace: Workspace, arguments: Arguments) -> Json:
    """`views.open`."""
    user = workspace.triggers.exchange(arguments.required("trigger_id"))
    return _shown(workspace.screens.open(user, _view(workspace, arguments)))


def push(workspace: Workspace, arguments: Arguments) -> Json:
    """`views.push`."""
    user = workspace.triggers.exchange(arguments.required("trigger_id"))
    return _shown(workspace.screens.push(user, _view(workspace, arguments)))


def update(workspace: Workspace, arguments: Arguments) -> Json:
    """`views.update`, by view id or external id, guarded by the hash if one is given."""
    view = workspace.screens.find(arguments.text("view_id"), arguments.text("external_id"))
    return _shown(workspace.screens.update(view, _view(workspace, arguments), arguments.text("hash")))


def publish(workspace: Workspace, arguments: Arguments) -> Json:
    """`views.publish`, guarded by the hash if one is given."""
    if not workspace.has_home_tab:
        raise SlackRefusal("not_enabled")
    user = arguments.required("user_id")
    if user not in workspace.places.users:
        raise SlackRefusal("user_not_found")
    return _shown(workspace.screens.publish(user, _view(workspace, arguments), arguments.text("hash")))


def _view(workspace: Workspace, arguments: Arguments) -> Any:
    arguments.required("view")
    view = arguments.structure("view")
    check_pictures(workspace, view, "/view", "invalid_arguments")
    return view


def _shown(view: View) -> Json:
    return {"view": view_json(view)}
