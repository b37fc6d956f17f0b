"""What a book says about a Google Workspace."""

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from connectors.directories.kinds import HttpsUrl, NamedSecret, unexpected

OWN_CUSTOMER = "my_customer"
"""Google's word for the customer whose administrator we act for."""

_CUSTOMER = re.compile(rf"{OWN_CUSTOMER}|C[A-Za-z0-9]{{2,30}}", re.ASCII)


def _customer(customer: str) -> str:
    if not _CUSTOMER.fullmatch(customer):
        raise unexpected(
            "the customer's id, such as C01abc234 (Account, Account settings, Profile at its admin.google.com), and no "
            "domain; leave it out where the administrator is the customer's own"
        )
    return customer


def _mail(admin: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", admin):
        raise unexpected("the mail address of an administrator, such as admin@acme.example")
    return admin


CustomerId = Annotated[str, AfterValidator(_customer)]
ProductId = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,40}$")]


def _tuple(listed: object) -> object:
    # A list is written as such, which a strict book would refuse for a tuple.
    return tuple(listed) if isinstance(listed, list) else listed


class GoogleSettings(BaseModel):
    """`admin` is the mail address of the administrator for whom the service account acts.

    `customer` is needed only where that is a reseller's. `products` are those whose licences are read where a rule asks
    for any. The addresses differ only behind a gateway of one's own.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    admin: Annotated[str, Field(max_length=254), AfterValidator(_mail)]
    key: NamedSecret
    customer: CustomerId = OWN_CUSTOMER
    products: Annotated[tuple[ProductId, ...], BeforeValidator(_tuple)] = Field(default=("Google-Apps",), min_length=1)
    directory_url: HttpsUrl = "https://admin.googleapis.com"
    licensing_url: HttpsUrl = "https://licensing.googleapis.com"
    token_url: HttpsUrl = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address

    @property
    def no_customer(self) -> str:
        """What it means that Google doesn't know the customer, and what to do."""
        if self.customer == OWN_CUSTOMER:
            return (
                f"Google has no Workspace to which {self.admin} belongs. Write the address of an administrator in the "
                "client's own Workspace into the directory's `admin`."
            )
        return (
            f"Google knows no customer '{self.customer}' that {self.admin} could read. Copy the id that stands under "
            "Account, Account settings, Profile at the client's admin.google.com into the directory's `customer`, and "
            "check that `admin` is an administrator of this customer's reseller; where it is one of the client's own, "
            "leave `customer` out."
        )
