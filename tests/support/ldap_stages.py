"""The contract of directories with a real domain controller and a real OpenLDAP."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from connectors.directories.port import Directory
from rosters.rules import Account, Wanted
from tests.support.ldap_lab import Lab, Values

_NOTHING_MORE = Wanted()
_ENABLED, _DISABLED = "544", "546"


@dataclass
class SambaStage:
    """People of one unit of a domain; each has a sign-in name of its own, since a domain has each but once."""

    lab: Lab
    wanted: Wanted = _NOTHING_MORE

    def hire(self, account: Account, **more: str) -> Account:
        mark = uuid4().hex[:12]
        upn = f"{mark}.{account.upn}"
        values = {
            "sAMAccountName": mark,
            "userPrincipalName": upn,
            "displayName": account.name,
            "mail": account.mail,
            "userAccountControl": _ENABLED if account.enabled else _DISABLED,
            **more,
        }
        dn = f"CN={mark},{self.lab.base}"
        self.lab.admin.add(dn, "user", {name: value for name, value in values.items() if value})
        object_id = str(UUID(bytes_le=self.lab.attribute(dn, "objectGUID")))
        return replace(account, object_id=object_id, upn=upn, guest=False, licences=None)

    def dn(self, object_id: str) -> str:
        return f"<GUID={object_id}>"

    def fire(self, object_id: str) -> None:
        self.lab.admin.delete(self.dn(object_id))

    def rename(self, object_id: str, name: str) -> None:
        self.lab.change(self.dn(object_id), {"displayName": name})

    def account_name(self, group: str) -> str:
        """By which name of its own the domain knows a group of this unit."""
        return f"{self.lab.mark}-{group}-account"

    def group(self, name: str, members: Sequence[str], *, within: Sequence[str] = (), unit: str | None = None) -> str:
        """A group with these people and, by their names, groups; its distinguished name."""
        dn = f"CN={self.lab.mark}-{name},{unit or self.lab.base}"
        account = self.account_name(name) if unit is None else uuid4().hex
        # The type is that of a global security group, as Windows writes it: a signed number.
        self.lab.admin.add(dn, "group", {"sAMAccountName": account, "groupType": "-2147483646"})
        if members or within:
            self.lab.change(dn, {"member": [*(self.dn(one) for one in members), *within]})
        return dn

    def break_down(self) -> None:
        self.lab.secrets["reader"] = "wrong"

    def directory(self) -> Directory:
        return self.lab.directory()


@dataclass
class SlapdStage:
    """People of one unit of a tree."""

    lab: Lab
    wanted: Wanted = _NOTHING_MORE

    def hire(self, account: Account, **more: str) -> Account:
        mark = uuid4().hex[:12]
        values: Values = {
            "cn": mark,
            "sn": mark,
            "uid": account.upn,
            "displayName": account.name,
            "mail": account.mail,
            **more,
        }
        dn = f"cn={mark},{self.lab.base}"
        self.lab.admin.add(dn, "inetOrgPerson", {name: value for name, value in values.items() if value})
        if not account.enabled:
            self.lab.change(dn, {"pwdAccountLockedTime": "000001010000Z"})
        object_id = self.lab.attribute(dn, "entryUUID").decode()
        return replace(account, object_id=object_id, guest=False, licences=None)

    def dn(self, object_id: str) -> str:
        self.lab.admin.search(self.lab.base, f"(entryUUID={object_id})", attributes=["1.1"])
        dn: str = (self.lab.admin.response or [])[0]["dn"]
        return dn

    def fire(self, object_id: str) -> None:
        self.lab.admin.delete(self.dn(object_id))

    def rename(self, object_id: str, name: str) -> None:
        self.lab.change(self.dn(object_id), {"displayName": name})

    def break_down(self) -> None:
        self.lab.secrets["reader"] = "wrong"

    def directory(self) -> Directory:
        return self.lab.directory()
