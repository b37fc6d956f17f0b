"""What a visitor does behind the scenes: to the people and the tenant of a client, and to the clock."""

from collections.abc import Callable, Mapping
from datetime import date

from billing.errors import WrongInput
from sandbox.microsoft.tenant import Tenant
from sandbox.page import tenants
from sandbox.page.backstage import Backstage
from sandbox.page.names import somebody
from sandbox.workspace.model import Json
from sandbox.workspace.wishes import Wishes

BackstageDeed = Callable[[Backstage, Wishes], Json]


class TenantIsMissing(WrongInput):
    """A client without a pretend tenant."""


class DayIsUnclear(WrongInput):
    """Not a day as a date field writes it."""


def _hire(backstage: Backstage, wishes: Wishes) -> Json:
    tenant = _tenant(backstage, wishes)
    name = str(wishes.required("name"))
    tenants.hire(tenant, name, str(wishes.get("kind", "counts")))
    taken = {str(person.properties["displayName"]) for person in tenant.people.everybody()}
    return {"hired": name, "next_name": somebody(taken)}


def _change(backstage: Backstage, wishes: Wishes) -> Json:
    deed, value = str(wishes.required("deed")), str(wishes.get("value", ""))
    tenants.change(_tenant(backstage, wishes), str(wishes.required("person")), deed, value)
    return {}


def _break(backstage: Backstage, wishes: Wishes) -> Json:
    tenants.break_tenant(_tenant(backstage, wishes), str(wishes.required("how")))
    return {}


def _mend(backstage: Backstage, wishes: Wishes) -> Json:
    tenants.mend(_tenant(backstage, wishes))
    return {}


def _read_directory(backstage: Backstage, wishes: Wishes) -> Json:
    backstage.read(str(wishes.required("client")))
    return {}


def _turn(backstage: Backstage, wishes: Wishes) -> Json:
    written = str(wishes.required("day"))
    try:
        day = date.fromisoformat(written)
    except ValueError as wrong:
        raise DayIsUnclear(f"{written} is no day. Write it as in 2027-02-01.") from wrong
    backstage.turn_to(day)
    return {}


def _tenant(backstage: Backstage, wishes: Wishes) -> Tenant:
    client = str(wishes.required("client"))
    tenant = backstage.tenant(client)
    if tenant is None:
        raise TenantIsMissing(f"{client} has no pretend tenant here.")
    return tenant


BACKSTAGE_DEEDS: Mapping[str, BackstageDeed] = {
    "hire": _hire,
    "change": _change,
    "break": _break,
    "mend": _mend,
    "sync": _read_directory,
    "turn": _turn,
}
"""By the end of their address below /page/do/."""
