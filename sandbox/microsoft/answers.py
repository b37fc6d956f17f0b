"""How errors look on the wire, and answers that break off."""

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from sandbox.serving import drop_connection


def graph_error(status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """An error of Graph."""
    return JSONResponse({"error": {"code": code, "message": message}}, status, headers)


def sign_in_error(status: int, error: str, number: int, text: str) -> JSONResponse:
    """An error of the token endpoint."""
    body: dict[str, Any] = {
        "error": error,
        "error_description": f"AADSTS{number}: {text}",
        "error_codes": [number],
        "trace_id": str(uuid4()),
        "correlation_id": str(uuid4()),
    }
    return JSONResponse(body, status)


def base_url(request: Request) -> str:
    """The server's own address as the client reached it."""
    return str(request.base_url).rstrip("/")


def truncated(response: Response) -> Response:
    """The first half of an answer as if it were the whole."""
    body = bytes(response.body)
    return Response(body[: len(body) // 2], response.status_code, media_type=response.media_type)


class Dropped(Response):
    """An answer whose connection breaks in the middle of the body."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends the head and half of the body, then cuts the line."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        half = bytes(self.body)[: len(self.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        drop_connection(scope)
        # The server notices the cut in its next turn; only then does it take the rest without a complaint in its log.
        await asyncio.sleep(0)
        await send({"type": "http.response.body", "body": b"", "more_body": False})
