"""The Web API, the upload URLs and the response URLs over HTTP, with the bad luck that was asked for."""

import asyncio
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from sandbox.serving import drop_connection
from sandbox.workspace.api.arguments import Arguments
from sandbox.workspace.api.methods import call, refused
from sandbox.workspace.errors import SlackRefusal
from sandbox.workspace.model import Call
from sandbox.workspace.responding import respond
from sandbox.workspace.state import Workspace
from sandbox.workspace.troubles import Kind, Trouble

RESPONSE_URL = "response_url"
UPLOAD = "upload"


def routes(workspace: Workspace) -> list[Route]:
    """What a bot reaches."""

    async def web_api(request: Request) -> Response:
        method = request.path_params["method"]
        try:
            given = dict(request.query_params) | _body(request, await request.body())
        except SlackRefusal as refusal:
            return JSONResponse(refused(refusal))
        scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
        token = bearer if scheme.lower() == "bearer" else given.get("token")
        arguments = Arguments(given, str(request.base_url).rstrip("/"))
        wait = workspace.limits.wait_for(method, arguments.text("channel"))
        if wait is not None:
            workspace.calls.append(Call(method, Kind.RATE_LIMITED))
            return _too_fast(wait)
        # Slack says with each answer what the token is good for.
        headers = {"x-oauth-scopes": ",".join(sorted(workspace.scopes))}
        return await _with_luck(
            workspace, method, request, lambda: JSONResponse(call(workspace, method, token, arguments), headers=headers)
        )

    async def upload(request: Request) -> Response:
        content = await request.body()
        return await _with_luck(
            workspace, UPLOAD, request, lambda: _received(workspace, request.path_params["file_id"], content)
        )

    async def response_url(request: Request) -> Response:
        body = await request.body()
        return await _with_luck(
            workspace, RESPONSE_URL, request, lambda: _responded(workspace, request.path_params["secret"], body)
        )

    return [
        Route("/api/{method}", web_api, methods=["GET", "POST"]),
        Route("/upload/{file_id}", upload, methods=["POST"]),
        Route("/respond/{secret}", response_url, methods=["POST"]),
    ]


async def _with_luck(workspace: Workspace, method: str, request: Request, done: Callable[[], Response]) -> Response:
    trouble = workspace.troubles.next_for(method)
    if trouble is None:
        return done()
    if trouble.kind is Kind.SLOW:
        await asyncio.sleep(trouble.seconds)
        return done()
    if trouble.kind is Kind.LOST_ANSWER:
        done()
        return _cut(request)
    workspace.calls.append(Call(method, trouble.error if trouble.kind is Kind.ERROR else trouble.kind))
    return _cut(request) if trouble.kind is Kind.UNREACHABLE else _bad_answer(trouble)


def _bad_answer(trouble: Trouble) -> Response:
    if trouble.kind is Kind.RATE_LIMITED:
        return _too_fast(trouble.seconds)
    if trouble.kind is Kind.BROKEN:
        return PlainTextResponse("Something went wrong.", status_code=500)
    return JSONResponse({"ok": False, "error": trouble.error})


def _too_fast(seconds: float) -> Response:
    headers = {"Retry-After": f"{seconds:.0f}"}
    return JSONResponse({"ok": False, "error": "ratelimited"}, status_code=429, headers=headers)


def _cut(request: Request) -> Response:
    drop_connection(request.scope)
    return Response(status_code=503)


def _received(workspace: Workspace, file_id: str, content: bytes) -> Response:
    try:
        workspace.files.receive(file_id, content)
    except SlackRefusal as refusal:
        workspace.calls.append(Call(UPLOAD, refusal.code))
        return PlainTextResponse(refusal.code, status_code=400)
    workspace.calls.append(Call(UPLOAD, None))
    return PlainTextResponse(f"OK - {len(content)}")


def _responded(workspace: Workspace, secret: str, body: bytes) -> Response:
    try:
        ticket = workspace.response_urls.use(secret)
    except SlackRefusal as gone:
        workspace.calls.append(Call(RESPONSE_URL, gone.code))
        return JSONResponse(refused(gone), status_code=404)
    try:
        respond(workspace, ticket, _json_object(body))
    except SlackRefusal as refusal:
        workspace.calls.append(Call(RESPONSE_URL, refusal.code))
        return JSONResponse(refused(refusal), status_code=400)
    workspace.calls.append(Call(RESPONSE_URL, None))
    return JSONResponse({"ok": True})


def _body(request: Request, body: bytes) -> dict[str, Any]:
    if request.headers.get("content-type", "").startswith("application/json"):
        return _json_object(body)
    return dict(parse_qsl(body.decode(), keep_blank_values=True))


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        given = json.loads(body or b"{}")
    except ValueError as wrong:
        raise SlackRefusal("invalid_json") from wrong
    if not isinstance(given, dict):
        raise SlackRefusal("json_not_object")
    return given
