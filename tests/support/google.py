"""The pretend Google, served, with a directory of ours over it."""

import contextlib
import functools
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

from connectors.directories import open_directory
from connectors.directories.kinds import Surroundings
from connectors.directories.port import Directory
from connectors.http import HttpFactory, HttpSettings
from rosters.rules import Account, Wanted
from sandbox.google.app import create_app
from sandbox.google.workspace import Workspace
from sandbox.microsoft.certificate import Certificate
from sandbox.serving import serve
from tests.support.microsoft import Pauses


@dataclass
class Google:
    """One workspace and how it is reached."""

    url: str
    workspace: Workspace
    http: HttpFactory
    pauses: Pauses
    calls: list[str]
    ears: list[Callable[[str], object]]

    def directory(self, **settings: Any) -> Directory:
        around = Surroundings(
            http=lambda: self.http,
            secret={"acme-google": self.workspace.key_file()}.__getitem__,
            patience=self.pauses.patience(deadline_seconds=900),
        )
        ours = {"directory_url": self.url, "licensing_url": self.url, "token_url": f"{self.url}/token"}
        given = {"admin": self.workspace.admin, "key": {"secret": "acme-google"}}
        return open_directory("google", {**given, **ours, **settings}, around)


@functools.cache
def _key() -> RSAPrivateKey:
    # To make one takes longer than most of the tests.
    return generate_private_key(65537, 2048)


@contextlib.asynccontextmanager
async def google(certificate: Certificate) -> AsyncIterator[Google]:
    """The whole arrangement on a free port."""
    workspace = Workspace(key=_key())
    calls: list[str] = []
    ears: list[Callable[[str], object]] = [calls.append]

    def heard(call: str) -> None:
        for ear in ears:
            ear(call)

    async with serve(create_app(workspace), ssl=certificate.server) as url:
        http = HttpFactory(HttpSettings(certificate.ca_bundle, on_call=heard))
        yield Google(url, workspace, http, Pauses(), calls, ears)


@dataclass
class GoogleStage:
    """The contract with Google, where everybody has one address and nobody is a guest."""

    google: Google
    wanted: Wanted = Wanted(licences=True)  # noqa: RUF009 - it is frozen

    def hire(self, account: Account) -> Account:
        workspace = self.google.workspace
        workspace.hire(account.name, account.upn, object_id=account.object_id, suspended=not account.enabled)
        for licence in account.licences or ():
            workspace.license(account.object_id, licence)
        return replace(account, mail=account.upn, guest=False)

    def fire(self, object_id: str) -> None:
        self.google.workspace.fire(object_id)

    def rename(self, object_id: str, name: str) -> None:
        self.google.workspace.rename(object_id, name=name)

    def break_down(self) -> None:
        self.google.workspace.delegated.clear()

    def directory(self) -> Directory:
        return self.google.directory()
