"""How we reach out over HTTP: one trust store, one set of timeouts and one hook for every client."""

import ssl
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import httpx
import requests
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies

from connectors.trust import trust

# httpcore asks some five times a request which kind of loop runs, each time by importing sniffio. Python remembers no
# import that failed and looks through every folder again, which took a fourth of a request; None is how it is told.
if find_spec("sniffio") is None:
    sys.modules["sniffio"] = None  # type: ignore[assignment]  # typed as if there were modules alone


CallHook = Callable[[str], None]
"""Hears of every outgoing call before and after it, so that a test can end the process there."""


@dataclass(frozen=True, slots=True)
class HttpSettings:
    """What all outgoing clients share.

    `ca_bundle` is a PEM file trusted in addition to the system's store. `on_call` hears `"<name>:before"` and
    `"<name>:after"` around every request, so that a test can end the process at each of them.
    """

    ca_bundle: Path | None = None
    connect_timeout_seconds: int = 10
    read_timeout_seconds: int = 60
    on_call: CallHook = lambda _point: None


# For a look at a source while somebody waits at the terminal.
HASTY_HTTP = HttpSettings(connect_timeout_seconds=5, read_timeout_seconds=5)


class HttpFactory:
    """Makes the clients; the trust store is read once and shared by httpx and by requests."""

    def __init__(self, settings: HttpSettings) -> None:
        """Reads the system's certificate authorities and the additional ones."""
        self.settings = settings
        self._trust = trust(settings.ca_bundle)

    def client(self, name: str) -> httpx.AsyncClient:
        """An asynchronous client whose calls the hook hears under this name; redirects are not followed."""
        timeout = httpx.Timeout(self.settings.read_timeout_seconds, connect=self.settings.connect_timeout_seconds)
        return _HeardClient(name, self.settings.on_call, verify=self._trust, timeout=timeout)

    def session(self, name: str) -> requests.Session:
        """A session for libraries that only speak requests; the environment cannot replace its trust store."""
        return _HeardSession(name, self.settings, self._trust)


class _HeardClient(httpx.AsyncClient):
    def __init__(self, name: str, on_call: CallHook, **options: Any) -> None:
        super().__init__(**options)
        self._name = name
        self._on_call = on_call

    async def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        self._on_call(f"{self._name}:before")
        response = await super().send(request, **options)
        self._on_call(f"{self._name}:after")
        return response


class _HeardSession(requests.Session):
    def __init__(self, name: str, settings: HttpSettings, trust: ssl.SSLContext) -> None:
        super().__init__()
        # With trust_env, REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE would silently replace our trust store.
        self.trust_env = False
        self._name = name
        self._settings = settings
        self.mount("https://", _TrustAdapter(trust))

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        settings = self._settings
        options["timeout"] = (settings.connect_timeout_seconds, settings.read_timeout_seconds)
        # trust_env also switches off the proxies of the environment, which httpx honours: both must take one way out.
        options["proxies"] = get_environ_proxies(request.url or "")
        settings.on_call(f"{self._name}:before")
        response = super().send(request, **options)
        settings.on_call(f"{self._name}:after")
        return response


class _TrustAdapter(HTTPAdapter):
    """Verifies servers by the shared trust store instead of the list that requests brings along."""

    def __init__(self, trust: ssl.SSLContext) -> None:
        self._trust = trust
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options, ssl_context=self._trust)

    def proxy_manager_for(self, *arguments: Any, **options: Any) -> Any:
        return super().proxy_manager_for(*arguments, **options, ssl_context=self._trust)

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        conn.cert_reqs = "CERT_REQUIRED"
