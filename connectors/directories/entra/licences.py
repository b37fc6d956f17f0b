"""A tenant's licences: their names, since users carry only ids, and how many were bought."""

from dataclasses import dataclass

from msgspec import Struct
from msgspec.json import Decoder

from connectors.directories.entra.graph import Graph
from connectors.directories.entra.paging import however_often
from connectors.directories.entra.shapes import Page
from connectors.directories.port import Units


class _Prepaid(Struct, frozen=True):
    enabled: int


class _Sku(Struct, frozen=True, rename="camel"):
    sku_id: str
    sku_part_number: str
    consumed_units: int
    prepaid_units: _Prepaid


_SKUS = Decoder(Page[_Sku])


@dataclass(frozen=True, slots=True)
class Licences:
    """SKU part numbers by lower-case SKU id, and the units of each."""

    names: dict[str, str]
    units: tuple[Units, ...]


async def licences(graph: Graph) -> Licences:
    """What the tenant subscribed to; the list has no pages.

    Licences decide who counts, so a reading without this list would be wrong rather than poor: it fails.
    """
    url = f"{graph.base_url}/v1.0/subscribedSkus?$select=skuId,skuPartNumber,consumedUnits,prepaidUnits"
    found = await however_often("the list of licences", lambda: graph.get(url, _SKUS, needs="Organization.Read.All"))
    return Licences(
        {sku.sku_id.casefold(): sku.sku_part_number for sku in found.value},
        tuple(Units(sku.sku_part_number, sku.prepaid_units.enabled, sku.consumed_units) for sku in found.value),
    )
