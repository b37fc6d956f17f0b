"""Who is in the story: the people of the sample clients, and the people of the provider in Slack."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from sandbox.microsoft.cloud import Cloud
from sandbox.microsoft.tenant import Tenant
from sandbox.workspace.places import Places

CLIENT_ID = "aaaaaaaa-0000-4000-8000-000000000001"
CLIENT_SECRET = "sandbox-entra-secret"
BOT_TOKEN = "xoxb-sandbox"
SIGNING_SECRET = "sandbox-signing-secret"
APP_TOKEN = "xapp-sandbox"

ALMA, BERT, ADA, VERA = "U0APPROVER", "U0BILLER", "U0ADMIN", "U0VIEWER"
ROLES = {ADA: "admin", BERT: "biller", ALMA: "approver", VERA: "viewer"}

BILLING_CHANNEL = "C0BILLING"
CHANNELS = {"C0ACME": "acme", "C0BIRCH": "birch", "C0CEDAR": "cedar", BILLING_CHANNEL: "billing"}

PAID, FREE = "SPB", "FLOW_FREE"
"""Microsoft 365 Business Premium, and a licence that costs nothing."""

_FIRST_NAMES = "Ann Bo Cy Dee Eli Fay Gus Hal Ida Jon Kit Lea Max".split()
_LAST_NAMES = "Ames Byrd Cole Dunn Epps Ford Gray Hill Iver Judd".split()


@dataclass(frozen=True, slots=True)
class Company:
    """A client of the sample book: its tenant, and how many people have a licence at the start."""

    slug: str
    tenant: str
    domain: str
    people: int


COMPANIES = (
    Company("acme", "11111111-1111-4111-8111-111111111111", "acme.example", 42),
    Company("birch", "22222222-2222-4222-8222-222222222222", "birch.example", 15),
    Company("cedar", "33333333-3333-4333-8333-333333333333", "cedar.example", 64),
)


def names() -> Iterator[str]:
    """Names, all different: those of one letter first (Ann Ames), the family of each next."""
    for last, first in product(_LAST_NAMES, _FIRST_NAMES):
        yield f"{first} {last}"


def populate(cloud: Cloud) -> None:
    """Registers the provider's app, and opens every client's tenant with the people who work there."""
    cloud.register(CLIENT_ID, secret=CLIENT_SECRET)
    for company in COMPANIES:
        tenant = cloud.add_tenant(company.tenant, company.domain)
        for name, _ in zip(names(), range(company.people), strict=False):
            hire(tenant, name)
    acme = tenant_of(cloud, "acme")
    # Three who must not be billed, each for a reason of their own.
    acme.people.hire("Backup Service", "svc-backup@acme.example", licences=[PAID])
    acme.people.hire("Pat Partner", "pat@partner.example", licences=[PAID], guest=True)
    acme.people.hire("Tia Trial", "tia.trial@acme.example", licences=[FREE])


def furnish(places: Places) -> None:
    """Makes the channels, with the bot in each of them."""
    for channel_id, name in CHANNELS.items():
        places.add_channel(name, channel_id)


def tenant_of(cloud: Cloud, slug: str) -> Tenant:
    """The tenant of a sample client."""
    company = next(company for company in COMPANIES if company.slug == slug)
    return cloud.tenants[company.tenant]


def hire(tenant: Tenant, name: str) -> str:
    """Somebody with a licence that counts; gives the object id."""
    address = f"{name.lower().replace(' ', '.')}@{tenant.domain}"
    return tenant.people.hire(name, address, mail=address, licences=[PAID])
