"""Envelopes handed to Bolt, each once, however often Slack delivers it."""

import asyncio
import json
from collections import OrderedDict
from collections.abc import Sequence

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.message import Json

_log = structlog.stdlib.get_logger(__name__)

_KINDS = {"slash_commands", "interactive", "events_api"}
# An envelope is delivered again within seconds, or not at all.
_REMEMBERED = 1000
_OK = 200


class Inbox:
    """Takes envelopes for as long as it is open, and gives each its acknowledgement.

    Bolt's listeners keep a decision before they acknowledge it, so an envelope that we leave without one has changed
    nothing; Slack delivers it elsewhere, or tells its user that it failed.
    """

    def __init__(self, app: AsyncApp) -> None:
        self._app = app
        self._taken: OrderedDict[str, asyncio.Task[Json | None]] = OrderedDict()
        self._is_open = True

    def close(self) -> None:
        """Takes nothing new; what was taken is acknowledged."""
        self._is_open = False

    async def take(self, envelope: Json) -> Json | None:
        """The acknowledgement to send, or None where there is none."""
        envelope_id = envelope.get("envelope_id")
        if envelope.get("type") not in _KINDS or not isinstance(envelope_id, str):
            return None
        if envelope_id not in self._taken:
            if not self._is_open:
                return None
            self._taken[envelope_id] = asyncio.create_task(self._dispatched(envelope_id, envelope))
            if len(self._taken) > _REMEMBERED:
                self._taken.popitem(last=False)
        # Whoever waits may be a connection that ends; the decision goes on.
        return await asyncio.shield(self._taken[envelope_id])

    async def _dispatched(self, envelope_id: str, envelope: Json) -> Json | None:
        acknowledgement = None
        try:
            acknowledgement = await self._answered(envelope_id, envelope)
        except Exception:  # noqa: BLE001 - whatever one envelope ran into, the connection goes on
            _log.exception("An envelope of Slack's could not be taken")
        if acknowledgement is None:
            # It has changed nothing, so that it is tried again where Slack delivers it again.
            self._taken.pop(envelope_id, None)
        return acknowledgement

    async def _answered(self, envelope_id: str, envelope: Json) -> Json | None:
        # Over HTTP, a header says so.
        attempt = envelope.get("retry_attempt")
        headers: dict[str, str | Sequence[str]] = {"x-slack-retry-num": [str(attempt)]} if attempt else {}
        request = AsyncBoltRequest(mode="socket_mode", body=envelope["payload"], headers=headers)
        response = await self._app.async_dispatch(request)
        if response.status != _OK:
            return None
        body = response.body
        if not body:
            return {"envelope_id": envelope_id}
        is_json = response.first_headers().get("content-type", "").startswith("application/json")
        return {"envelope_id": envelope_id, "payload": json.loads(body) if is_json else {"text": body}}
