"""What is stored. One module a group of nouns; every model is reachable from here, so that migrations see them all."""

from storage.tables.audit import AuditHeadRow, AuditRow, RoleRow, SlotRow
from storage.tables.changes import ChangeItemRow, ChangeRow, RejectionRow, SeatRow
from storage.tables.clients import AgreementRow, ClientRow, HouseRow, QuantityRow, ReadingRow, RosterRow, RuleVersionRow
from storage.tables.digests import DigestRow
from storage.tables.directories import (
    AccountRow,
    BoughtRow,
    CredentialRow,
    DirectoryRow,
    IdentityRow,
    LinkRow,
    PersonRow,
    SyncRow,
)
from storage.tables.invoices import ChargeRow, FactsRow, InvoiceRow, SeriesRow
from storage.tables.runs import OverrideRow, RunClientRow, RunRow
from storage.tables.secrets import SecretRow
from storage.tables.slack import ChannelRow, InteractionRow, NoticeRow

__all__ = [
    "AccountRow",
    "AgreementRow",
    "AuditHeadRow",
    "AuditRow",
    "BoughtRow",
    "ChangeItemRow",
    "ChangeRow",
    "ChannelRow",
    "ChargeRow",
    "ClientRow",
    "CredentialRow",
    "DigestRow",
    "DirectoryRow",
    "FactsRow",
    "HouseRow",
    "IdentityRow",
    "InteractionRow",
    "InvoiceRow",
    "LinkRow",
    "NoticeRow",
    "OverrideRow",
    "PersonRow",
    "QuantityRow",
    "ReadingRow",
    "RejectionRow",
    "RoleRow",
    "RosterRow",
    "RuleVersionRow",
    "RunClientRow",
    "RunRow",
    "SeatRow",
    "SecretRow",
    "SeriesRow",
    "SlotRow",
    "SyncRow",
]
