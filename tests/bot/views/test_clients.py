"""How one client looks at a glance."""

from dataclasses import replace
from datetime import date

from bot.views.clients import client_card
from commands.client_cards import AgreementSummary, Amounts, ClientView, DirectoryHealth, RosterCount
from tests.bot.views.samples import ACME, AS_OF, BILL_DATE, FAILED, JOINS, READ
from tests.support.snapshots import assert_message_looks

CARE = AgreementSummary("care", date(2026, 11, 1), None, 1, "advance", ("Managed user", "Backup"))
LICENCES = AgreementSummary("licences", date(2027, 2, 1), date(2028, 2, 1), 12, "advance", ("Business Premium",))
M365 = DirectoryHealth("m365", "entra", 61, AS_OF, None, held=False)
CLIENT = ClientView(
    client=ACME,
    bill_day=1,
    terms_days=30,
    rosters=(RosterCount("full", 42, 45), RosterCount("frontline", 8, 8)),
    agreements=(CARE, LICENCES),
    directories=(M365, DirectoryHealth("ad", "ldap", 12, READ, FAILED, held=False)),
    next_bill_date=BILL_DATE,
    amounts=Amounts(217_041, 237_041),
    held=("R05",),
    change=JOINS,
    may_change=True,
)


def test_a_client_with_all_that_is_open_as_an_admin_sees_it() -> None:
    assert_message_looks("client", client_card(CLIENT))


def test_a_client_that_has_nothing_yet() -> None:
    new = replace(CLIENT, rosters=(), agreements=(), directories=(), next_bill_date=None, held=(), change=None)
    assert_message_looks("client-new", client_card(replace(new, bill_day=None)))


def test_a_client_without_amounts_has_the_day_of_its_next_invoice_all_the_same() -> None:
    said = str(client_card(replace(CLIENT, amounts=None, may_change=False)).blocks)
    assert "Next invoice on 1 May 2027." in said
    assert "$" not in said
    assert "Change a price" not in said
