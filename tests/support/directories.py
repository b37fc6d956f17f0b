"""A directory in memory, and the stages on which one contract is played with every kind of directory."""

import asyncio
import csv
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from connectors.directories import open_directory
from connectors.directories.entra.app import EntraApp
from connectors.directories.entries import Removal, Sighting
from connectors.directories.examined import Credential, Examined
from connectors.directories.kinds import Surroundings
from connectors.directories.port import Directory, Reading, Units
from connectors.directories.spool import Spool
from connectors.errors import Cause, DirectoryNotRead
from rosters.rules import Account, Wanted
from sandbox.microsoft.tenant import Tenant
from tests.support.files import workbook

_LICENCES = Wanted(licences=True)


@dataclass
class FakeDirectory:
    """People in memory, with a cursor that counts the changes; fails, or keeps its reader waiting, when told to."""

    accounts: dict[str, Account] = field(default_factory=dict)
    failure: Exception | None = None
    open_again: asyncio.Event | None = None
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    changed: list[str] = field(default_factory=list)
    bought: dict[str, int] | None = None
    credential: Credential | None = None
    unseen: Exception | None = None
    members: dict[str, frozenset[str]] | None = None
    knows_licences: bool = True

    def put(self, account: Account) -> None:
        """Hires somebody, or changes who is there."""
        self.accounts[account.object_id] = account
        self.changed.append(account.object_id)

    def remove(self, object_id: str) -> None:
        """Fires somebody."""
        del self.accounts[object_id]
        self.changed.append(object_id)

    async def read(self, cursor: str | None, spool: Spool, *, wanted: Wanted) -> Reading:
        """Everybody, or who changed since the cursor."""
        if self.failure is not None:
            raise self.failure
        self.reached.set()
        if self.open_again is not None:
            await self.open_again.wait()
        listed = list(self.accounts) if cursor is None else sorted(set(self.changed[int(cursor) :]))
        spool.append(self._entry(object_id) for object_id in listed)
        present = sum(object_id in self.accounts for object_id in listed)
        known = wanted.units and self.bought is not None
        units = tuple(Units(name, number, 0) for name, number in (self.bought or {}).items()) if known else None
        members = self.members and {group: self.members[group] for group in wanted.groups}
        return Reading(cursor is None, str(len(self.changed)), 1, present, members, units, self.knows_licences)

    async def examine(self, *, wanted: Wanted, now: Callable[[], datetime]) -> Examined:
        """Nothing to see but what it is signed in by."""
        if self.unseen is not None:
            raise self.unseen
        return Examined(credential=self.credential)

    def _entry(self, object_id: str) -> Sighting | Removal:
        account = self.accounts.get(object_id)
        if account is None:
            return Removal(object_id, permanent=False)
        said = {one.name: getattr(account, one.name) for one in fields(account)[1:]}
        return Sighting(object_id, said if self.knows_licences else {**said, "licences": None})


class Stage(Protocol):
    """A directory with hands: what the contract needs to happen at the source.

    `wanted` is the most that may be asked of this kind.
    """

    wanted: Wanted

    def hire(self, account: Account) -> Account:
        """Hires somebody like that, and says what the source can show: its own id, and not what it doesn't know."""
        ...

    def fire(self, object_id: str) -> None: ...

    def rename(self, object_id: str, name: str) -> None: ...

    def break_down(self) -> None: ...

    def directory(self) -> Directory: ...


@dataclass
class FakeStage:
    """The contract with the fake."""

    fake: FakeDirectory = field(default_factory=FakeDirectory)
    wanted: Wanted = _LICENCES

    def hire(self, account: Account) -> Account:
        self.fake.put(account)
        return account

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
    """The contract with a plain CSV or XLSX file, which is written anew after each change."""

    path: Path
    accounts: dict[str, Account] = field(default_factory=dict)
    wanted: Wanted = _LICENCES

    def __post_init__(self) -> None:
        self._save()

    def hire(self, account: Account) -> Account:
        self.accounts[account.object_id] = account
        self._save()
        return account

    def fire(self, object_id: str) -> None:
        del self.accounts[object_id]
        self._save()

    def rename(self, object_id: str, name: str) -> None:
        self.hire(replace(self.accounts[object_id], name=name))

    def break_down(self) -> None:
        self.path.unlink()

    def directory(self) -> Directory:
        return open_directory("csv", {"path": str(self.path)})

    def _save(self) -> None:
        rows: list[list[object]] = [["id", "name", "mail", "upn", "enabled", "guest", "licences"]]
        for one in self.accounts.values():
            licences = "+".join(one.licences or ())
            rows.append([one.object_id, one.name, one.mail, one.upn, one.enabled, one.guest, licences])
        if self.path.suffix == ".xlsx":
            self.path.write_bytes(workbook(*rows, formulas=False))
            return
        with self.path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)


@dataclass
class EntraStage:
    """The contract with Entra, against the pretend Microsoft."""

    tenant: Tenant
    app: EntraApp
    wanted: Wanted = _LICENCES

    def hire(self, account: Account) -> Account:
        self.tenant.people.hire(
            account.name,
            account.upn,
            mail=account.mail or None,
            licences=account.licences or (),
            guest=account.guest,
            enabled=account.enabled,
            object_id=account.object_id,
        )
        return account

    def fire(self, object_id: str) -> None:
        self.tenant.people.fire(object_id)

    def rename(self, object_id: str, name: str) -> None:
        self.tenant.people.rename(object_id, name=name)

    def break_down(self) -> None:
        self.tenant.permissions.clear()

    def directory(self) -> Directory:
        return open_directory("entra", {"tenant": self.tenant.id}, Surroundings(app=lambda: self.app))
