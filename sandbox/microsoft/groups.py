"""The groups of a tenant: people, and groups in groups."""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID, uuid5

from sandbox.microsoft.people import Json, NobodyThere


@dataclass(slots=True)
class Group:
    """A group with the ids of its direct members: users, groups, and anything else, which counts as a device."""

    id: str
    name: str
    members: dict[str, None] = field(default_factory=dict)


@dataclass(slots=True)
class Groups:
    """The groups of one tenant; `is_user` says of an id whether it is a user who is there."""

    tenant_id: str
    is_user: Callable[[str], bool]
    every: dict[str, Group] = field(default_factory=dict)

    def add(self, name: str, *, object_id: str | None = None) -> str:
        """Creates a group and gives its id; several may have the same name."""
        identity = object_id or str(uuid5(UUID(self.tenant_id), f"group/{name}/{len(self.every)}"))
        self.every[identity] = Group(identity, name)
        return identity

    def join(self, group: str, *members: str) -> None:
        """Puts users or groups into a group."""
        self._found(group).members.update(dict.fromkeys(members))

    def leave(self, group: str, *members: str) -> None:
        """Takes them out."""
        for member in members:
            self._found(group).members.pop(member, None)

    def named(self, name: str) -> list[Json]:
        """The groups with this display name, compared without regard to case as Graph does."""
        wanted = name.casefold()
        return [{"id": one.id, "displayName": one.name} for one in self.every.values() if one.name.casefold() == wanted]

    def transitive(self, group: str) -> list[Json]:
        """Every member of a group and of the groups in it, once; groups in a circle too."""
        todo, seen, listed = [group], {group}, []
        while todo:
            for member in self._found(todo.pop()).members:
                if member in seen:
                    continue
                seen.add(member)
                if member in self.every:
                    todo.append(member)
                listed.append({"@odata.type": f"#microsoft.graph.{self._kind(member)}", "id": member})
        return [member for member in listed if not self._is_gone(member)]

    def _found(self, group: str) -> Group:
        if group not in self.every:
            raise NobodyThere(group)
        return self.every[group]

    def _kind(self, member: str) -> str:
        if member in self.every:
            return "group"
        return "device" if member.startswith("device-") else "user"

    def _is_gone(self, member: Json) -> bool:
        return member["@odata.type"] == "#microsoft.graph.user" and not self.is_user(member["id"])
