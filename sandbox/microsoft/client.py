"""Controlling a pretend Microsoft that runs in another process."""

from collections.abc import Iterable
from pathlib import Path
from ssl import create_default_context
from types import TracebackType
from typing import Any, Self

import httpx

from sandbox.microsoft.faults import Endpoint, Fault


class MicrosoftClient:
    """The cloud as a whole; an asynchronous context manager."""

    def __init__(self, base_url: str, ca_bundle: Path) -> None:
        """Trusts only the authority of the sandbox."""
        self._http = httpx.AsyncClient(base_url=base_url, verify=create_default_context(cafile=ca_bundle))

    async def __aenter__(self) -> Self:
        """Opens the connection."""
        await self._http.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Closes it."""
        await self._http.__aexit__(kind, problem, trace)

    async def register(self, client_id: str, **more: str | None) -> None:
        """Registers an app; `more` is `secret`, `certificate_pem`, `home` or `secret_expires`."""
        await self._post("apps", client_id=client_id, **more)

    async def add_tenant(self, tenant_id: str, domain: str) -> "TenantClient":
        """Opens a tenant that has consented."""
        await self._post("tenants", tenant_id=tenant_id, domain=domain)
        return TenantClient(self._http, tenant_id)

    def tenant(self, name: str) -> "TenantClient":
        """A tenant that exists, by id or domain."""
        return TenantClient(self._http, name)

    async def _post(self, path: str, **body: object) -> None:
        (await self._http.post(f"/control/{path}", json=body)).raise_for_status()


class TenantClient:
    """What can happen to one tenant; the calls are those of `sandbox.microsoft.people` and `tenant`."""

    def __init__(self, http: httpx.AsyncClient, name: str) -> None:
        """Borrows the connection of the cloud's client."""
        self._http = http
        self._name = name

    async def state(self) -> dict[str, Any]:
        """The tenant with its people and licences."""
        answer = await self._http.get(f"/control/tenants/{self._name}")
        body: dict[str, Any] = answer.raise_for_status().json()
        return body

    async def hire(self, name: str, upn: str, *, licences: Iterable[str] = (), **more: object) -> str:
        """Creates a user and gives its object id; `more` is `mail`, `guest`, `enabled` or `object_id`."""
        return str(await self._call("hire", name=name, upn=upn, licences=list(licences), **more))

    async def fire(self, object_id: str) -> None:
        """Soft-deletes."""
        await self._call("fire", object_id=object_id)

    async def purge(self, object_id: str) -> None:
        """Deletes for good."""
        await self._call("purge", object_id=object_id)

    async def restore(self, object_id: str) -> None:
        """Brings back from the bin."""
        await self._call("restore", object_id=object_id)

    async def disable(self, object_id: str) -> None:
        """Blocks the sign-in."""
        await self._call("disable", object_id=object_id)

    async def enable(self, object_id: str) -> None:
        """Lets the user sign in again."""
        await self._call("enable", object_id=object_id)

    async def rename(
        self, object_id: str, *, name: str | None = None, upn: str | None = None, mail: str | None = None
    ) -> None:
        """Gives a new name, principal name or mail."""
        await self._call("rename", object_id=object_id, name=name, upn=upn, mail=mail)

    async def license(self, object_id: str, *part_numbers: str) -> None:
        """Assigns licences."""
        await self._call("license", object_id=object_id, part_numbers=part_numbers)

    async def unlicense(self, object_id: str, *part_numbers: str) -> None:
        """Takes licences away; without any named, all."""
        await self._call("unlicense", object_id=object_id, part_numbers=part_numbers)

    async def buy(self, part_number: str, units: int) -> None:
        """Sets the units bought."""
        await self._call("buy", part_number=part_number, units=units)

    async def add_group(self, name: str, *members: str) -> str:
        """Creates a group with direct members, users or groups, and gives its id."""
        group = str(await self._call("add_group", name=name))
        await self.join(group, *members)
        return group

    async def join(self, group: str, *members: str) -> None:
        """Puts users or groups into a group."""
        await self._call("join", group=group, members=members)

    async def leave(self, group: str, *members: str) -> None:
        """Takes them out."""
        await self._call("leave", group=group, members=members)

    async def set_mailbox(self, object_id: str, purpose: str) -> None:
        """Says what a mailbox is for: `user`, `shared`, `room`, `equipment` or another word of Graph."""
        await self._call("set_mailbox", object_id=object_id, purpose=purpose)

    async def signed_in(self, object_id: str, moment: str) -> None:
        """Notes a successful sign-in: 2026-11-22T08:00:00Z."""
        await self._call("signed_in", object_id=object_id, moment=moment)

    async def configure(self, **settings: object) -> None:
        """Sets `consented`, `permissions`, `token_lifetime_seconds`, `premium`, `page_size` or `repeats`."""
        await self._call("configure", **settings)

    async def fail(
        self, endpoint: Endpoint, fault: Fault, *, after: int = 0, times: int = 1, seconds: int | None = None
    ) -> None:
        """Orders a fault; see `sandbox.microsoft.faults`."""
        await self._call("fail", endpoint=endpoint, fault=fault, after=after, times=times, seconds=seconds)

    async def forget(self) -> None:
        """Makes every paging and change token unknown."""
        await self._call("forget")

    async def revoke(self) -> None:
        """Makes every access token invalid."""
        await self._call("revoke")

    async def _call(self, call: str, /, **body: object) -> object:
        answer = await self._http.post(f"/control/tenants/{self._name}/{call}", json=body)
        return answer.raise_for_status().json()["result"]
