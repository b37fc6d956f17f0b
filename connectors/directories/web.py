"""What all sources over HTTPS have in common: lines that break, answers that break off, links that lead away."""

import json
import ssl
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from connectors.directories.patience import TryAgain
from connectors.errors import Cause, DirectoryNotRead

TOO_MANY = 429
SERVER_ERROR = 500


def unreachable(problem: httpx.RequestError, base_url: str) -> DirectoryNotRead | TryAgain:
    """What it means that no answer arrived, or only a part of one."""
    host = urlsplit(base_url).netloc
    if _is_distrust(problem):
        return distrusted(host)
    message = f"The connection to {host} failed or broke off. Check this machine's network. The next sync tries again."
    return TryAgain(DirectoryNotRead(Cause.NETWORK, message))


def distrusted(host: str) -> DirectoryNotRead:
    """The error for a server whose certificate we don't trust."""
    message = (
        f"The certificate of {host} isn't signed by an authority that this machine trusts. "
        "If a proxy inspects the traffic, put its certificate authority into the file of ROLLCALL_CA_BUNDLE."
    )
    return DirectoryNotRead(Cause.TLS, message)


def json_of(response: httpx.Response, kind: type[dict[str, Any]] | type[list[Any]], source: str) -> Any:
    """The JSON object or list of a good answer; one that breaks off is worth another attempt."""
    try:
        body = json.loads(response.content)
    except ValueError:
        body = None
    if not isinstance(body, kind):
        what = "object" if kind is dict else "list"
        message = f"{source} sent an answer that breaks off or isn't a JSON {what}. The next sync tries again."
        raise TryAgain(DirectoryNotRead(Cause.MALFORMED, message))
    return body


def leads_to(base_url: str, url: str) -> bool:
    """Whether a URL leads to the server that we talk to, at or below the path: our token must go nowhere else."""
    try:
        base, link = httpx.URL(base_url), httpx.URL(url)
    except httpx.InvalidURL:
        return False
    same = (link.scheme, link.host, link.port, link.userinfo) == ("https", base.host, base.port, b"")
    path = base.path.rstrip("/")
    return same and (link.path == path or link.path.startswith(f"{path}/"))


def moment_of(response: httpx.Response) -> datetime | None:
    """The time at which the server says that it answered; None where it doesn't."""
    try:
        return parsedate_to_datetime(response.headers.get("Date", ""))
    except (TypeError, ValueError):
        return None


def _is_distrust(problem: BaseException | None) -> bool:
    while problem is not None:
        if isinstance(problem, ssl.SSLCertVerificationError):
            return True
        problem = problem.__cause__ or problem.__context__
    return False
