"""What the commands give back, built by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from billing.quantities import Measure
from bot.cli import json_shapes
from commands.change_cards import ChangeView, ItemView
from commands.clients import ClientRef
from commands.examinations.finding import Finding, Part, State
from commands.invoices import InvoiceSummary, Preview
from commands.proposals import RosterMove
from commands.reconcile import MismatchView
from commands.run_cards import RunClientView, RunView
from commands.secrets import SecretView
from commands.undelivered import Undelivered
from commands.users import RostersView, RosterView, SeatView
from documents.canonical import as_json
from tests.documents.samples import document

MAY = date(2027, 5, 1)

JOINING = ItemView(
    number=1,
    kind="join",
    roster="full",
    person=12,
    name="Ann Ames",
    account="0b3f",
    measure=None,
    before=None,
    after=None,
    effective=date(2027, 4, 11),
    verdict="LICENSED",
    detail="SPB",
    excepted=False,
)
LICENCES = replace(
    JOINING,
    number=2,
    kind="quantity",
    roster=None,
    person=None,
    name="",
    account=None,
    measure=Measure("licence", "SPB"),
    before=Decimal(10),
    after=Decimal("12.50"),
    verdict="",
    detail="",
)
CHANGE = ChangeView(
    id=7,
    revision=2,
    client="acme",
    client_name="Acme Corp",
    currency="USD",
    locale="en_US",
    timezone="America/New_York",
    channel="C0ACME",
    state="pending",
    first_count=False,
    items=(JOINING, LICENCES),
    rosters=(RosterMove("full", 42, 45),),
    monthly_minor=12000,
    next_invoice_minor=20000,
    next_bill_date=MAY,
    proposed_on=date(2027, 4, 11),
    decided_by=None,
    decided_at=None,
    reason=None,
)
APPROVED = replace(
    CHANGE, state="approved", decided_by="cli:root for Dana", decided_at=datetime(2027, 4, 12, 2, 30, tzinfo=UTC)
)
ROSTERS = RostersView(
    "acme", "Acme Corp", MAY, (RosterView("full", 45, (SeatView(12, "Ann Ames", ("0b3f",), MAY, None),)),)
)
MISMATCH = MismatchView("acme", "R06", "warn", 16000, "USD", "en_US", "Two people are not billed.", "Approve them.")
HELD = RunClientView("acme", "Acme Corp", "USD", "en_US", "held", ("R01",), ("m365 failed.",), None, None, ())
RUN = RunView(MAY, "drafted", (HELD,), "cli:root", None, None, "seal")
SUMMARY = InvoiceSummary("NW-000001", "acme", "invoice", MAY, MAY, "USD", "en_US", 208331, "issued")
FINDING = Finding(Part.ROLES, State.FAIL, "roles", "nobody is admin yet", "rollcall role grant U123 admin", 1)
SECRET = SecretView(
    "acme-ad", datetime(2027, 4, 12, 2, 30, tzinfo=UTC), "cli:root", "1a2b3c4d", opens=True, named_by=("acme/ad",)
)
CARD = Undelivered(
    "a change of Acme Corp", None, "Slack is away.", datetime(2027, 4, 11, 16, 0, tzinfo=UTC), is_given_up=True
)
NOTHING = Preview(
    None, ClientRef(1, "acme", "Acme Corp", "JPY", "Asia/Tokyo", "ja_JP", None), MAY, "Nothing more is owed."
)

# By the heading of the page that describes the shape.
JSON: dict[str, Any] = {
    "A document": as_json(document()),
    "Changes": json_shapes.change(CHANGE),
    "Rosters": json_shapes.rosters(ROSTERS),
    "Mismatches": json_shapes.mismatch(MISMATCH),
    "A run": json_shapes.run(RUN),
    "What doctor finds": json_shapes.finding(FINDING),
    "Cards not shown": json_shapes.undelivered(CARD),
    "Secrets": json_shapes.secret(SECRET),
    "Issued documents in short": json_shapes.invoice_summary(SUMMARY),
}
