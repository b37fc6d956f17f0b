"""The people of a tenant as Graph keeps them, with the version at which each property last changed."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID, uuid5

from sandbox.microsoft.skus import sku_id

State = Literal["active", "binned", "purged"]
Json = dict[str, Any]


class NobodyThere(Exception):
    """The tenant has no such person, or not in the state that the call needs."""


@dataclass(slots=True)
class Person:
    """A user object. A property that was never set is missing from `properties`; one that was cleared is None."""

    id: str
    properties: Json
    state: State = "active"
    moved: int = 0
    changed: dict[str, int] = field(default_factory=dict)

    def shown(self, select: Collection[str]) -> Json:
        """The object with the selected properties that it has; the id is always among them."""
        return {"id": self.id, **{name: value for name, value in self.properties.items() if name in select}}

    def tombstone(self) -> Json:
        """What the list of changes says of somebody who is gone."""
        return {"id": self.id, "@removed": {"reason": "changed" if self.state == "binned" else "deleted"}}

    def stirred(self, since: int, select: Collection[str]) -> bool:
        """Whether the list of changes since a version mentions this person: only selected properties count."""
        return self.moved > since or any(self.changed.get(name, 0) > since for name in select)


class People:
    """The people of one tenant, who can be hired, fired, changed and brought back."""

    def __init__(self, tenant_id: str) -> None:
        """Begins with nobody."""
        self.version = 0
        self.licences_seen: set[str] = set()
        self._tenant = UUID(tenant_id)
        self._all: dict[str, Person] = {}

    def hire(
        self,
        name: str,
        upn: str,
        *,
        mail: str | None = None,
        licences: Iterable[str] = (),
        guest: bool = False,
        enabled: bool = True,
        object_id: str | None = None,
    ) -> str:
        """Creates a user and gives its object id; the mail is left unset when it isn't given."""
        licences = self._seen(licences)
        identity = object_id or str(uuid5(self._tenant, f"{upn}/{len(self._all)}"))
        properties: Json = {
            "displayName": name,
            "userPrincipalName": upn,
            "accountEnabled": enabled,
            "userType": "Guest" if guest else "Member",
            "assignedLicenses": [_assigned(licence) for licence in licences],
        }
        if mail is not None:
            properties["mail"] = mail
        self._all[identity] = Person(identity, properties, moved=self._next())
        return identity

    def fire(self, object_id: str) -> None:
        """Soft-deletes: the user lies in the bin and can be restored."""
        self._move(object_id, "active", "binned")

    def purge(self, object_id: str) -> None:
        """Deletes for good."""
        person = self._all.get(object_id)
        if person is None or person.state == "purged":
            raise NobodyThere(object_id)
        person.state, person.moved = "purged", self._next()

    def restore(self, object_id: str) -> None:
        """Brings a user back from the bin with everything it had."""
        self._move(object_id, "binned", "active")

    def change(self, object_id: str, **properties: object) -> None:
        """Sets properties by Graph's names; None clears one."""
        person = self.active(object_id)
        version = self._next()
        person.properties.update(properties)
        person.changed.update(dict.fromkeys(properties, version))

    def disable(self, object_id: str) -> None:
        """Blocks the sign-in."""
        self.change(object_id, accountEnabled=False)

    def enable(self, object_id: str) -> None:
        """Lets the user sign in again."""
        self.change(object_id, accountEnabled=True)

    def rename(
        self, object_id: str, *, name: str | None = None, upn: str | None = None, mail: str | None = None
    ) -> None:
        """Gives a new name, principal name or mail; what is None stays."""
        given = {"displayName": name, "userPrincipalName": upn, "mail": mail}
        self.change(object_id, **{key: value for key, value in given.items() if value is not None})

    def license(self, object_id: str, *part_numbers: str) -> None:
        """Assigns licences in addition to those that the user has."""
        held = {licence["skuId"]: licence for licence in self.active(object_id).properties["assignedLicenses"]}
        held.update((sku_id(part_number), _assigned(part_number)) for part_number in self._seen(part_numbers))
        self.change(object_id, assignedLicenses=list(held.values()))

    def unlicense(self, object_id: str, *part_numbers: str) -> None:
        """Takes licences away; without any named, all."""
        taken = {sku_id(part_number) for part_number in part_numbers}
        held = self.active(object_id).properties["assignedLicenses"] if taken else []
        self.change(object_id, assignedLicenses=[licence for licence in held if licence["skuId"] not in taken])

    def active(self, object_id: str) -> Person:
        """The user with this id; raises `NobodyThere` for one who is gone."""
        person = self._all.get(object_id)
        if person is None or person.state != "active":
            raise NobodyThere(object_id)
        return person

    def is_there(self, object_id: str) -> bool:
        """Whether there is an active user with this id."""
        person = self._all.get(object_id)
        return person is not None and person.state == "active"

    def everybody(self) -> list[Person]:
        """The users who are there, in the order in which they were created."""
        return [person for person in self._all.values() if person.state == "active"]

    def listed(self, select: Collection[str], since: int | None) -> list[Json]:
        """What a list of changes mentions: without `since` everybody who is there, else whoever stirred."""
        if since is None:
            return [person.shown(select) for person in self.everybody()]
        stirred = [person for person in self._all.values() if person.stirred(since, select)]
        return [person.shown(select) if person.state == "active" else person.tombstone() for person in stirred]

    def _seen(self, part_numbers: Iterable[str]) -> list[str]:
        listed = list(part_numbers)
        self.licences_seen.update(listed)
        return listed

    def _move(self, object_id: str, before: State, after: State) -> None:
        person = self._all.get(object_id)
        if person is None or person.state != before:
            raise NobodyThere(object_id)
        person.state, person.moved = after, self._next()

    def _next(self) -> int:
        self.version += 1
        return self.version


def _assigned(part_number: str) -> Json:
    return {"skuId": sku_id(part_number), "disabledPlans": []}
