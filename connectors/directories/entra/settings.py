"""What a book says about an Entra tenant."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from connectors.directories.kinds import HttpsUrl

_SHARED_TENANTS = {"common", "organizations", "consumers"}


def one_tenant(tenant: str) -> str:
    """Refuses the words that stand for every tenant: a token for them would not be the client's."""
    if tenant.casefold() in _SHARED_TENANTS:
        message = f"'{tenant}' stands for every tenant; give the client's own tenant id or domain"
        raise ValueError(message)
    return tenant


TenantName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]*$", max_length=253), AfterValidator(one_tenant)]


class EntraSettings(BaseModel):
    """`tenant` is the tenant's id or a verified domain; the two bases differ only in national clouds.

    `sign_ins` asks for the last sign-ins too, which takes a permission of its own.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    tenant: TenantName
    authority_url: HttpsUrl | None = None
    graph_url: HttpsUrl | None = None
    sign_ins: bool = False
