"""A directory in memory, and the stages on which one contract is played with every kind of directory."""

import asyncio
import csv
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from billing.accounts import Account
from connectors.directories import open_directory
from connectors.directories.entra.app import EntraApp
from connectors.directories.entries import Removal, Sighting
from connectors.directories.examined import Examined
from connectors.directories.port import Directory, Reading
from connectors.directories.spool import Spool
from connectors.errors import Cause, DirectoryNotRead
from sandbox.microsoft.tenant import Tenant


@dataclass
class FakeDirectory:
    """People in memory, with a cursor that counts the changes; fails, or keeps its reader waiting, when told to."""

    accounts: dict[str, Account] = field(default_factory=dict)
    failure: Exception | None = None
    open_again: asyncio.Event | None = None
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    changed: list[str] = field(default_factory=list)

    def put(self, account: Account) -> None:
        """Hires somebody, or changes who is there."""
        self.accounts[account.object_id] = account
        self.changed.append(account.object_id)

    def remove(self, object_id: str) -> None:
        """Fires somebody."""
        del self.accounts[object_id]
        self.changed.append(object_id)

    async def read(self, cursor: str | None, spool: Spool, *, licences: bool) -> Reading:
        """Everybody, or who changed since the cursor."""
        if self.failure is not None:
            raise self.failure
        self.reached.set()
        if self.open_again is not None:
            await self.open_again.wait()
        wanted = list(self.accounts) if cursor is None else sorted(set(self.changed[int(cursor) :]))
        spool.append(self._entry(object_id) for object_id in wanted)
        present = sum(object_id in self.accounts for object_id in wanted)
        return Reading(full=cursor is None, cursor=str(len(self.changed)), pages=1, people=present)

    async def examine(self, *, licences: bool, now: Callable[[], datetime]) -> Examined:
        """Nothing to see."""
        return Examined()

    def _entry(self, object_id: str) -> Sighting | Removal:
        account = self.accounts.get(object_id)
        if account is None:
            return Removal(object_id, permanent=False)
        return Sighting(object_id, {one.name: getattr(account, one.name) for one in fields(account)[1:]})


class Stage(Protocol):
    """A directory with hands: what the contract needs to happen at the source."""

    def hire(self, account: Account) -> None: ...

    def fire(self, object_id: str) -> None: ...

    def rename(self, object_id: str, name: str) -> None: ...

    def break_down(self) -> None: ...

    def directory(self) -> Directory: ...


@dataclass
class FakeStage:
    """The contract with the fake."""

    fake: FakeDirectory = field(default_factory=FakeDirectory)

    def hire(self, account: Account) -> None:
        self.fake.put(account)

    def fire(self, object_id: str) -> None:
        self.fake.remove(object_id)

    def rename(self, object_id: str, name: str) -> None:
        self.fake.put(replace(self.fake.accounts[object_id], name=name))

    def break_down(self) -> None:
        self.fake.failure = DirectoryNotRead(Cause.NETWORK, "The fake was told to fail. Tell it to work again.")

    def directory(self) -> Directory:
        return self.fake


@dataclass
class CsvStage:
    """The contract with a plain CSV file, which is written anew after each change."""

    path: Path
    accounts: dict[str, Account] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._save()

    def hire(self, account: Account) -> None:
        self.accounts[account.object_id] = account
        self._save()

    def fire(self, object_id: str) -> None:
        del self.accounts[object_id]
        self._save()

    def rename(self, object_id: str, name: str) -> None:
        self.hire(replace(self.accounts[object_id], name=name))

    def break_down(self) -> None:
        self.path.unlink()

    def directory(self) -> Directory:
        return open_directory("csv", {"path": str(self.path)}, app=None)

    def _save(self) -> None:
        with self.path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["id", "name", "mail", "upn", "enabled", "guest", "licences"])
            for one in self.accounts.values():
                row = [one.object_id, one.name, one.mail, one.upn, one.enabled, one.guest, "+".join(one.licences or ())]
                writer.writerow(row)


@dataclass
class EntraStage:
    """The contract with Entra, against the pretend Microsoft."""

    tenant: Tenant
    app: EntraApp

    def hire(self, account: Account) -> None:
        self.tenant.people.hire(
            account.name,
            account.upn,
            mail=account.mail or None,
            licences=account.licences or (),
            guest=account.guest,
            enabled=account.enabled,
            object_id=account.object_id,
        )

    def fire(self, object_id: str) -> None:
        self.tenant.people.fire(object_id)

    def rename(self, object_id: str, name: str) -> None:
        self.tenant.people.rename(object_id, name=name)

    def break_down(self) -> None:
        self.tenant.permissions.clear()

    def directory(self) -> Directory:
        return open_directory("entra", {"tenant": self.tenant.id}, app=self.app)
