"""Licences by part number, with Microsoft's own ids, so that a log of the sandbox reads like a real one."""

from uuid import NAMESPACE_URL, uuid5

_IDS = {
    "SPB": "cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46",
    "O365_BUSINESS_ESSENTIALS": "3b555118-da6a-4418-894f-7df1e2096870",
    "O365_BUSINESS_PREMIUM": "f245ecc8-75af-4f8e-b61f-27d8114de5f3",
    "SPE_E3": "05e9a617-0261-4cee-bb44-138d3ef5d965",
    "SPE_F1": "66b55226-6b4f-492c-910c-a3b7a3c9d993",
    "EXCHANGESTANDARD": "4b9405b0-7788-4568-add1-99614e613b69",
    "FLOW_FREE": "f30db892-07e9-47e9-837c-80727f46fd3d",
    "POWER_BI_STANDARD": "a403ebcc-fae0-4ca2-8c8c-7a907fd6c235",
}


def sku_id(part_number: str) -> str:
    """Microsoft's id of a licence, or one made from a name that we don't know."""
    return _IDS.get(part_number) or str(uuid5(NAMESPACE_URL, f"sku:{part_number}"))
