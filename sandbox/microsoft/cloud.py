"""Everything the pretend Microsoft knows: registered apps, tenants, and the tokens that it gave out."""

import base64
import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sandbox.microsoft.tenant import Tenant


@dataclass(frozen=True, slots=True)
class Registration:
    """An app with what it may sign in by.

    `home` is the tenant in which it is registered; `secret_expires` a moment as Graph writes it: 2027-05-01T00:00:00Z.
    """

    client_id: str
    secret: str | None = None
    certificate_pem: str | None = None
    home: str | None = None
    secret_expires: str | None = None


@dataclass(frozen=True, slots=True)
class Token:
    """A token's tenant, its end by the cloud's clock, and whether it was asked for with the claims of a challenge."""

    tenant: Tenant
    expires: float
    has_claims: bool


@dataclass(slots=True)
class Cloud:
    """One cloud with its tenants; `clock` gives seconds."""

    clock: Callable[[], float] = time.monotonic
    registrations: dict[str, Registration] = field(default_factory=dict)
    tenants: dict[str, Tenant] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)

    def register(
        self,
        client_id: str,
        *,
        secret: str | None = None,
        certificate_pem: str | None = None,
        home: str | None = None,
        secret_expires: str | None = None,
    ) -> None:
        """Registers an app, or changes what it signs in by."""
        self.registrations[client_id] = Registration(client_id, secret, certificate_pem, home, secret_expires)

    def add_tenant(self, tenant_id: str, domain: str) -> Tenant:
        """Opens a tenant, which has consented."""
        tenant = Tenant(tenant_id, domain)
        self.tenants[tenant_id] = tenant
        return tenant

    def tenant(self, name: str) -> Tenant | None:
        """The tenant with this id or domain."""
        wanted = name.casefold()
        return next(
            (one for one in self.tenants.values() if wanted in {one.id.casefold(), one.domain.casefold()}), None
        )

    def issue(self, tenant: Tenant, client_id: str, *, has_claims: bool) -> str:
        """A new token for a tenant: a JWT that names what the app may do there, with a seal that nobody can check."""
        said = {"tid": tenant.id, "appid": client_id, "roles": sorted(tenant.permissions)}
        token = f"{_part({'typ': 'JWT', 'alg': 'none'})}.{_part(said)}.{secrets.token_urlsafe(32)}"
        self.tokens[token] = Token(tenant, self.clock() + tenant.token_lifetime_seconds, has_claims)
        return token

    def holder(self, token: str) -> Token | None:
        """The token's record while it is valid."""
        found = self.tokens.get(token)
        return found if found is not None and self.clock() < found.expires else None

    def revoke(self, tenant: Tenant) -> None:
        """Makes every token of a tenant invalid at once."""
        self.tokens = {token: held for token, held in self.tokens.items() if held.tenant is not tenant}


def _part(said: Mapping[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")
