"""The worked examples through the command line, from a book and a file of people to documents, to the cent."""

from tests.support.stories import GRADUATED, Office, amounts, book, client, flat, per_unit, staff

RECURRING, ADJUSTMENT = "recurring", "adjustment"


def test_growth_in_mid_month_is_billed_by_the_day_on_graduated_tiers(office: Office) -> None:
    office.people("acme", staff(42))
    office.begin(book(client("acme", GRADUATED, bills_from="2027-04-01")))
    office.count_first()
    office.bill("2027-04-01")
    assert office.invoice("acme")["total"] == "1805.00"

    for people in (44, 45):
        office.people("acme", staff(people))
        office.done("2027-04-11", "sync", "acme")
    (change,) = office.listed("2027-04-11", "changes")
    assert (change["revision"], len(change["items"]), change["monthly"]) == (2, 3, "120.00")
    office.done("2027-04-11", "approve", str(change["id"]), "--by", "Alma")

    office.bill("2027-05-01")
    may = office.invoice("acme")
    assert amounts(may) == [(RECURRING, "2027-05-01", "1925.00"), (ADJUSTMENT, "2027-04-01", "80.00")]
    assert may["total"] == "2005.00"


def test_approving_twice_is_refused_and_bills_once(office: Office) -> None:
    office.people("acme", staff(42))
    office.begin(book(client("acme", GRADUATED, bills_from="2027-04-01")))
    office.count_first()
    office.bill("2027-04-01")
    office.people("acme", staff(45))
    office.done("2027-04-11", "sync")
    change = office.pending("2027-04-11", "acme")
    office.done("2027-04-11", "approve", change, "--by", "Alma")

    again = office.on("2027-04-11", "approve", change, "--by", "Bert")

    assert again.code == 1
    assert f"Change {change} was already approved by" in again.err
    office.bill("2027-05-01")
    assert (ADJUSTMENT, "2027-04-01", "80.00") in amounts(office.invoice("acme"))


def _two_join_late_in_january(office: Office) -> str:
    """15 people, two more seen on 25 January, February billed without them; the id of the change."""
    office.people("birch", staff(15))
    office.begin(book(client("birch", per_unit("80.00"))))
    office.count_first()
    office.bill("2027-01-01")
    office.people("birch", staff(17))
    office.done("2027-01-25", "sync")
    february = "2027-02-01"
    # Two of fifteen are more than 5 % of the invoice, so the run waits for somebody.
    started = office.done(february, "run", "start", february)
    assert "birch is held: R05" in started
    assert "-> rollcall reconcile birch --on 2027-02-01 says what to do" in started
    why = ("--by", "Bert", "--reason", "approval is late", "--until", "2027-02-28")
    office.done(february, "run", "override", "birch", "R05", *why)
    office.bill(february)
    assert office.invoice("birch")["total"] == "1200.00"
    return office.pending("2027-02-03", "birch")


def test_a_late_approval_is_billed_a_line_a_period_over_an_issued_invoice(office: Office) -> None:
    change = _two_join_late_in_january(office)
    office.done("2027-02-03", "approve", change, "--by", "Alma")

    office.bill("2027-03-01")

    march = office.invoice("birch")
    assert sorted(amounts(march)) == [
        (ADJUSTMENT, "2027-01-01", "36.13"),
        (ADJUSTMENT, "2027-02-01", "160.00"),
        (RECURRING, "2027-03-01", "1360.00"),
    ]
    assert march["total"] == "1556.13"


def test_a_rejection_is_not_billed_and_reconciliation_shows_what_it_costs(office: Office) -> None:
    change = _two_join_late_in_january(office)
    office.done("2027-02-03", "reject", change, "--by", "Alma", "--reason", "they are interns")

    office.done("2027-03-01", "sync")
    found = office.listed("2027-03-01", "reconcile", "birch")
    office.bill("2027-03-01")

    assert [(each["code"], each["effect"], each["amount"]) for each in found] == [("R06", "warn", "160.00")]
    assert office.invoice("birch")["total"] == "1200.00"


def _64_and_a_neighbour(office: Office) -> None:
    office.people("acme", staff(10))
    office.people("cedar", staff(64))
    acme = client("acme", per_unit("50.00"), bills_from="2027-05-01")
    cedar = client("cedar", per_unit("70.00"), bills_from="2027-05-01")
    office.begin(book(acme, cedar), "2027-04-01")
    office.count_first("2027-04-01")


def _hold_and_override(office: Office, code: str) -> None:
    """The run of May holds this client alone; a named override bills the last good count."""
    may = "2027-05-01"
    office.done(may, "run", "start", may)
    status = office.listed(may, "run", "status")
    states = {each["client"]: (each["state"], each["held"], each["total"]) for each in status["clients"]}
    assert states == {"acme": ("drafted", [], "500.00"), "cedar": ("held", [code], None)}

    why = ("--by", "Ada", "--reason", "head count confirmed by phone", "--until", "2027-05-31")
    office.done(may, "run", "override", "cedar", code, *why)
    office.bill(may)

    assert office.invoice("acme")["total"] == "500.00"
    assert office.invoice("cedar")["total"] == "4480.00"
    assert f"cedar: {code} overridden by" in office.done(may, "run", "status")


def test_a_directory_that_fails_holds_its_client_alone_and_bills_the_last_good_count(office: Office) -> None:
    _64_and_a_neighbour(office)
    (office.folder / "cedar.csv").unlink()
    assert office.on("2027-05-01", "sync").code == 3
    assert office.listed("2027-05-01", "changes") == []
    _hold_and_override(office, "R01")


def test_a_directory_with_nobody_in_it_proposes_nothing_and_holds_its_client_alone(office: Office) -> None:
    _64_and_a_neighbour(office)
    office.people("cedar", [])
    held = office.on("2027-05-01", "sync")
    assert (held.code, "the directory answered, but with nobody in it" in held.err) == (1, True), held.said
    assert office.listed("2027-05-01", "changes") == []
    _hold_and_override(office, "R02")


def _an_invoice_of_1000(office: Office, tax: str = "") -> None:
    office.begin(book(client("acme", flat("1000.00"), counted=None, tax=tax)))
    office.bill("2027-01-01")
    assert office.invoice("acme")["subtotal"] == "1000.00"


def test_goodwill_has_its_share_of_the_tax_and_is_not_billed_again(office: Office) -> None:
    _an_invoice_of_1000(office, tax="8.25")
    office.done("2027-01-10", "credit", "NW-000001", "--amount", "50.00", "--by", "Bert", "--reason", "an outage")
    note = office.invoice("acme")
    assert (note["document"], note["subtotal"], note["total"]) == ("credit_note", "-50.00", "-54.13")

    office.bill("2027-02-01")

    february = office.invoice("acme")
    assert (amounts(february), february["total"]) == ([(RECURRING, "2027-02-01", "1000.00")], "1082.50")


def test_a_reversed_invoice_is_billed_again_beside_the_new_month(office: Office) -> None:
    _an_invoice_of_1000(office)
    office.done("2027-01-10", "credit", "NW-000001", "--rebill", "--by", "Bert", "--reason", "the wrong buyer")
    note = office.invoice("acme")
    assert (note["document"], note["total"]) == ("credit_note", "-1000.00")

    office.bill("2027-02-01")

    february = office.invoice("acme")
    assert sorted(amounts(february)) == [(RECURRING, "2027-01-01", "1000.00"), (RECURRING, "2027-02-01", "1000.00")]


def _rising(known: str) -> str:
    """A flat price that changes on 11 June."""
    old, new = '{model: flat, amount: "10000.00"}', 'model: flat, amount: "11000.00"}'
    return f"[{old}, {{from: 2027-06-11, {known}{new}]"


def test_a_price_that_changes_on_a_date_known_before_is_billed_by_the_day(office: Office) -> None:
    office.begin(book(client("acme", _rising(""), counted=None, start="2027-06-01")), "2027-06-01")
    office.bill("2027-06-01")
    assert office.invoice("acme")["total"] == "10666.67"


def test_a_price_learnt_after_its_period_was_billed_is_an_adjustment_on_the_next_invoice(office: Office) -> None:
    office.begin(book(client("acme", flat("10000.00"), counted=None, start="2027-06-01")), "2027-06-01")
    office.bill("2027-06-01")
    assert office.invoice("acme")["total"] == "10000.00"

    file = office.folder / "book.yaml"
    file.write_text(book(client("acme", _rising("known: 2027-06-20, "), counted=None, start="2027-06-01")))
    refused = office.on("2027-06-20", "import", str(file), "--apply")
    assert (refused.code, "10000.00 -> 10666.67 USD" in refused.err) == (1, True), refused.said
    office.done("2027-06-20", "import", str(file), "--apply", "--correct", "letter of 20 June")

    office.bill("2027-07-01")
    july = office.invoice("acme")
    assert amounts(july) == [(RECURRING, "2027-07-01", "11000.00"), (ADJUSTMENT, "2027-06-01", "666.67")]
    assert july["total"] == "11666.67"


def test_a_start_in_mid_cycle_is_billed_with_the_first_whole_period(office: Office) -> None:
    office.begin(book(client("acme", flat("11000.00"), counted=None, start="2027-06-21")), "2027-06-21")
    office.bill("2027-07-01")
    july = office.invoice("acme")
    assert sorted(amounts(july)) == [(RECURRING, "2027-06-21", "3666.67"), (RECURRING, "2027-07-01", "11000.00")]
    assert july["total"] == "14666.67"
