"""Whose licences are whose: Google lists them by product, apart from the users."""

from collections import defaultdict
from sys import intern

from connectors.directories.google.answers import malformed
from connectors.directories.google.api import GoogleApi
from connectors.directories.google.settings import OWN_CUSTOMER, GoogleSettings
from connectors.directories.google.users import Licences

_PAGE_SIZE = "1000"


async def licences_of(api: GoogleApi, settings: GoogleSettings) -> Licences | None:
    """The names of the licences of each folded mail address, sorted; an SKU without a name stands for itself.

    None where nobody is there from whom the customer's id could be taken.
    """
    customer = await _customer_id(api, settings)
    if customer is None:
        return None
    held: dict[str, set[str]] = defaultdict(set)
    for product in settings.products:
        url = f"{settings.licensing_url}/apps/licensing/v1/product/{product}/users"
        missing = (
            f"Google knows no product '{product}' of the customer '{customer}'. Correct the directory's `products`, or "
            "its `customer`."
        )
        query = {"customerId": customer, "maxResults": _PAGE_SIZE}
        async for page in api.pages(url, query, kind="licensing#licenseAssignmentList", items="items", missing=missing):
            for assignment in page:
                mail, name = assignment.get("userId"), assignment.get("skuName") or assignment.get("skuId")
                if not isinstance(mail, str) or not isinstance(name, str):
                    raise malformed("a licence without its user or its name")
                held[mail.casefold()].add(intern(name))
    return {mail: tuple(sorted(names)) for mail, names in held.items()}


async def _customer_id(api: GoogleApi, settings: GoogleSettings) -> str | None:
    """The customer's own id, since the licences' API knows no other word for it: each of its users carries it."""
    if settings.customer != OWN_CUSTOMER:
        return settings.customer
    query = {"customer": OWN_CUSTOMER, "maxResults": "1", "fields": "kind,users(customerId)"}
    url = f"{settings.directory_url}/admin/directory/v1/users"
    async for page in api.pages(url, query, kind="admin#directory#users", items="users", missing=settings.no_customer):
        for user in page:
            if isinstance(found := user.get("customerId"), str) and found:
                return found
    return None
