"""One tenant: its people, its licences, what its administrator allowed, and what is to go wrong."""

from collections import Counter
from dataclasses import dataclass, field

from sandbox.microsoft.changes import Changes
from sandbox.microsoft.faults import Faults
from sandbox.microsoft.people import Json, People
from sandbox.microsoft.skus import sku_id

READ_USERS, READ_LICENCES, READ_APPS = "User.Read.All", "Organization.Read.All", "Application.Read.All"


@dataclass(slots=True)
class Tenant:
    """A customer's tenant.

    `consented` says whether its administrator let the app in, `permissions` what the app may read there. `bought` are
    units by SKU part number; a licence of which nothing is said is bought as often as it is assigned. `unlisted` ones
    are missing from the tenant's list although users have them.
    """

    id: str
    domain: str
    consented: bool = True
    permissions: set[str] = field(default_factory=lambda: {READ_USERS, READ_LICENCES})
    token_lifetime_seconds: int = 3600
    bought: dict[str, int] = field(default_factory=dict)
    unlisted: set[str] = field(default_factory=set)
    faults: Faults = field(default_factory=Faults)
    people: People = field(init=False)
    changes: Changes = field(init=False)

    def __post_init__(self) -> None:
        """Begins with nobody."""
        self.people = People(self.id)
        self.changes = Changes(self.people)

    def buy(self, part_number: str, units: int) -> None:
        """Sets the units of a licence that the tenant has paid for."""
        self.bought[part_number] = units

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
