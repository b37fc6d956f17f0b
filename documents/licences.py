"""Microsoft's licences by the names that people know them under.

Directories name a licence by its part number. These are the ones that MSPs meet most, from Microsoft's "Product names
and service plan identifiers for licensing" (read 2026-11); another one keeps its part number.
"""

_PRODUCTS = {
    "AAD_PREMIUM": "Microsoft Entra ID P1",
    "AAD_PREMIUM_P2": "Microsoft Entra ID P2",
    "DESKLESSPACK": "Office 365 F3",
    "EMS": "Enterprise Mobility + Security E3",
    "EMSPREMIUM": "Enterprise Mobility + Security E5",
    "ENTERPRISEPACK": "Office 365 E3",
    "ENTERPRISEPREMIUM": "Office 365 E5",
    "EXCHANGEDESKLESS": "Exchange Online Kiosk",
    "EXCHANGEENTERPRISE": "Exchange Online (Plan 2)",
    "EXCHANGESTANDARD": "Exchange Online (Plan 1)",
    "FLOW_FREE": "Power Automate Free",
    "INTUNE_A": "Microsoft Intune Plan 1",
    "M365_F1_COMM": "Microsoft 365 F1",
    "O365_BUSINESS": "Microsoft 365 Apps for business",
    "O365_BUSINESS_ESSENTIALS": "Microsoft 365 Business Basic",
    "O365_BUSINESS_PREMIUM": "Microsoft 365 Business Standard",
    "OFFICESUBSCRIPTION": "Microsoft 365 Apps for enterprise",
    "POWER_BI_PRO": "Power BI Pro",
    "POWER_BI_STANDARD": "Power BI (free)",
    "PROJECTPROFESSIONAL": "Project Plan 3",
    "SPB": "Microsoft 365 Business Premium",
    "SPE_E3": "Microsoft 365 E3",
    "SPE_E5": "Microsoft 365 E5",
    "SPE_F1": "Microsoft 365 F3",
    "STANDARDPACK": "Office 365 E1",
    "TEAMS_EXPLORATORY": "Microsoft Teams Exploratory",
    "VISIOCLIENT": "Visio Plan 2",
}


def product(licence: str) -> str:
    """The product's name for a part number; what isn't one of those above stays as it is."""
    return _PRODUCTS.get(licence.strip().upper(), licence)
