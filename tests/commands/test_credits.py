"""Credit notes that people give: a concession is not billed again, a reversal is."""

import pytest

from billing.credits import CreditIsTooLarge, NoSuchLine, NothingLeftToCredit, OnlyInvoicesAreCredited
from commands import audit, credits, invoices  # noqa: A004 - the builtin credits is for the interactive shell
from commands.actors import Actor
from commands.invoices import NoSuchInvoice
from commands.reasons import ReasonIsMissing
from documents.canonical import Json, as_json
from documents.document import Document
from tests.billing.build import agreement, flat, line, tax
from tests.support.books import client
from tests.support.msp import ADA, Msp, amounts, of, played_once


@pytest.fixture
@played_once
def billed(msp: Msp) -> Msp:
    """Acme was billed 1,000 dollars of support and 50 of backup for January, with 8.25 % tax: NW-000001."""
    terms = agreement(line(flat("1000"), name="support"), line(flat("50"), name="backup"))
    msp.imports(client(terms, directories=(), rosters=(), taxes={"standard": tax("8.25")}))
    msp.bill("2027-01-01")
    return msp.on("2027-01-10")


def credit(
    msp: Msp,
    number: str = "NW-000001",
    *,
    line: int | None = None,
    amount: str | None = None,
    rebill: bool = False,
    reason: str = "goodwill",
) -> Json:
    wanted = credits.Wanted(number, line, amount)
    given = credits.credit(msp.database, ADA, msp.clock, wanted, rebill=rebill, reason=reason)
    return as_json(given)


def test_a_concession_has_its_share_of_the_tax(billed: Msp) -> None:
    note = credit(billed, amount="50.00")
    assert (note["document"], note["subtotal"], note["total"]) == ("credit_note", "-50.00", "-54.13")


def test_a_credit_note_has_a_number_and_names_what_it_corrects(billed: Msp) -> None:
    note = credit(billed, amount="50.00")
    assert (note["number"], note["corrects"], note["issued_on"]) == ("NWC-000001", ["NW-000001"], "2027-01-10")


def test_a_concession_is_not_billed_again(billed: Msp) -> None:
    credit(billed, amount="50.00")
    run = billed.bill("2027-02-01")
    assert amounts(billed.document(of(run).number or "")) == [
        ("recurring", "2027-02-01", "1000.00"),
        ("recurring", "2027-02-01", "50.00"),
    ]


def test_a_reversal_is_billed_again_beside_the_new_month(billed: Msp) -> None:
    credit(billed, rebill=True, reason="wrong address")
    run = billed.bill("2027-02-01")
    assert [kind for kind, *_ in amounts(billed.document(of(run).number or ""))] == ["recurring"] * 4
    assert of(run).total_minor == 227_325


def test_a_reversed_line_is_billed_again_alone(billed: Msp) -> None:
    credit(billed, line=2, rebill=True)
    assert sorted(amounts(billed.preview("2027-02-01"))) == [
        ("recurring", "2027-01-01", "50.00"),
        ("recurring", "2027-02-01", "1000.00"),
        ("recurring", "2027-02-01", "50.00"),
    ]


def test_a_partial_reversal_is_billed_again_by_its_amount(billed: Msp) -> None:
    credit(billed, line=1, amount="100.00", rebill=True)
    assert ("adjustment", "2027-01-01", "100.00") in amounts(billed.preview("2027-02-01"))


def test_a_concession_before_a_reversal_is_still_not_billed_again(billed: Msp) -> None:
    credit(billed, line=1, amount="100.00")
    credit(billed, line=1, rebill=True)
    assert ("adjustment", "2027-01-01", "900.00") in amounts(billed.preview("2027-02-01"))


def test_a_whole_invoice_and_its_credit_add_up_to_nothing(billed: Msp) -> None:
    note = credit(billed)
    assert note["total"] == "-1136.63"
    assert billed.document("NW-000001")["total"] == "1136.63"


def test_one_line_may_be_credited(billed: Msp) -> None:
    assert amounts(credit(billed, line=2)) == [("adjustment", "2027-01-01", "-50.00")]


def test_nothing_is_credited_twice(billed: Msp) -> None:
    credit(billed)
    with pytest.raises(NothingLeftToCredit):
        credit(billed)


def test_no_more_is_credited_than_is_left(billed: Msp) -> None:
    credit(billed, amount="1000.00")
    with pytest.raises(CreditIsTooLarge, match=r"Only 50\.00 USD"):
        credit(billed, amount="50.01")


def test_a_refused_credit_takes_no_number(billed: Msp) -> None:
    with pytest.raises(CreditIsTooLarge):
        credit(billed, amount="5000.00")
    assert credit(billed, amount="1.00")["number"] == "NWC-000001"


def test_a_credit_leaves_the_invoice_as_it_was(billed: Msp) -> None:
    before = billed.document("NW-000001")
    credit(billed, rebill=True)
    assert billed.document("NW-000001") == before


def test_a_credit_is_in_the_audit_log_with_its_reason(billed: Msp) -> None:
    credit(billed, amount="50.00", reason="late answer in December")
    entry = audit.entries(billed.database, ADA, "acme")[0]
    assert (entry.action, entry.subject, "late answer in December" in entry.data) == (
        "invoice.credit",
        "NWC-000001",
        True,
    )
    assert audit.verify(billed.database).problems == ()


def test_the_reason_is_on_the_credit_note(billed: Msp) -> None:
    assert "late answer in December" in " ".join(credit(billed, reason="late answer in December")["notes"])


def test_a_credit_takes_a_reason(billed: Msp) -> None:
    with pytest.raises(ReasonIsMissing):
        credit(billed, reason=" ")


def test_a_line_that_is_not_there_is_refused(billed: Msp) -> None:
    with pytest.raises(NoSuchLine, match="lines 1 to 2, not 3"):
        credit(billed, line=3)


def test_an_unknown_number_is_refused(billed: Msp) -> None:
    with pytest.raises(NoSuchInvoice):
        credit(billed, "NW-000099")


def test_a_credit_note_is_not_credited(billed: Msp) -> None:
    credit(billed, amount="50.00")
    with pytest.raises(OnlyInvoicesAreCredited):
        credit(billed, "NWC-000001")


def test_a_number_may_be_written_in_small_letters(billed: Msp) -> None:
    assert credit(billed, " nw-000001 ", amount="50.00")["number"] == "NWC-000001"


def test_a_clients_newest_invoice_is_no_credit_note(billed: Msp) -> None:
    credit(billed, amount="50.00")
    newest = invoices.of_client(billed.database, ADA, "acme")
    assert (newest.number, newest.is_credit_note) == ("NW-000001", False)


def test_a_credit_note_is_had_by_its_number(billed: Msp) -> None:
    number = credit(billed, amount="50.00")["number"]
    assert invoices.of_client(billed.database, ADA, "acme", number.lower()).is_credit_note


def _again(msp: Msp, shown: int, reason: str = "goodwill", *, rebill: bool = False) -> Document:
    wanted = credits.Wanted("NW-000001", amount="50.00", shown=shown)
    return credits.credit(msp.database, ADA, msp.clock, wanted, rebill=rebill, reason=reason)


def test_the_same_credit_asked_for_again_is_the_one_that_was_given(billed: Msp) -> None:
    assert [_again(billed, 0).number for _ in range(3)] == ["NWC-000001"] * 3


def test_one_of_another_kind_or_for_another_reason_is_refused_if_others_came_after_what_was_shown(billed: Msp) -> None:
    _again(billed, 0)
    with pytest.raises(credits.CreditIsOutdated, match="the newest credit note is NWC-000001"):
        _again(billed, 0, "sorry")
    with pytest.raises(credits.CreditIsOutdated, match="nothing was done"):
        _again(billed, 0, rebill=True)


def test_the_same_amount_is_given_twice_where_both_are_meant(billed: Msp) -> None:
    assert [_again(billed, shown).number for shown in (0, 1)] == ["NWC-000001", "NWC-000002"]


def test_the_form_says_what_is_left_of_each_line(billed: Msp) -> None:
    credit(billed, line=1, amount="100.00")
    credit(billed, line=2)
    form = credits.credit_form(billed.database, ADA, "nw-000001")
    assert [(line.position, line.title, line.left_minor) for line in form.lines] == [(1, "Managed user", 90_000)]
    assert (form.number, form.total_minor, form.left_minor, form.notes) == ("NW-000001", 113_663, 90_000, 2)


def test_only_what_is_left_of_something_can_be_chosen(billed: Msp) -> None:
    billed.on("2027-02-01").bill("2027-02-01")
    credit(billed)
    assert credits.creditable(billed.database, ADA, "acme") == ("NW-000002",)
    assert credits.creditable(billed.database, Actor("U0NOBODY", "slack"), "acme") == ()


def test_what_is_tried_out_is_not_given(billed: Msp) -> None:
    tried = credits.try_credit(billed.database, ADA, billed.clock, credits.Wanted("NW-000001", line=1, amount="10.00"))
    assert (tried.number, tried.draft.total_minor) == (None, -1083)
    assert credits.credit_form(billed.database, ADA, "NW-000001").notes == 0
