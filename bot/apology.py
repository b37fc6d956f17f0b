"""The one place where an error becomes words in Slack."""

import secrets
from dataclasses import replace

import structlog

from billing.errors import RollcallError
from bot.message import Message
from bot.views.surfaces import said, told
from commands.refusals import RefusedWithNames

_log = structlog.stdlib.get_logger(__name__)


def apology(error: Exception) -> Message:
    """What somebody is told about an error: its own text, or a reference under which the log has the whole of it."""
    if isinstance(error, RefusedWithNames):
        return told(error.told)
    if isinstance(error, RollcallError):
        return said(str(error))
    reference = secrets.token_hex(4)
    _log.error("Something went wrong while answering Slack", reference=reference, exc_info=error)
    words = f"Something went wrong, reference {reference}. The log of the bot says more under this reference."
    return replace(said(words), reference=reference)
