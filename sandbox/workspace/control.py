"""Calls over HTTP for people and tests: what they see, what they do, and what goes wrong on request."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from billing.errors import WrongInput
from sandbox.workspace import sockets_control
from sandbox.workspace.errors import NotInThisWorkspace
from sandbox.workspace.interactions import Interactions
from sandbox.workspace.model import Json
from sandbox.workspace.records import Answer, MessageSeen, Suggested, file_seen, message_seen, view_seen
from sandbox.workspace.sending import sender_of
from sandbox.workspace.state import Workspace
from sandbox.workspace.troubles import Kind, Trouble
from sandbox.workspace.wishes import Wishes

Seen = Json | list[Json]
Handler = TypeVar("Handler")


def routes(workspace: Workspace) -> list[Route]:
    """What people and tests reach, all below `/control/`."""

    async def look(request: Request) -> Response:
        seen = _named(_LOOKS, request.path_params["what"])
        return JSONResponse(seen(workspace, Wishes(request.query_params)))

    async def change(request: Request) -> Response:
        changed = _named(_CHANGES, request.path_params["what"])
        return JSONResponse(changed(workspace, Wishes.of(await request.body())))

    async def do(request: Request) -> Response:
        done = _named(_DEEDS, request.path_params["what"])
        sender = sender_of(workspace, request.state.http)
        person = Interactions(workspace, sender, str(request.base_url).rstrip("/"))
        return JSONResponse(asdict(await done(person, Wishes.of(await request.body()))))

    async def connections(request: Request) -> Response:
        wishes = Wishes.of(await request.body())
        return JSONResponse(await sockets_control.change(workspace, request.path_params["deed"], wishes))

    async def content(request: Request) -> Response:
        file = workspace.files.get(request.path_params["file_id"])
        # The file came from a bot; a browser should keep it, never show it as a page of ours.
        headers = {"Content-Disposition": "attachment"}
        return Response(file.content, media_type="application/octet-stream", headers=headers)

    return [
        Route("/control/files/{file_id}", content),
        Route("/control/do/{what}", do, methods=["POST"]),
        Route("/control/connections/{deed}", connections, methods=["POST"]),
        Route("/control/{what}", look, methods=["GET"]),
        Route("/control/{what}", change, methods=["POST"]),
    ]


async def refuse(_request: Request, wrong: Exception) -> Response:
    """A wish that can't be met: HTTP 400 with the reason as a sentence."""
    return JSONResponse({"error": str(wrong)}, status_code=400)


def _named(table: Mapping[str, Handler], name: str) -> Handler:
    if name not in table:
        raise NotInThisWorkspace(f"There is no control call {name}; there are {', '.join(table)}.")
    return table[name]


def _state(workspace: Workspace, _wishes: Wishes) -> Seen:
    return {
        "users": [asdict(user) for user in workspace.places.users.values()],
        "groups": {group: list(users) for group, users in workspace.places.groups.items()},
        "channels": [asdict(channel) for channel in workspace.places.channels.values()],
        "messages": [asdict(message_seen(message)) for message in workspace.messages.all()],
        "views": [asdict(view_seen(view)) for view in workspace.screens.all()],
        "homes": [asdict(view_seen(view)) for view in workspace.screens.homes.values()],
        "files": [asdict(file_seen(file)) for file in workspace.files.all()],
        "calls": [asdict(call) for call in workspace.calls],
        "deliveries": [asdict(delivery) for delivery in workspace.deliveries],
        "troubles": [asdict(trouble) for trouble in workspace.troubles.all()],
    }


def _messages(workspace: Workspace, wishes: Wishes) -> Seen:
    channel = workspace.places.channel(wishes.required("channel"))
    viewer = wishes.get("viewer")
    viewer_id = workspace.places.user(viewer).id if viewer else None
    return [asdict(message_seen(one)) for one in workspace.messages.in_channel(channel.id, viewer_id)]


def _views(workspace: Workspace, wishes: Wishes) -> Seen:
    user = workspace.places.user(wishes.required("user"))
    return [asdict(view_seen(view)) for view in workspace.screens.stack(user.id)]


def _home(workspace: Workspace, wishes: Wishes) -> Seen:
    user = workspace.places.user(wishes.required("user"))
    return asdict(view_seen(workspace.screens.home(user.id)))


def _files(workspace: Workspace, _wishes: Wishes) -> Seen:
    return [asdict(file_seen(file)) for file in workspace.files.all()]


def _add_user(workspace: Workspace, wishes: Wishes) -> Seen:
    name = wishes.required("name")
    return asdict(workspace.places.add_user(name, wishes.get("real_name"), wishes.get("id")))


def _add_channel(workspace: Workspace, wishes: Wishes) -> Seen:
    return asdict(
        workspace.places.add_channel(
            wishes.required("name"),
            wishes.get("id"),
            is_member=wishes.get("is_member", True),
            is_private=wishes.get("is_private", False),
        )
    )


def _set_group(workspace: Workspace, wishes: Wishes) -> Seen:
    users = tuple(workspace.places.user(user).id for user in wishes.required("users"))
    workspace.places.groups[wishes.required("id")] = users
    return {"users": list(users)}


def _set_bot(workspace: Workspace, wishes: Wishes) -> Seen:
    workspace.request_url = wishes.get("request_url")
    return {"request_url": workspace.request_url}


def _set_membership(workspace: Workspace, wishes: Wishes) -> Seen:
    is_member = wishes.required("is_member")
    return asdict(workspace.places.set_membership(wishes.required("channel"), is_member=is_member))


def _delete(workspace: Workspace, wishes: Wishes) -> Seen:
    channel = workspace.places.channel(wishes.required("channel"))
    message = workspace.messages.get(channel.id, wishes.required("ts"))
    workspace.messages.delete(message)
    return asdict(message_seen(message))


def _add_trouble(workspace: Workspace, wishes: Wishes) -> Seen:
    kind = wishes.required("kind")
    if kind not in set(Kind):
        raise WrongInput(f"There is no trouble of the kind {kind}; there are {', '.join(Kind)}.")
    chosen = {name: wishes.get(name) for name in ("count", "seconds", "error") if wishes.get(name) is not None}
    workspace.troubles.add(Trouble(wishes.required("method"), Kind(kind), **chosen))
    return [asdict(trouble) for trouble in workspace.troubles.all()]


def _set_limits(workspace: Workspace, wishes: Wishes) -> Seen:
    speed = wishes.get("speed")
    workspace.limits.hold(speed)
    return {"speed": speed}


def _refuse_blocks(workspace: Workspace, wishes: Wishes) -> Seen:
    workspace.refused_blocks = frozenset(wishes.required("refused"))
    return {"refused": sorted(workspace.refused_blocks)}


def _calm(workspace: Workspace, _wishes: Wishes) -> Seen:
    workspace.troubles.clear()
    return []


async def _command(person: Interactions, wishes: Wishes) -> Answer:
    return await person.command(
        wishes.required("user"), wishes.required("channel"), wishes.required("command"), wishes.get("text", "")
    )


async def _act(person: Interactions, wishes: Wishes) -> Answer:
    return await person.act(
        wishes.required("user"),
        wishes.required("channel"),
        wishes.required("ts"),
        wishes.required("named"),
        value=wishes.get("value"),
        edition=wishes.get("edition"),
    )


async def _act_in_view(person: Interactions, wishes: Wishes) -> Answer:
    return await person.act_in_view(wishes.required("user"), wishes.required("named"), value=wishes.get("value"))


async def _act_at_home(person: Interactions, wishes: Wishes) -> Answer:
    return await person.act_at_home(wishes.required("user"), wishes.required("named"), value=wishes.get("value"))


async def _open_home(person: Interactions, wishes: Wishes) -> Answer:
    await person.open_home(wishes.required("user"))
    return Answer()


async def _say(person: Interactions, wishes: Wishes) -> MessageSeen:
    said = await person.say(
        wishes.required("user"),
        wishes.required("channel"),
        wishes.required("text"),
        wishes.get("thread_ts"),
        is_bot=wishes.get("is_bot", False),
    )
    return message_seen(said)


async def _verify(person: Interactions, _wishes: Wishes) -> Answer:
    return Answer() if await person.verify() else Answer(error="url_verification_failed")


async def _suggest(person: Interactions, wishes: Wishes) -> Suggested:
    return await person.suggest(
        wishes.required("user"),
        wishes.required("named"),
        wishes.get("query", ""),
        channel=wishes.get("channel"),
        ts=wishes.get("ts"),
    )


async def _fill(person: Interactions, wishes: Wishes) -> Answer:
    person.fill(wishes.required("user"), wishes.get("values", {}))
    return Answer()


async def _submit(person: Interactions, wishes: Wishes) -> Answer:
    return await person.submit(wishes.required("user"), wishes.get("values", {}))


async def _close(person: Interactions, wishes: Wishes) -> Answer:
    return await person.close(wishes.required("user"))


_LOOKS: Mapping[str, Callable[[Workspace, Wishes], Seen]] = {
    "state": _state,
    "messages": _messages,
    "views": _views,
    "home": _home,
    "files": _files,
    "connections": sockets_control.look,
}
_CHANGES: Mapping[str, Callable[[Workspace, Wishes], Seen]] = {
    "users": _add_user,
    "channels": _add_channel,
    "groups": _set_group,
    "bot": _set_bot,
    "membership": _set_membership,
    "delete": _delete,
    "troubles": _add_trouble,
    "limits": _set_limits,
    "blocks": _refuse_blocks,
    "calm": _calm,
}
_DEEDS: Mapping[str, Callable[[Interactions, Wishes], Awaitable[Answer | Suggested | MessageSeen]]] = {
    "command": _command,
    "act": _act,
    "act-in-view": _act_in_view,
    "act-at-home": _act_at_home,
    "open-home": _open_home,
    "say": _say,
    "verify": _verify,
    "suggest": _suggest,
    "fill": _fill,
    "submit": _submit,
    "close": _close,
}
