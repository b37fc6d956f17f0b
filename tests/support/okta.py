"""The pretend Okta, served, with a directory of ours over it."""

import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace

from connectors.directories import open_directory
from connectors.directories.kinds import Surroundings
from connectors.directories.port import Directory
from connectors.http import HttpFactory, HttpSettings
from rosters.rules import Account, Wanted
from sandbox.microsoft.certificate import Certificate
from sandbox.okta.app import create_app
from sandbox.okta.organization import Organization
from sandbox.serving import serve
from tests.support.microsoft import Pauses


@dataclass
class Okta:
    """One organization and how it is reached."""

    url: str
    organization: Organization
    http: HttpFactory
    pauses: Pauses
    ears: list[Callable[[str], object]] = field(default_factory=list)

    def directory(self) -> Directory:
        around = Surroundings(
            http=lambda: self.http, secret={"acme-okta": "right"}.__getitem__, patience=self.pauses.patience()
        )
        return open_directory("okta", {"url": self.url, "token": {"secret": "acme-okta"}}, around)


@contextlib.asynccontextmanager
async def okta(certificate: Certificate) -> AsyncIterator[Okta]:
    """The whole arrangement on a free port."""
    organization = Organization()
    async with serve(create_app(organization), ssl=certificate.server) as url:
        ears: list[Callable[[str], object]] = []

        def heard(call: str) -> None:
            for ear in ears:
                ear(call)

        http = HttpFactory(HttpSettings(certificate.ca_bundle, on_call=heard))
        yield Okta(url, organization, http, Pauses(), ears)


@dataclass
class OktaStage:
    """The contract with Okta, which knows neither licences nor guests."""

    okta: Okta
    wanted: Wanted = Wanted()  # noqa: RUF009 - it is frozen

    def hire(self, account: Account) -> Account:
        self.okta.organization.hire(
            account.name,
            account.upn,
            object_id=account.object_id,
            email=account.mail or None,
            status="ACTIVE" if account.enabled else "SUSPENDED",
        )
        return replace(account, licences=None, guest=False)

    def fire(self, object_id: str) -> None:
        self.okta.organization.fire(object_id)

    def rename(self, object_id: str, name: str) -> None:
        self.okta.organization.rename(object_id, name)

    def break_down(self) -> None:
        self.okta.organization.token = "another"

    def directory(self) -> Directory:
        return self.okta.directory()
