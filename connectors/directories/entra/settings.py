"""What a book says about an Entra tenant."""

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from connectors.directories.kinds import HttpsUrl, unexpected

_ID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_DOMAIN = r"([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]"
# A name without a dot is nobody's tenant at Microsoft, which says so; an id with a slip in it is refused at once.
_NAME = r"(?![0-9A-Za-z]+(-[0-9A-Za-z]+){4}$)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"
_TENANT = re.compile(f"{_ID}|{_DOMAIN}|{_NAME}", re.ASCII)
_SHARED_TENANTS = {"common", "organizations", "consumers"}


def one_tenant(tenant: str) -> str:
    """Refuses what can be no tenant, and the words that stand for every one: a token for them isn't the client's."""
    if tenant.casefold() in _SHARED_TENANTS:
        message = f"'{tenant}' stands for every tenant; give the client's own tenant id or domain"
        raise ValueError(message)
    if not _TENANT.fullmatch(tenant):
        raise unexpected(
            "the tenant's id, such as 11111111-2222-3333-4444-555555555555 (on Overview in the client's Entra admin "
            "center), or one of its domains, such as acme.onmicrosoft.com"
        )
    return tenant


TenantName = Annotated[str, Field(max_length=253), AfterValidator(one_tenant)]


class EntraSettings(BaseModel):
    """`tenant` is the tenant's id or a verified domain; the two bases differ only in national clouds.

    `sign_ins` asks for the last sign-ins too, which takes a permission of its own.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    tenant: TenantName
    authority_url: HttpsUrl | None = None
    graph_url: HttpsUrl | None = None
    sign_ins: bool = False
