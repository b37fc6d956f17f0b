"""The people panel: the tenant of the channel's client, what is wrong with it, and who is in it."""

from dataclasses import dataclass

from sandbox.microsoft.people import Person
from sandbox.microsoft.tenant import Tenant
from sandbox.page.backstage import Backstage, Client
from sandbox.page.desk import Desk
from sandbox.page.faces import Face, face
from sandbox.page.fragments import Fragment, Part, fragment
from sandbox.page.names import somebody
from sandbox.page.tenants import BREAKAGES, LICENCES, broken_by, licences_of
from sandbox.page.visit import Visit


@dataclass(frozen=True, slots=True)
class Employee:
    """Somebody in the tenant as the panel shows them."""

    id: str
    name: str
    upn: str
    face: Face
    is_guest: bool
    is_enabled: bool
    licences: list[str]

    @property
    def sought_by(self) -> str:
        """What a search looks through."""
        return f"{self.name} {self.upn}".casefold()


def client_of(backstage: Backstage, visit: Visit) -> Client | None:
    """The client to whom the channel belongs."""
    return next((client for client in backstage.clients() if client.channel == visit.channel.id), None)


def panel(desk: Desk, visit: Visit) -> Fragment:
    """The tenant's state, its reading, and a form to hire somebody; elsewhere the clients to choose from."""
    if desk.backstage is None:
        return fragment([])
    client = client_of(desk.backstage, visit)
    tenant = desk.backstage.tenant(client.slug) if client else None
    if client is None or tenant is None:
        clients = [(one, visit.to(channel=one.channel)) for one in desk.backstage.clients() if one.channel]
        return fragment([Part("clients", desk.render("clients.html", clients=clients))])
    name = broken_by(tenant)
    broken = BREAKAGES[name] if name else None
    reading = desk.backstage.reading(client.slug)
    return fragment(
        [
            Part("tenant", desk.render("tenant.html", client=client, tenant=tenant, count=_count(tenant))),
            Part("reading", desk.render("reading.html", client=client, reading=reading, broken=broken)),
            Part(
                "trouble",
                desk.render("trouble.html", client=client, breakages=BREAKAGES, broken=broken),
            ),
        ]
    )


def hiring(desk: Desk, visit: Visit) -> str | None:
    """The slug of the client whose people can be hired here; the form keeps what somebody types into it."""
    client = client_of(desk.backstage, visit) if desk.backstage else None
    return client.slug if client else None


def people(desk: Desk, visit: Visit) -> Fragment:
    """Who is in the tenant, newest first."""
    tenant = _tenant(desk, visit)
    if tenant is None:
        return fragment([])
    everybody = [_employee(person) for person in reversed(tenant.people.everybody())]
    return fragment(
        [
            Part(f"person-{one.id}", desk.render("person.html", person=one, licences=LICENCES), "person")
            for one in everybody
        ]
    )


def suggested_name(desk: Desk, visit: Visit) -> str:
    """A name for the next one who is hired."""
    tenant = _tenant(desk, visit)
    return somebody({str(person.properties["displayName"]) for person in tenant.people.everybody()} if tenant else ())


def _tenant(desk: Desk, visit: Visit) -> Tenant | None:
    client = client_of(desk.backstage, visit) if desk.backstage else None
    return desk.backstage.tenant(client.slug) if desk.backstage and client else None


def _count(tenant: Tenant) -> int:
    return len(tenant.people.everybody())


def _employee(person: Person) -> Employee:
    name = str(person.properties["displayName"])
    return Employee(
        id=person.id,
        name=name,
        upn=str(person.properties["userPrincipalName"]),
        face=face(person.id, name),
        is_guest=person.properties["userType"] == "Guest",
        is_enabled=bool(person.properties["accountEnabled"]),
        licences=licences_of(person),
    )
