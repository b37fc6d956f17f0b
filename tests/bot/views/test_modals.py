"""How modals look."""

from datetime import date
from decimal import Decimal

from bot.views.alerts import let_through_modal
from bot.views.approving import approval_modal
from bot.views.crediting import Chosen, credit_modal
from bot.views.modals import Origin, abandon_modal, first_count_modal, override_modal, rejection_modal
from bot.views.pricing import Filled as NewAmounts
from bot.views.pricing import price_modal
from commands.approval_forms import ApprovalForm, Choice
from commands.credits import CreditForm, CreditLine
from commands.price_figures import Figure
from commands.price_forms import PricedLine, PriceForm
from tests.bot.views.samples import ACME, BILL_DATE, HELD_READING, JOINS
from tests.support.snapshots import assert_modal_looks

ORIGIN = Origin("7:2", "C0ACME", "https://hooks.example.com/1")


def test_the_modal_of_a_first_count() -> None:
    assert_modal_looks("modal-first-count", first_count_modal(ORIGIN, "Acme Corp: first count", date(2027, 4, 11)))


def test_the_modal_of_a_rejection() -> None:
    assert_modal_looks("modal-rejection", rejection_modal(ORIGIN, "Acme Corp: +3 users (42 → 45)"))


def test_the_modal_of_an_override() -> None:
    modal = override_modal(ORIGIN, "Acme Corp", ["R05", "R06"], date(2027, 5, 31))
    assert_modal_looks("modal-override", modal)


def test_the_modal_of_an_abandoned_run() -> None:
    assert_modal_looks("modal-abandon", abandon_modal(ORIGIN, "The billing run of 1 May 2027 would be given up."))


def test_the_modal_of_a_reading_that_is_let_through() -> None:
    assert_modal_looks("modal-let-through", let_through_modal(ORIGIN, HELD_READING))


def test_the_modal_of_an_approval_with_changes() -> None:
    left_out = (Choice((1,), "join", "Ann Ames", ("full",)), Choice((2, 3), "move", "Bo Brown", ("full", "frontline")))
    modal = approval_modal(ORIGIN, ApprovalForm(JOINS, date(2027, 1, 11), left_out))
    assert_modal_looks("modal-approval", modal)


def test_the_modal_of_a_credit() -> None:
    lines = (CreditLine(1, "Managed user", 192_500), CreditLine(3, "Backup", 8_000))
    form = CreditForm(ACME, "NW-000013", BILL_DATE, 217_041, 200_500, lines, 1)
    chosen = Chosen({"line": "3", "amount": "50.00", "rebill": "reversal"}, "It gives back $50.00 before tax.")
    assert_modal_looks("modal-credit", credit_modal(ORIGIN, form, chosen))


def test_the_modal_of_a_credit_where_nothing_is_left() -> None:
    assert "submit" not in credit_modal(ORIGIN, CreditForm(ACME, "NW-000013", BILL_DATE, 0, 0, (), 1), Chosen({}))


def test_the_modal_of_a_price() -> None:
    lines = (PricedLine("mu", "Managed user", "Care"), PricedLine("backup", "Backup", "Care"))
    figures = (Figure("tier", Decimal(45), Decimal(1), Decimal(25)), Figure("fee", Decimal(10), Decimal(26)))
    form = PriceForm(ACME, lines, lines[0], figures, date(2027, 5, 1), date(2027, 9, 1), "MU", 12)
    filled = NewAmounts(
        {"figure:0:2027-05-01:1": "12.50", "scope": "all"}, "acme: next invoice 1 May 2027: $80.00 → $90.00"
    )
    assert_modal_looks("modal-price", price_modal(ORIGIN, form, filled))


def test_a_price_of_more_amounts_than_a_form_can_ask_for_is_left_to_the_book() -> None:
    line = PricedLine("mu", "Managed user", "Care")
    figures = tuple(Figure("tier", Decimal(45), Decimal(at)) for at in range(1, 42))
    form = PriceForm(ACME, (line,), line, figures, date(2027, 5, 1), None)
    told = str(price_modal(ORIGIN, form, NewAmounts({})))
    assert "change it by the client's book. It has 41." in told
    assert "figure:" not in told


def test_a_menu_that_has_no_room_for_every_line_says_how_many_are_left() -> None:
    lines = tuple(PricedLine(f"line-{number}", "Managed user", "Care") for number in range(150))
    form = PriceForm(ACME, lines, lines[0], (Figure("unit", Decimal(45)),), date(2027, 5, 1), None)
    assert "and 50 lines more, whose prices are changed by the client's book" in str(
        price_modal(ORIGIN, form, NewAmounts({}))
    )
    left = tuple(CreditLine(number, "Managed user", 100) for number in range(1, 151))
    credit = CreditForm(ACME, "NW-000013", BILL_DATE, 15_000, 15_000, left, 0)
    assert "and 51 lines more: rollcall credit NW-000013 --line N" in str(credit_modal(ORIGIN, credit, Chosen({})))


def test_where_a_click_came_from_travels_inside_the_modal() -> None:
    assert Origin.unpacked(rejection_modal(ORIGIN, "Acme")["private_metadata"]) == ORIGIN
