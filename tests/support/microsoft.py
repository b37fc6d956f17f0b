"""The pretend Microsoft, served, with our own app signed in to one tenant of it."""

import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from connectors.directories import open_directory
from connectors.directories.entra.app import EntraApp
from connectors.directories.entra.credentials import EntraCredentials
from connectors.directories.kinds import Surroundings
from connectors.directories.patience import Patience
from connectors.directories.port import Directory
from connectors.http import HttpFactory, HttpSettings
from sandbox.microsoft.app import create_app
from sandbox.microsoft.certificate import Certificate
from sandbox.microsoft.cloud import Cloud
from sandbox.microsoft.tenant import Tenant
from sandbox.serving import serve

TENANT = "11111111-2222-3333-4444-555555555555"
CLIENT_ID = "aaaaaaaa-0000-4000-8000-000000000001"


@dataclass
class Pauses:
    """A clock that only moves when somebody sleeps, and remembers for how long; `meanwhile` happens in each pause."""

    slept: list[float] = field(default_factory=list)
    meanwhile: Callable[[], object] | None = None

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        if self.meanwhile is not None:
            self.meanwhile()

    def now(self) -> float:
        return sum(self.slept)

    def patience(self, **limits: int) -> Patience:
        return Patience(sleep=self.sleep, clock=self.now, **limits)


@dataclass
class Bench:
    """One tenant of a served cloud and the app that reads it."""

    url: str
    cloud: Cloud
    tenant: Tenant
    http: HttpFactory
    app: EntraApp
    pauses: Pauses
    calls: list[str]
    ears: list[Callable[[str], object]]

    @contextlib.contextmanager
    def hearing(self, ear: Callable[[str], object]) -> Iterator[None]:
        """Lets somebody hear of every call for a while."""
        self.ears.append(ear)
        try:
            yield
        finally:
            self.ears.remove(ear)

    def directory(self, **settings: Any) -> Directory:
        around = Surroundings(app=lambda: self.app, patience=self.pauses.patience(deadline_seconds=900))
        return open_directory("entra", {"tenant": TENANT, **settings}, around)

    def called(self, name: str) -> int:
        return self.calls.count(f"{name}:before")


@contextlib.asynccontextmanager
async def bench(
    certificate: Certificate, credentials: EntraCredentials | None = None, *, read_timeout_seconds: int = 60
) -> AsyncIterator[Bench]:
    """The whole arrangement on free ports."""
    cloud = Cloud()
    cloud.register(CLIENT_ID, secret="right")
    tenant = cloud.add_tenant(TENANT, "acme.example")
    calls: list[str] = []
    ears: list[Callable[[str], object]] = [calls.append]

    def heard(call: str) -> None:
        for ear in ears:
            ear(call)

    async with serve(create_app(cloud), ssl=certificate.server) as url:
        http = HttpFactory(
            HttpSettings(certificate.ca_bundle, read_timeout_seconds=read_timeout_seconds, on_call=heard)
        )
        app = EntraApp(credentials or EntraCredentials(CLIENT_ID, secret="right"), http, url, url)
        try:
            yield Bench(url, cloud, tenant, http, app, Pauses(), calls, ears)
        finally:
            app.close()
