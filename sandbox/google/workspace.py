"""One workspace of Google: its people, groups and licences, who may read them, and what is to go wrong."""

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from sandbox.faults import Faults

Json = dict[str, Any]

_SCOPE = "https://www.googleapis.com/auth/"
USERS, GROUPS, LICENCES = (
    f"{_SCOPE}admin.directory.user.readonly",
    f"{_SCOPE}admin.directory.group.readonly",
    f"{_SCOPE}apps.licensing",
)
NEVER = "1970-01-01T00:00:00.000Z"


class NobodyThere(Exception):
    """The workspace has no such user."""


@dataclass(frozen=True, slots=True)
class Group:
    """A group with its members: the ids of users, the addresses of other groups, or the customer's id for everybody."""

    id: str
    mail: str
    name: str
    members: tuple[str, ...]


@dataclass(slots=True)
class Workspace:
    """`delegated` are the scopes that the administrator lets the service account have; `page_size` caps every list."""

    customer_id: str = "C0acme1"
    admin: str = "admin@acme.example"
    service_account: str = "rollcall@project.iam.gserviceaccount.com"
    client_id: str = "100000000000000000001"
    admin_is_there: bool = True
    delegated: set[str] = field(default_factory=lambda: {USERS, GROUPS, LICENCES})
    products: dict[str, dict[str, str]] = field(default_factory=lambda: {"Google-Apps": {}})
    page_size: int = 500
    people: dict[str, Json] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    licences: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    key: RSAPrivateKey = field(default_factory=lambda: generate_private_key(65537, 2048))
    tokens: dict[str, frozenset[str]] = field(default_factory=dict)
    _cursors: dict[str, str] = field(default_factory=dict)

    def key_file(self) -> str:
        """The JSON that the Google Cloud console hands out for the service account."""
        pem = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        return json.dumps(
            {
                "type": "service_account",
                "project_id": "project",
                "private_key_id": "1",
                "private_key": pem,
                "client_email": self.service_account,
                "client_id": self.client_id,
                "token_uri": "https://elsewhere.example/token",
            }
        )

    def hire(self, name: str, mail: str, *, object_id: str | None = None, **more: Any) -> str:
        """Creates a user; `more` are properties by Google's names."""
        identity = object_id or str(secrets.randbelow(10**20) + 10**20)
        self.people[identity] = {
            "id": identity,
            "primaryEmail": mail,
            "name": {"fullName": name},
            "suspended": False,
            "archived": False,
            "customerId": self.customer_id,
            "lastLoginTime": NEVER,
        } | more
        return identity

    def change(self, object_id: str, **properties: object) -> None:
        """Sets properties by Google's names."""
        self._person(object_id).update(properties)

    def rename(self, object_id: str, *, name: str | None = None, mail: str | None = None) -> None:
        """Gives a new name or address; the old address stays as an alias, and the licences follow."""
        person = self._person(object_id)
        if name is not None:
            person["name"] = {"fullName": name}
        if mail is not None:
            person["aliases"] = [*person.get("aliases", []), person["primaryEmail"]]
            person["primaryEmail"] = mail

    def fire(self, object_id: str) -> None:
        """Deletes: Google keeps the user for some weeks, but in a list of its own."""
        self._person(object_id)
        del self.people[object_id]
        self.licences.pop(object_id, None)

    def license(self, object_id: str, sku_id: str, sku_name: str = "", product: str = "Google-Apps") -> None:
        """Assigns a licence."""
        self.products.setdefault(product, {})[sku_id] = sku_name
        self.licences.setdefault(object_id, set()).add((product, sku_id))

    def group(self, mail: str, name: str, *members: str) -> None:
        """Makes a group, or changes who is in one."""
        self.groups[mail] = Group(f"g{len(self.groups):020}", mail, name, members)

    def assignments(self, product: str) -> dict[str, Json]:
        """The licences of a product as the licensing API lists them, each by whose it is and which."""
        names = self.products[product]
        return {
            f"{holder}/{sku}": {
                "kind": "licensing#licenseAssignment",
                "productId": product,
                "userId": self.people[holder]["primaryEmail"],
                "skuId": sku,
                **({"skuName": names[sku]} if names[sku] else {}),
            }
            for holder, held in self.licences.items()
            for of, sku in held
            if of == product
        }

    def members(self, group: Group, *, derived: bool) -> Iterator[Json]:
        """The members, those of inner groups too where they are asked for; inner groups stay in the list."""
        for member in group.members:
            if member == self.customer_id:
                yield {"kind": "admin#directory#member", "id": member, "type": "CUSTOMER"}
            elif member in self.groups:
                yield {"kind": "admin#directory#member", "id": self.groups[member].id, "type": "GROUP"}
                if derived:
                    yield from self.members(self.groups[member], derived=True)
            else:
                yield {"kind": "admin#directory#member", "id": member, "type": "USER", "role": "MEMBER"}

    def issue(self, scopes: frozenset[str]) -> str:
        """A new token."""
        token = f"ya29.{secrets.token_urlsafe(16)}"
        self.tokens[token] = scopes
        return token

    def remember(self, place: str) -> str:
        """A page token for a place in a list: the key of the last entry that was sent."""
        token = secrets.token_urlsafe(12)
        self._cursors[token] = place
        return token

    def place(self, token: str) -> str | None:
        """The place that a page token stands for; None once it has expired."""
        return self._cursors.get(token)

    def forget(self) -> None:
        """Lets every page token expire."""
        self._cursors.clear()

    def _person(self, object_id: str) -> Json:
        if object_id not in self.people:
            raise NobodyThere(object_id)
        return self.people[object_id]
