"""One tenant: its people, its licences, what its administrator allowed, and what is to go wrong."""

from collections import Counter
from dataclasses import dataclass, field

from sandbox.microsoft.changes import Changes
from sandbox.microsoft.faults import Faults
from sandbox.microsoft.groups import Groups
from sandbox.microsoft.listings import Listings
from sandbox.microsoft.people import Json, People
from sandbox.microsoft.skus import sku_id

READ_USERS, READ_LICENCES, READ_APPS = "User.Read.All", "Organization.Read.All", "Application.Read.All"
READ_GROUPS, READ_MAILBOXES, READ_SIGN_INS = "GroupMember.Read.All", "MailboxSettings.Read", "AuditLog.Read.All"


@dataclass(slots=True)
class Tenant:
    """A customer's tenant.

    `consented` says whether its administrator let the app in, `permissions` what the app may read there. `bought` are
    units by SKU part number; a licence of which nothing is said is bought as often as it is assigned. `unlisted` ones
    are missing from the tenant's list although users have them. `mailboxes` are what each is for and `sign_ins` the
    moments of the last successful ones, by object id; only a `premium` tenant tells those.
    """

    id: str
    domain: str
    consented: bool = True
    permissions: set[str] = field(default_factory=lambda: {READ_USERS, READ_LICENCES})
    token_lifetime_seconds: int = 3600
    bought: dict[str, int] = field(default_factory=dict)
    unlisted: set[str] = field(default_factory=set)
    mailboxes: dict[str, str] = field(default_factory=dict)
    sign_ins: dict[str, str] = field(default_factory=dict)
    premium: bool = True
    faults: Faults = field(default_factory=Faults)
    listings: Listings = field(default_factory=Listings)
    people: People = field(init=False)
    groups: Groups = field(init=False)
    changes: Changes = field(init=False)

    def __post_init__(self) -> None:
        """Begins with nobody."""
        self.people = People(self.id)
        self.groups = Groups(self.id, self.people.is_there)
        self.changes = Changes(self.people)

    def buy(self, part_number: str, units: int) -> None:
        """Sets the units of a licence that the tenant has paid for."""
        self.bought[part_number] = units

    def set_mailbox(self, object_id: str, purpose: str) -> None:
        """Says what somebody's mailbox is for, in Graph's word; no change of the user object tells of it."""
        self.mailboxes[self.people.active(object_id).id] = purpose

    def signed_in(self, object_id: str, moment: str) -> None:
        """Notes a successful sign-in, as Graph writes moments; that isn't a change of the user object either."""
        self.sign_ins[self.people.active(object_id).id] = moment

    def forget(self) -> None:
        """Loses every paging and change token."""
        self.listings.rest.clear()
        self.changes.forget()

    def subscribed_skus(self) -> list[Json]:
        """The licences as `/subscribedSkus` lists them."""
        assigned = Counter(
            licence["skuId"] for person in self.people.everybody() for licence in person.properties["assignedLicenses"]
        )
        listed = sorted((self.bought.keys() | self.people.licences_seen) - self.unlisted)
        return [
            _subscribed(self.id, part_number, self.bought.get(part_number), assigned[sku_id(part_number)])
            for part_number in listed
        ]


def _subscribed(tenant_id: str, part_number: str, bought: int | None, assigned: int) -> Json:
    return {
        "id": f"{tenant_id}_{sku_id(part_number)}",
        "skuId": sku_id(part_number),
        "skuPartNumber": part_number,
        "capabilityStatus": "Enabled",
        "appliesTo": "User",
        "consumedUnits": assigned,
        "prepaidUnits": {
            "enabled": assigned if bought is None else bought,
            "warning": 0,
            "suspended": 0,
            "lockedOut": 0,
        },
    }
