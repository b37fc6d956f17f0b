"""A tenant's list of users as Graph sends it, page by page as bytes, without a network in between."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import httpx

from connectors.directories.entra.refusals import SignIn

PAGE, CHANGED = 500, 200
"""One in so many people changes between the first sync and the next."""
BASE = "https://graph.example"
SKU = "cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46"
SKUS = {"value": [{"skuId": SKU, "skuPartNumber": "SPB", "consumedUnits": 1, "prepaidUnits": {"enabled": 1}}]}


def user(number: int, name: str = "Person") -> dict[str, Any]:
    """One object of Graph's list."""
    return {
        # As random as Graph's own: keys that come in their order are much cheaper to store.
        "id": str(uuid5(NAMESPACE_OID, str(number))),
        "displayName": f"{name} {number} of the Company",
        "mail": f"person.{number}@acme.example",
        "userPrincipalName": f"person.{number}@acme.example",
        "accountEnabled": True,
        "userType": "Member",
        "department": "Sales",
        "employeeId": f"E{number}",
        "assignedLicenses": [{"skuId": SKU, "disabledPlans": []}],
    }


Users = Callable[[int], Mapping[str, Any]]


class Pages:
    """So many users as pages, each made when it is asked for; each leads to the next, the last to the next round."""

    def __init__(self, user_at: Users, count: int, last: str) -> None:
        """`last` is the token of the next round."""
        self.user_at, self.count, self.last = user_at, count, last

    def __len__(self) -> int:
        return max(-(-self.count // PAGE), 1)

    def __getitem__(self, number: int) -> bytes:
        start, after = number * PAGE, min((number + 1) * PAGE, self.count)
        end = after == self.count
        link = f"{BASE}/v1.0/users/delta?{f'$deltatoken={self.last}' if end else f'$skiptoken={after}'}"
        users = [self.user_at(each) for each in range(start, after)]
        return json.dumps({"value": users, "@odata.deltaLink" if end else "@odata.nextLink": link}).encode()


def every(pages: Pages) -> list[bytes]:
    """All pages, so that making them isn't measured."""
    return [pages[number] for number in range(len(pages))]


def changed(number: int) -> dict[str, Any]:
    """What becomes of the people who change, in turn: a name, a block, a farewell."""
    which = number // CHANGED % 3
    if which == 0:
        return user(number, "Renamed")
    if which == 1:
        return {**user(number), "accountEnabled": False}
    return {"id": user(number)["id"], "@removed": {"reason": "changed"}}


class SignedIn:
    """Tokens that are always there: signing in isn't what is measured."""

    sign_in = SignIn("tenant", "app", "https://login.example")

    async def current(self) -> str:
        return "token"

    async def renewed(self, claims: str | None) -> str:
        return "token"


@dataclass
class Graph:
    """Answers with bytes that lie ready."""

    first: list[bytes] | Pages
    following: list[bytes] | Pages

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/subscribedSkus"):
            return httpx.Response(200, json=SKUS)
        round_ = self.following if "end" in request.url.params.get("$deltatoken", "") else self.first
        number = int(request.url.params.get("$skiptoken", "0")) // PAGE
        headers = {"Content-Type": "application/json"}
        return httpx.Response(200, content=round_[number], headers=headers)

    def client(self, _: str) -> httpx.AsyncClient:
        """What the adapter sends through."""
        return httpx.AsyncClient(transport=httpx.MockTransport(self))
