"""What Slack answers instead of doing what it was asked, and what to do about it."""

import json
from collections.abc import Mapping

import aiohttp
from slack_sdk.errors import SlackApiError

from billing.errors import OutsideFailed

RATE_LIMITED = "ratelimited"
"""The word for it here; Slack has two, and a third way of saying so."""

_TOO_MANY_REQUESTS = 429
_SAY_RATE_LIMITED = {RATE_LIMITED, "rate_limited"}

_REMEDIES = {
    "not_in_channel": "invite the bot to the channel: /invite @Rollcall",
    "channel_not_found": "check the client's channel id, and invite the bot to a private channel: /invite @Rollcall",
    "is_archived": "unarchive the channel, or give the client another one",
    "invalid_auth": "check ROLLCALL_SLACK_BOT_TOKEN",
    "account_inactive": "install the app again and set ROLLCALL_SLACK_BOT_TOKEN",
    "token_revoked": "install the app again and set ROLLCALL_SLACK_BOT_TOKEN",
    "missing_scope": "install the app again with the scopes of manifest.yaml",
    "expired_trigger_id": "press the button again",
    RATE_LIMITED: "nothing to do: it is tried again when Slack allows it",
}

# What is asked with the app token is put right elsewhere.
_OPENS_SOCKETS = "apps.connections.open"
_REMEDIES_OF_SOCKETS = {
    "invalid_auth": "check ROLLCALL_SLACK_APP_TOKEN",
    "not_allowed_token_type": "ROLLCALL_SLACK_APP_TOKEN must be an app-level token, which starts with xapp-",
    "missing_scope": "make an app-level token with the scope connections:write, and set ROLLCALL_SLACK_APP_TOKEN",
    "no_permission": "make an app-level token with the scope connections:write, and set ROLLCALL_SLACK_APP_TOKEN",
    "forbidden_team": "make the app-level token in the workspace that the app is installed in",
}


class SlackRefused(OutsideFailed):
    """Slack answered with an error; `code` is Slack's own word, `retry_after` seconds where Slack said how many."""

    def __init__(self, method: str, code: str, retry_after: int | None = None) -> None:
        remedies = {**_REMEDIES, **(_REMEDIES_OF_SOCKETS if method == _OPENS_SOCKETS else {})}
        remedy = remedies.get(code, f"https://api.slack.com/methods/{method} says what it means")
        super().__init__(f"Slack refused {method} with {code}: {remedy}.")
        self.code = code
        self.retry_after = retry_after


class SlackIsUnreachable(OutsideFailed):
    """Slack didn't answer, or not in a way that can be read; `was_sent` says whether it may have got the call."""

    def __init__(self, text: str, *, was_sent: bool = True) -> None:
        super().__init__(text)
        self.was_sent = was_sent


def code_in(body: str) -> str:
    """Slack's word in the answer of a response URL, which is sometimes JSON and sometimes the word alone."""
    try:
        answer = json.loads(body)
    except ValueError:
        return body.strip()
    return str(answer.get("error", "")) if isinstance(answer, dict) else ""


def unreachable(method: str, error: Exception) -> SlackIsUnreachable:
    """What became of a call that was not answered."""
    was_sent = not isinstance(error, aiohttp.ClientConnectorError)
    return SlackIsUnreachable(f"Slack didn't answer {method}: {_reason(error)}.", was_sent=was_sent)


def refusal_of(method: str, error: SlackApiError) -> SlackRefused:
    """What Slack said no with."""
    answer = error.response
    code = answer.get("error") if isinstance(answer.data, dict) else None
    return refused(method, answer.status_code, str(code or ""), answer.headers)


def refused(method: str, status: int, code: str, headers: Mapping[str, str]) -> SlackRefused:
    """The same from the parts of an answer."""
    after = str(headers.get("Retry-After", ""))
    is_limit = status == _TOO_MANY_REQUESTS or code in _SAY_RATE_LIMITED
    known = RATE_LIMITED if is_limit else code or str(status)
    return SlackRefused(method, known, int(after) if after.isdecimal() else None)


def _reason(error: Exception) -> str:
    if isinstance(error, aiohttp.ClientConnectorError):
        # Its own words show the object that holds the TLS settings.
        return f"no connection to {error.host}:{error.port}, {error.strerror or error.os_error}"
    return str(error) or type(error).__name__
