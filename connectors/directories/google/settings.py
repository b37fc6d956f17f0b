"""What a book says about a Google Workspace."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from connectors.directories.kinds import HttpsUrl, NamedSecret

CustomerId = Annotated[str, Field(pattern=r"^(my_customer|C[A-Za-z0-9]{2,30})$")]
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

    admin: str = Field(pattern=r"^[^@\s]+@[^@\s]+$", max_length=254)
    key: NamedSecret
    customer: CustomerId = "my_customer"
    products: Annotated[tuple[ProductId, ...], BeforeValidator(_tuple)] = Field(default=("Google-Apps",), min_length=1)
    directory_url: HttpsUrl = "https://admin.googleapis.com"
    licensing_url: HttpsUrl = "https://licensing.googleapis.com"
    token_url: HttpsUrl = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
