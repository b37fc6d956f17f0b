"""Who sells and who buys, as printed on a document."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Seller:
    """The MSP. Its two series number its invoices and credit notes; they may be one and the same."""

    name: str
    address: tuple[str, ...] = ()
    country: str = ""
    tax_id: str | None = None
    invoice_series: str = "INV"
    credit_series: str = "CN"


@dataclass(frozen=True, slots=True)
class Buyer:
    """A client as the addressee of a document; `reference` is the client's own, such as a purchase order."""

    name: str
    address: tuple[str, ...] = ()
    country: str = ""
    tax_id: str | None = None
    reference: str | None = None
