"""The names of a tenant's licences: users carry only ids."""

from typing import Any

from connectors.directories.entra.graph import Graph
from connectors.directories.entra.users import malformed


async def sku_names(graph: Graph) -> dict[str, str]:
    """SKU part numbers by lower-case SKU id.

    Licences decide who counts, so a reading without this list would be wrong rather than poor: it fails.
    """
    url = f"{graph.base_url}/v1.0/subscribedSkus?$select=skuId,skuPartNumber"
    body = await graph.get(url, needs="Organization.Read.All")
    skus = body.get("value")
    if not isinstance(skus, list):
        raise malformed("a list of licences that isn't a list")
    return dict(_named(sku) for sku in skus)


def _named(sku: Any) -> tuple[str, str]:
    match sku:
        case {"skuId": str(sku_id), "skuPartNumber": str(part_number)}:
            return sku_id.casefold(), part_number
    raise malformed("a licence without an id or a name")
