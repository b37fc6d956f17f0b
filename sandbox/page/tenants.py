"""What can happen to a pretend tenant and to the people in it, in the words of the people panel."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from billing.errors import WrongInput
from sandbox.microsoft.faults import Endpoint, Fault
from sandbox.microsoft.people import NobodyThere, Person
from sandbox.microsoft.skus import sku_id
from sandbox.microsoft.tenant import READ_LICENCES, READ_USERS, Tenant

_ALWAYS = 1_000_000
_SLOW_SECONDS = 8
_RETRY_SECONDS = 5
_NAME_MOST = 256

LICENCES: Mapping[str, str] = {
    "SPB": "Microsoft 365 Business Premium",
    "O365_BUSINESS_ESSENTIALS": "Microsoft 365 Business Basic",
    "SPE_F1": "Microsoft 365 F3",
    "EXCHANGESTANDARD": "Exchange Online (Plan 1)",
    "FLOW_FREE": "Power Automate Free",
}
"""The licences that the panel gives and takes, by part number."""


class PersonIsGone(WrongInput):
    """Somebody whom another tab has just deleted."""


class DeedIsUnknown(WrongInput):
    """Nothing of that name can be done to a person or a tenant."""


@dataclass(frozen=True, slots=True)
class Breakage:
    """A way in which a tenant can fail; `found` says whether it does so now, `waits` why a reading takes so long."""

    label: str
    sentence: str
    cause: Callable[[Tenant], None]
    found: Callable[[Tenant], bool]
    waits: str = ""


def mend(tenant: Tenant) -> None:
    """Everything is as it should be again."""
    tenant.consented = True
    tenant.permissions |= {READ_USERS, READ_LICENCES}
    tenant.faults.orders.clear()


def broken_by(tenant: Tenant) -> str | None:
    """The name of the first way in which the tenant fails now."""
    return next((name for name, breakage in BREAKAGES.items() if breakage.found(tenant)), None)


def break_tenant(tenant: Tenant, how: str) -> None:
    """Lets the tenant fail in one way, until it is mended."""
    if how not in BREAKAGES:
        raise DeedIsUnknown(f"A tenant can't be broken by {how}. Possible: {', '.join(BREAKAGES)}.")
    mend(tenant)
    BREAKAGES[how].cause(tenant)


def hire(tenant: Tenant, name: str, kind: str) -> str:
    """Somebody new: `counts` with a paid licence, `free` with a free one, `bare` with none, or a `guest`."""
    given = " ".join(name.split())
    if not given or len(given) > _NAME_MOST:
        raise WrongInput(f"A name has 1 to {_NAME_MOST} characters; this one has {len(given)}.")
    licences = {"counts": ["SPB"], "guest": ["SPB"], "free": ["FLOW_FREE"], "bare": []}
    if kind not in licences:
        raise DeedIsUnknown(f"Nobody is hired as {kind}. Possible: {', '.join(licences)}.")
    is_guest = kind == "guest"
    handle = _handle(given)
    taken = {person.properties["userPrincipalName"] for person in tenant.people.everybody()}
    domain = "partner.example" if is_guest else tenant.domain
    upn = next(upn for number in range(1, _ALWAYS) if (upn := _address(handle, number, domain)) not in taken)
    return tenant.people.hire(given, upn, mail=upn, licences=licences[kind], guest=is_guest)


def change(tenant: Tenant, person: str, deed: str, value: str) -> None:
    """Does something to a person: fire, disable, enable, rename, license or unlicense."""
    people = tenant.people
    deeds: Mapping[str, Callable[[], None]] = {
        "fire": partial(people.fire, person),
        "disable": partial(people.disable, person),
        "enable": partial(people.enable, person),
        "rename": partial(people.rename, person, name=value),
        "license": partial(people.license, person, value),
        "unlicense": partial(people.unlicense, person, value),
    }
    if deed not in deeds:
        raise DeedIsUnknown(f"Nobody can be told to {deed}. Possible: {', '.join(deeds)}.")
    if deed == "rename" and not 0 < len(value.strip()) <= _NAME_MOST:
        raise WrongInput(f"A name has 1 to {_NAME_MOST} characters; this one has {len(value.strip())}.")
    if deed in {"license", "unlicense"} and value not in LICENCES:
        raise DeedIsUnknown(f"There is no licence {value} here. Possible: {', '.join(LICENCES)}.")
    try:
        deeds[deed]()
    except NobodyThere as nobody:
        raise PersonIsGone("That person isn't in the directory any more; the list shows who is.") from nobody


def licences_of(person: Person) -> list[str]:
    """The part numbers of the licences that somebody has, as far as the panel knows them."""
    held = {licence["skuId"] for licence in person.properties["assignedLicenses"]}
    return [part_number for part_number in LICENCES if sku_id(part_number) in held]


def _handle(name: str) -> str:
    kept = "".join(letter if letter.isalnum() else "." for letter in name.casefold())
    return ".".join(part for part in kept.split(".") if part)[:48] or "somebody"


def _address(handle: str, number: int, domain: str) -> str:
    return f"{handle}@{domain}" if number == 1 else f"{handle}{number}@{domain}"


def _has(fault: Fault) -> Callable[[Tenant], bool]:
    return lambda tenant: any(order.fault is fault for order in tenant.faults.orders)


def _always(fault: Fault, *, seconds: int | None = None) -> Callable[[Tenant], None]:
    return lambda tenant: tenant.faults.order(Endpoint.DELTA, fault, times=_ALWAYS, seconds=seconds)


def _empty(tenant: Tenant) -> None:
    # A list of changes may well be empty; only a full one that is empty says that nobody is there.
    tenant.changes.forget()
    _always(Fault.EMPTY_DIRECTORY)(tenant)


def _withdraw_consent(tenant: Tenant) -> None:
    tenant.consented = False


BREAKAGES: Mapping[str, Breakage] = {
    "forbidden": Breakage(
        "Take away the permission (403)",
        "Rollcall may not read the users any more: Graph answers 403.",
        lambda tenant: tenant.permissions.discard(READ_USERS),
        lambda tenant: READ_USERS not in tenant.permissions,
    ),
    "consent": Breakage(
        "Withdraw the admin's consent",
        "The client's admin has withdrawn the consent, so nobody gets a token.",
        _withdraw_consent,
        lambda tenant: not tenant.consented,
    ),
    "empty": Breakage(
        "Show an empty directory",
        "Graph answers as if nobody worked here.",
        _empty,
        _has(Fault.EMPTY_DIRECTORY),
    ),
    "slow": Breakage(
        f"Answer slowly ({_SLOW_SECONDS} s a page)",
        f"Graph takes {_SLOW_SECONDS} seconds for a page.",
        _always(Fault.SLOW, seconds=_SLOW_SECONDS),
        _has(Fault.SLOW),
    ),
    "throttled": Breakage(
        "Throttle (429)",
        f"Graph answers 429: too many requests, wait {_RETRY_SECONDS} seconds.",
        _always(Fault.THROTTLED, seconds=_RETRY_SECONDS),
        _has(Fault.THROTTLED),
        f"It waits because Microsoft asks it to, and tries again every {_RETRY_SECONDS} seconds, for a quarter of an "
        "hour at most. “Mend it” ends the wait.",
    ),
    "down": Breakage(
        "Be down (503)", "Graph answers 503 to everything.", _always(Fault.UNAVAILABLE), _has(Fault.UNAVAILABLE)
    ),
    "cut": Breakage(
        "Cut answers off", "Graph's answers break off in the middle.", _always(Fault.TRUNCATED), _has(Fault.TRUNCATED)
    ),
}
"""By name; the panel offers them in this order."""
