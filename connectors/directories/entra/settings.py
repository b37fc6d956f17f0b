"""What a book says about an Entra tenant."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

_SHARED_TENANTS = {"common", "organizations", "consumers"}


def one_tenant(tenant: str) -> str:
    """Refuses the words that stand for every tenant: a token for them would not be the client's."""
    if tenant.casefold() in _SHARED_TENANTS:
        message = f"'{tenant}' stands for every tenant; give the client's own tenant id or domain"
        raise ValueError(message)
    return tenant


def without_slash(url: str) -> str:
    """A base URL as paths are appended to it."""
    return url.rstrip("/")


HttpsUrl = Annotated[
    str, Field(pattern=r"^https://[A-Za-z0-9.\-\[\]:]+(/[A-Za-z0-9./_\-]*)?$"), AfterValidator(without_slash)
]
TenantName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]*$", max_length=253), AfterValidator(one_tenant)]


class EntraSettings(BaseModel):
    """`tenant` is the tenant's id or a verified domain; the two bases differ only in national clouds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tenant: TenantName
    authority_url: HttpsUrl | None = None
    graph_url: HttpsUrl | None = None
