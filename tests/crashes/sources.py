"""An Okta and a Google with one person each, and the book of the two clients that they are the directories of."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sandbox.google.app import create_app as create_google
from sandbox.google.workspace import Workspace
from sandbox.microsoft.certificate import Certificate
from sandbox.okta.app import create_app as create_okta
from sandbox.okta.organization import Organization
from sandbox.serving import serve

# Every victim asks within the same minute or two, and waiting for Okta's next one isn't what is tested.
_NEVER_TOO_OFTEN = 1_000_000

_CLIENT = """
  - slug: {slug}
    name: {slug}
    currency: USD
    directories: [{directory}]
    rosters: [{{name: full, rule: {{basis: enabled}}}}]
    agreements:
      - name: Care
        start: 2027-06-01
        lines: [{{name: {slug}-fee, price: {{model: flat, amount: "10.00"}}, tax: none}}]
"""


@dataclass(frozen=True, slots=True)
class Sources:
    """Where they are, and by which secrets they let us in."""

    okta: str
    google: str
    admin: str
    secrets: Mapping[str, str]

    def write_book(self, folder: Path) -> None:
        """Birch has the Okta, cedar the Google."""
        okta = f"{{name: okta, kind: okta, url: {self.okta}, token: {{secret: birch-okta}}}}"
        google = (
            f"{{name: google, kind: google, admin: {self.admin}, key: {{secret: cedar-google}}, "
            f"directory_url: {self.google}, licensing_url: {self.google}, token_url: {self.google}/token}}"
        )
        clients = _CLIENT.format(slug="birch", directory=okta) + _CLIENT.format(slug="cedar", directory=google)
        (folder / "sources.yaml").write_text(f"version: 1\nclients:{clients}", encoding="utf-8")


@asynccontextmanager
async def open_sources(certificate: Certificate) -> AsyncIterator[Sources]:
    """Both of them, served."""
    organization, workspace = Organization(limit=_NEVER_TOO_OFTEN), Workspace()
    for name in ("Gil", "Hal"):
        organization.hire(name, f"{name.lower()}@birch.example", object_id=name.lower())
    workspace.hire("Ida", "ida@cedar.example", object_id="ida")
    async with (
        serve(create_okta(organization), ssl=certificate.server) as okta,
        serve(create_google(workspace), ssl=certificate.server) as google,
    ):
        secrets = {"birch-okta": organization.token, "cedar-google": workspace.key_file()}
        yield Sources(okta, google, workspace.admin, secrets)
