"""Where a storm blows: the pretend source of one client, what happens to its people, and how it fails."""

import contextlib
import json
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from random import Random
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from connectors.directories import open_directory
from connectors.directories.kinds import Surroundings
from connectors.directories.port import Directory
from rosters.rules import Roster, Rule
from sandbox.faults import Faults, Twist, broken_off, dropped, instead
from sandbox.google.app import google_error
from sandbox.microsoft.faults import Endpoint, Fault
from sandbox.microsoft.skus import sku_id
from sandbox.microsoft.tenant import Tenant
from sandbox.okta.app import okta_error
from tests.support.google import Google
from tests.support.microsoft import Bench
from tests.support.okta import Okta

PAID, FRONTLINE, FREE = "SPB", "SPE_F1", "FLOW_FREE"
# One more call than a sync with all its repetitions makes now and then, so that some orders are never met.
LATEST_CALL = 8
# A slow page is waited for in earnest, so it isn't very slow. It comes beside the other faults, by a chance of its own.
_SLOW_SECONDS = 0.03

Counted = tuple[str, str]
"""A roster, and the object id of somebody who counts on it."""

Ear = Callable[[str], object]
Deeds = Mapping[str, Callable[[str], object]]
"""What can happen to somebody, by what it is called; each takes an object id."""


class Ground(Protocol):
    """One source for one client. `lied` says that it has shown a list that looked whole and wasn't.

    `untraced` are those who went without a trace in what changed: until everybody is read, nobody can know.
    """

    kind: str
    rosters: tuple[Roster, ...]
    call: str
    lied: bool
    untraced: set[str]

    def begin(self, number: int, random: Random) -> Mapping[str, object]:
        """Makes room for the client of a schedule; the settings of its directory."""
        ...

    def open(self, settings: Mapping[str, object]) -> Directory:
        """The source as the product opens it."""
        ...

    def hearing(self, ear: Ear) -> AbstractContextManager[None]:
        """Lets somebody hear of every call for a while; one that was answered is called `call`."""
        ...

    def there(self) -> Sequence[str]:
        """Everybody who is there."""
        ...

    def truth(self) -> frozenset[Counted]:
        """Who counts now and where, by what the source has."""
        ...

    def hire(self, random: Random) -> None:
        """Somebody comes."""
        ...

    def deeds(self, random: Random) -> Deeds:
        """What can happen to somebody who is there."""
        ...

    def order(self, random: Random) -> str:
        """A fault to come, in words."""
        ...

    def calm(self) -> None:
        """No fault comes any more."""
        ...


# What no reader could notice in a list of changes: there the server would have lost them for good.
LISTS_ONLY = (Fault.EMPTY_DIRECTORY, Fault.PARTIAL_DIRECTORY)

ENTRA_FAULTS: tuple[tuple[Endpoint, Fault], ...] = (
    *((Endpoint.DELTA, fault) for fault in Fault if fault is not Fault.SLOW and fault not in LISTS_ONLY),
    # Twice, since they are the ones that look like the truth.
    *(2 * tuple((Endpoint.DELTA, fault) for fault in LISTS_ONLY)),
    (Endpoint.USER, Fault.UNAVAILABLE),
    (Endpoint.USER, Fault.TRUNCATED),
    (Endpoint.SKUS, Fault.THROTTLED),
    (Endpoint.SKUS, Fault.UNAVAILABLE),
    (Endpoint.SKUS, Fault.TRUNCATED),
    (Endpoint.SKUS, Fault.FORBIDDEN),
    (Endpoint.TOKEN, Fault.UNAVAILABLE),
    (Endpoint.TOKEN, Fault.THROTTLED),
)


# Lists that look like the truth, alone.
ENTRA_LIES = tuple((Endpoint.DELTA, fault) for fault in LISTS_ONLY)


@dataclass
class EntraGround:
    """A tenant of the pretend Microsoft; every schedule has its own."""

    bench: Bench
    faults: Sequence[tuple[Endpoint, Fault]] = ENTRA_FAULTS
    kind: str = "entra"
    rosters: tuple[Roster, ...] = tuple(
        Roster(name, Rule(counted_licences=(licence,))) for name, licence in (("full", PAID), ("frontline", FRONTLINE))
    )
    call: str = "graph:after"
    lied: bool = False
    untraced: set[str] = field(default_factory=set)
    tenant: Tenant = field(init=False)
    pauses: Random = field(init=False)
    fired: list[str] = field(default_factory=list)

    def begin(self, number: int, random: Random) -> Mapping[str, object]:
        self.tenant = self.bench.cloud.add_tenant(str(uuid.UUID(int=number + 1)), f"storm-{number}.example")
        self.tenant.changes.page_size = random.choice((1, 2, 3, 5))
        self.tenant.changes.repeats = random.random() < 1 / 3
        self.pauses = Random(number)
        self.lied = False
        self.fired.clear()
        return {"tenant": self.tenant.id}

    def open(self, settings: Mapping[str, object]) -> Directory:
        around = Surroundings(app=lambda: self.bench.app, patience=self.bench.pauses.patience(deadline_seconds=900))
        return open_directory(self.kind, settings, around)

    def hearing(self, ear: Ear) -> AbstractContextManager[None]:
        return self.bench.hearing(ear)

    def there(self) -> list[str]:
        return [person.id for person in self.tenant.people.everybody()]

    def truth(self) -> frozenset[Counted]:
        return frozenset(
            (licences[0], person.id)
            for person in self.tenant.people.everybody()
            if person.properties["accountEnabled"]
            and person.properties["userType"] == "Member"
            and (licences := self._rosters_of(person.properties["assignedLicenses"]))
        )

    def _rosters_of(self, assigned: Sequence[Mapping[str, str]]) -> list[str]:
        has = {licence["skuId"] for licence in assigned}
        return [name for name, licence in (("full", PAID), ("frontline", FRONTLINE)) if sku_id(licence) in has]

    def hire(self, random: Random) -> None:
        licences = random.choice(((PAID,), (PAID,), (FRONTLINE,), (PAID, FREE), (FREE,), ()))
        number = random.randint(1, 10**9)
        is_guest = random.random() < 1 / 10
        self.tenant.people.hire(f"Person {number}", f"p{number}@acme.example", licences=licences, guest=is_guest)

    def deeds(self, random: Random) -> Deeds:
        people = self.tenant.people
        return {
            "fire": self._fire,
            "disable": people.disable,
            "enable": people.enable,
            "rename": lambda one: people.rename(one, name=f"Renamed {random.randint(1, 99)}"),
            "swap": lambda one: self._swap(one, random.choice(self.there())),
            "rehire": self._rehire,
            "purge": people.purge,
            "restore": lambda _: self._restore(),
            "license": lambda one: people.license(one, random.choice((PAID, FRONTLINE, FREE))),
            "move": self._move,
            "unlicense": people.unlicense,
        }

    def order(self, random: Random) -> str:
        endpoint, fault = random.choice(self.faults)
        self.lied = self.lied or fault in LISTS_ONLY
        after, times = random.randint(0, LATEST_CALL), random.choice((1, 1, 1, 2, 7))
        seconds = random.choice((None, 1, 30, 5000))
        self.tenant.faults.order(endpoint, fault, after=after, times=times, seconds=seconds)
        if self.pauses.random() < 1 / 4:
            self.tenant.faults.order(Endpoint.DELTA, Fault.SLOW, seconds=_SLOW_SECONDS)
        return f"{endpoint}/{fault} after {after}, {times} times"

    def calm(self) -> None:
        self.tenant.faults.orders.clear()

    def _fire(self, one: str) -> None:
        self.tenant.people.fire(one)
        self.fired.append(one)

    def _move(self, one: str) -> None:
        """From one class to the other: with the one licence, without the other."""
        is_full = "full" in self._rosters_of(self.tenant.people.active(one).properties["assignedLicenses"])
        self.tenant.people.unlicense(one)
        self.tenant.people.license(one, FRONTLINE if is_full else PAID)

    def _swap(self, one: str, other: str) -> None:
        people = self.tenant.people
        upns = [people.active(each).properties["userPrincipalName"] for each in (one, other)]
        people.rename(one, upn=upns[1])
        people.rename(other, upn=upns[0])

    def _rehire(self, one: str) -> None:
        """The same name under a new id."""
        upn = self.tenant.people.active(one).properties["userPrincipalName"]
        self.tenant.people.purge(one)
        self.tenant.people.hire("Again", upn, licences=[PAID])

    def _restore(self) -> None:
        there = self.there()
        back = [each for each in self.fired if each not in there]
        if back:
            self.fired.remove(back[0])
            self.tenant.people.restore(back[0])


@dataclass(frozen=True)
class Lie:
    """A twist that shows a list as whole which isn't."""

    twist: Twist


Twists = Sequence[tuple[str, str, Twist | Lie]]
"""At which endpoint, what it is called, and what it does to an answer."""


def _ordered(random: Random, faults: Faults, twists: Twists) -> tuple[str, bool]:
    endpoint, name, twist = random.choice(twists)
    after, times = random.randint(0, LATEST_CALL), random.choice((1, 1, 1, 2, 7))
    is_lie = isinstance(twist, Lie)
    faults.order(endpoint, twist.twist if isinstance(twist, Lie) else twist, after=after, times=times)
    return f"{endpoint}/{name} after {after}, {times} times", is_lie


def _rewritten(body: Any, answer: Response, without: str = "") -> Response:
    """The answer with another body; `without` is a relation that its links lose."""
    headers = [(name, value) for name, value in answer.headers.items() if name not in {"content-length", "link"}]
    written = JSONResponse(body, answer.status_code, dict(headers))
    for link in answer.headers.getlist("link"):
        if not without or f'rel="{without}"' not in link:
            written.headers.append("link", link)
    return written


def _google_list(alter: Callable[[list[Any]], list[Any]], *, last: bool) -> Twist:
    """A page of users with others on it; perhaps as if it were the last one."""

    def twist(_: Request, answer: Response) -> Response:
        if answer.status_code != 200:
            return answer
        body = json.loads(bytes(answer.body))
        body["users"] = alter(body.get("users", []))
        if last:
            body.pop("nextPageToken", None)
        return _rewritten(body, answer)

    return twist


def _okta_list(alter: Callable[[list[Any]], list[Any]], *, last: bool) -> Twist:
    """The same of Okta, whose pages are lists and whose links are headers.

    What is left out of a list of changes is lost for good, and no reader could notice.
    """

    def twist(request: Request, answer: Response) -> Response:
        if answer.status_code != 200 or "filter" in request.query_params:
            return answer
        return _rewritten(alter(json.loads(bytes(answer.body))), answer, "next" if last else "")

    return twist


def _half(listed: list[Any]) -> list[Any]:
    return listed[: len(listed) // 2]


def _nobody(_: list[Any]) -> list[Any]:
    return []


def _twice(listed: list[Any]) -> list[Any]:
    return [*listed, *listed[:1]]


GOOGLE_TWISTS: Twists = (
    *(
        (endpoint, name, twist)
        for endpoint in ("users", "users", "licences", "user")
        for name, twist in (
            ("unavailable", instead(google_error(503, "backendError", "Backend Error"))),
            ("throttled", instead(google_error(429, "rateLimitExceeded", "Rate Limit Exceeded"))),
            ("quota", instead(google_error(403, "quotaExceeded", "Quota exceeded"))),
            ("expired", instead(google_error(401, "authError", "Invalid Credentials"))),
            ("forbidden", instead(google_error(403, "forbidden", "Not Authorized"))),
            ("truncated", broken_off),
            ("dropped", dropped),
        )
    ),
    ("users", "forgotten", instead(google_error(400, "invalid", "Invalid Input: pageToken"))),
    ("users", "repeated", _google_list(_twice, last=False)),
    # Several times, since they are the ones that look like the truth.
    *(3 * (("users", "empty", Lie(_google_list(_nobody, last=True))),)),
    *(3 * (("users", "partial", Lie(_google_list(_half, last=True))),)),
)

OKTA_TWISTS: Twists = (
    *(
        (endpoint, name, twist)
        for endpoint in ("users", "users", "user")
        for name, twist in (
            ("unavailable", instead(okta_error(503, "E0000010", "Service is in read only mode"))),
            ("throttled", instead(okta_error(429, "E0000047", "API call exceeded rate limit"))),
            ("expired", instead(okta_error(401, "E0000011", "Invalid token provided"))),
            ("forbidden", instead(okta_error(403, "E0000006", "You do not have permission"))),
            ("truncated", broken_off),
            ("dropped", dropped),
        )
    ),
    ("users", "forgotten", instead(okta_error(400, "E0000001", "Api validation failed: after"))),
    ("users", "repeated", _okta_list(_twice, last=False)),
    *(3 * (("users", "empty", Lie(_okta_list(_nobody, last=True))),)),
    *(3 * (("users", "partial", Lie(_okta_list(_half, last=True))),)),
)


def lies(twists: Twists) -> Twists:
    """Those that show a list that looks like the truth."""
    return tuple(each for each in twists if isinstance(each[-1], Lie))


@dataclass
class _Emptied:
    """A source that every schedule finds empty: how it fails, and who hears of its calls."""

    lied: bool = field(default=False, init=False)
    untraced: set[str] = field(default_factory=set, init=False)

    @property
    def twists(self) -> Twists:
        """How it can fail."""
        raise NotImplementedError

    @property
    def faults(self) -> Faults:
        """What is to go wrong."""
        raise NotImplementedError

    @property
    def ears(self) -> list[Ear]:
        """Who hears of every call."""
        raise NotImplementedError

    def hearing(self, ear: Ear) -> AbstractContextManager[None]:
        return _hearing(self.ears, ear)

    def order(self, random: Random) -> str:
        told, is_lie = _ordered(random, self.faults, self.twists)
        self.lied = self.lied or is_lie
        return told

    def calm(self) -> None:
        self.faults.orders.clear()

    def begin_anew(self) -> None:
        """Forgets what the schedule before had ordered and done."""
        self.calm()
        self.lied = False
        self.untraced.clear()


@dataclass
class GoogleGround(_Emptied):
    """The workspace of the pretend Google."""

    google: Google
    twists: Twists = GOOGLE_TWISTS
    kind: str = "google"
    rosters: tuple[Roster, ...] = (Roster("full"),)
    call: str = "google:after"

    @property
    def faults(self) -> Faults:
        return self.google.workspace.faults

    @property
    def ears(self) -> list[Ear]:
        return self.google.ears

    def begin(self, number: int, random: Random) -> Mapping[str, object]:
        workspace = self.google.workspace
        workspace.people.clear()
        workspace.licences.clear()
        workspace.page_size = random.choice((1, 2, 3, 5))
        self.begin_anew()
        # Google lists the licences of products that somebody was ever given.
        workspace.products["Google-Apps"][PAID] = ""
        return {"admin": workspace.admin, "key": {"secret": "acme-google"}}

    def open(self, settings: Mapping[str, object]) -> Directory:
        return self.google.directory(**settings)

    def there(self) -> list[str]:
        return list(self.google.workspace.people)

    def truth(self) -> frozenset[Counted]:
        workspace = self.google.workspace
        return frozenset(
            ("full", one)
            for one, person in workspace.people.items()
            if not person["suspended"] and not person["archived"] and workspace.licences.get(one)
        )

    def hire(self, random: Random) -> None:
        number = random.randint(1, 10**9)
        one = self.google.workspace.hire(f"Person {number}", f"p{number}@acme.example")
        if random.random() < 3 / 4:
            self.google.workspace.license(one, PAID)

    def deeds(self, random: Random) -> Deeds:
        workspace = self.google.workspace
        return {
            "fire": workspace.fire,
            "suspend": lambda one: workspace.change(one, suspended=True),
            "resume": lambda one: workspace.change(one, suspended=False),
            "archive": lambda one: workspace.change(one, archived=True),
            "rename": lambda one: workspace.rename(one, name=f"Renamed {random.randint(1, 99)}"),
            "readdress": lambda one: workspace.rename(one, mail=f"r{random.randint(1, 10**9)}@acme.example"),
            "rehire": self._rehire,
            "license": lambda one: workspace.license(one, PAID),
            "unlicense": lambda one: workspace.licences.pop(one, None),
        }

    def _rehire(self, one: str) -> None:
        """The same address under a new id."""
        mail = self.google.workspace.people[one]["primaryEmail"]
        self.google.workspace.fire(one)
        self.google.workspace.license(self.google.workspace.hire("Again", mail), PAID)


@dataclass
class OktaGround(_Emptied):
    """The organization of the pretend Okta, which knows no licences."""

    okta: Okta
    twists: Twists = OKTA_TWISTS
    kind: str = "okta"
    rosters: tuple[Roster, ...] = (Roster("full", Rule(basis="enabled")),)
    call: str = "okta:after"

    @property
    def faults(self) -> Faults:
        return self.okta.organization.faults

    @property
    def ears(self) -> list[Ear]:
        return self.okta.ears

    def begin(self, number: int, random: Random) -> Mapping[str, object]:
        organization = self.okta.organization
        organization.users.clear()
        organization.page_size = random.choice((1, 2, 3, 5))
        organization.limit = 10**9
        self.begin_anew()
        return {"url": self.okta.url, "token": {"secret": "acme-okta"}}

    def open(self, settings: Mapping[str, object]) -> Directory:
        return self.okta.directory()

    def there(self) -> list[str]:
        return [one for one, user in self.okta.organization.users.items() if user.status != "DEPROVISIONED"]

    def truth(self) -> frozenset[Counted]:
        users = self.okta.organization.users
        return frozenset(("full", one) for one, user in users.items() if user.status == "ACTIVE")

    def hire(self, random: Random) -> None:
        number = random.randint(1, 10**9)
        status = random.choice(("ACTIVE", "ACTIVE", "ACTIVE", "STAGED"))
        self.okta.organization.hire(f"Person {number}", f"p{number}@acme.example", status=status)

    def deeds(self, random: Random) -> Deeds:
        organization = self.okta.organization
        return {
            "fire": organization.fire,
            "suspend": lambda one: organization.move(one, "SUSPENDED"),
            "activate": lambda one: organization.move(one, "ACTIVE"),
            "rename": lambda one: organization.rename(one, f"Renamed {random.randint(1, 99)}"),
            "rehire": self._rehire,
            "purge": self._purge,
        }

    def _rehire(self, one: str) -> None:
        """The same sign-in name under a new id."""
        login = self.okta.organization.users[one].profile["login"] or ""
        self._purge(one)
        self.okta.organization.hire("Again", login)

    def _purge(self, one: str) -> None:
        """Who is deleted for good leaves no trace in what changed: only a reading of everybody shows it."""
        self.okta.organization.purge(one)
        self.lied = True
        self.untraced.add(one)


@contextlib.contextmanager
def _hearing(ears: list[Ear], ear: Ear) -> Iterator[None]:
    ears.append(ear)
    try:
        yield
    finally:
        ears.remove(ear)
