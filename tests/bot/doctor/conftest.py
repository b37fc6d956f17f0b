"""The real command against a pretend Slack and a pretend Microsoft, in which tests break what the command looks at."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.settings import variable
from sandbox.microsoft.app import create_app as create_microsoft
from sandbox.microsoft.certificate import Certificate, throw_away_certificate
from sandbox.microsoft.cloud import Cloud
from sandbox.microsoft.tenant import Tenant
from sandbox.serving import serve
from sandbox.story.shell import Ran, Shell
from sandbox.workspace.app import create_app as create_slack
from sandbox.workspace.state import Workspace
from tests.support.microsoft import CLIENT_ID, TENANT

SECRET = "right-and-hidden"
BOT_TOKEN = "xoxb-hidden"
APP_TOKEN = "xapp-hidden"
SIGNING_SECRET = "signing-hidden"
BOOK = """
version: 1
seller: {name: Northwind IT, address: [1 Main St], country: US, invoice_series: NW, credit_series: NW}
clients:
  - slug: acme
    name: Acme Corp
    currency: USD
    timezone: America/New_York
    locale: en_US
    channel: C0ACME
    directories: [DIRECTORY]
    rosters: [{name: full, rule: {basis: BASIS}}]
    agreements:
      - name: Managed services
        start: 2027-01-01
        cycle: {months: 1, anchor: 2027-01-01}
        timing: advance
        lines: [{name: user, text: User, count: {roster: full}, price: {model: per_unit, unit: "40.00"}, tax: none}]
"""
ENTRA = f"{{name: m365, kind: entra, tenant: {TENANT}}}"


@dataclass
class Clinic:
    """One installation: its settings, what it is connected to, and the command that looks at all of it."""

    folder: Path
    settings: dict[str, str]
    workspace: Workspace
    cloud: Cloud
    tenant: Tenant
    printed: list[str] = field(default_factory=list)

    async def run(self, *arguments: str) -> Ran:
        """Any command."""
        return await Shell({variable(name): value for name, value in self.settings.items()}).run_aside(*arguments)

    async def succeeds(self, *arguments: str) -> None:
        """A command that must succeed."""
        ran = await self.run(*arguments)
        assert ran.code == 0, ran.said

    async def opens(self, basis: str = "licensed", directory: str = ENTRA) -> None:
        """Imports a book, and makes somebody admin."""
        book = self.folder / "book.yaml"
        book.write_text(BOOK.replace("DIRECTORY", directory).replace("BASIS", basis), encoding="utf-8")
        await self.succeeds("import", str(book), "--apply")
        await self.succeeds("role", "grant", "U0ADMIN", "admin")

    async def doctor(self, *arguments: str) -> "Report":
        """What the command says."""
        ran = await self.run("doctor", *arguments)
        return Report(ran.code, ran.out, ran.err)


@dataclass(frozen=True)
class Report:
    """What the command printed, with its wrapped lines joined again."""

    code: int
    out: str
    err: str

    def line(self, what: str) -> str:
        """The finding on something, with its remedy, words separated by one space."""
        (found,) = [entry for named, entry in self._entries if named == what]
        return found

    @property
    def findings(self) -> list[str]:
        """Every finding in one line."""
        return [entry for _, entry in self._entries]

    @property
    def _entries(self) -> list[tuple[str, str]]:
        entries: list[tuple[str, str]] = []
        for line in self.out.splitlines():
            words = " ".join(line.split())
            if line.startswith(("ok ", "warn ", "FAIL ", "- ")):
                entries.append((line[6:].partition("  ")[0], words))
            elif line.startswith(" ") and entries:
                what, before = entries[-1]
                entries[-1] = (what, f"{before} {words}")
        return entries

    @property
    def failures(self) -> list[str]:
        """The findings that fail."""
        return [entry for entry in self.findings if entry.startswith("FAIL")]


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return throw_away_certificate(tmp_path_factory.mktemp("ca"))


@pytest.fixture
async def clinic(tmp_path: Path, certificate: Certificate, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Clinic]:
    # A developer's own .env must not have a say here.
    monkeypatch.chdir(tmp_path)
    workspace = Workspace(bot_token=BOT_TOKEN, signing_secret=SIGNING_SECRET, app_token=APP_TOKEN)
    workspace.places.add_channel("acme", "C0ACME")
    workspace.places.add_channel("billing", "C0BILLING")
    cloud = Cloud()
    cloud.register(CLIENT_ID, secret=SECRET)
    tenant = cloud.add_tenant(TENANT, "acme.example")
    for number in range(3):
        tenant.people.hire(f"Person {number}", f"p{number}@acme.example", licences=["SPB"])
    tenant.people.hire("Tia Trial", "tia@acme.example", licences=["FLOW_FREE"])
    async with AsyncExitStack() as stack:
        slack_url = await stack.enter_async_context(serve(create_slack(workspace)))
        microsoft_url = await stack.enter_async_context(serve(create_microsoft(cloud), ssl=certificate.server))
        settings = {
            "database_url": f"sqlite:///{tmp_path / 'rollcall.db'}",
            "slack_bot_token": BOT_TOKEN,
            "slack_signing_secret": SIGNING_SECRET,
            "slack_api_url": f"{slack_url}/api/",
            "default_channel": "C0BILLING",
            "entra_client_id": CLIENT_ID,
            "entra_client_secret": SECRET,
            "entra_authority_url": microsoft_url,
            "graph_url": microsoft_url,
            "ca_bundle": str(certificate.ca_bundle),
        }
        yield Clinic(tmp_path, settings, workspace, cloud, tenant)
