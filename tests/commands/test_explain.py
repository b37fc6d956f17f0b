"""Where each cent of a document comes from: changes and approvers, imports, readings, and what was seen where."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from billing.agreement import Discount, Reduction
from billing.calendar import always
from billing.counting import Commitment
from billing.prices import Usage
from billing.quantities import Measure, Reading
from commands import audit, explain, users
from commands.explain import Explanation, NoSuchLine
from commands.invoices import NoSuchInvoice
from connectors.books.values import BookClient, BookQuantity, BookReading
from documents.sources import Approval, Deed, Moved, Read, Stated, spoken, told
from rosters.changes import ChangeItem
from storage import changes
from storage.tables import ChangeRow
from tests.billing.build import agreement, day, flat, line, per_unit
from tests.support.books import client, stating
from tests.support.msp import ADA, BOB, Msp, amounts, played_once

OPS, SHELL = "ops for", " (command line)"
LICENCE, BACKUP = Measure("licence", "SPB"), Measure("usage", "backup")


def explained(msp: Msp, number: str, asked: str | None = None) -> tuple[Explanation, ...]:
    return explain.explain(msp.database, ADA, number, asked)


def asked(msp: Msp, words: str = "") -> explain.Explained:
    return explain.explain_client(msp.database, ADA, msp.clock, "acme", words)


def in_short(msp: Msp, words: str = "", most: int = 4) -> list[str]:
    """What stands behind the first line, as Slack shows it."""
    found = asked(msp, words)
    return [spoken(told(source, found.document.name_of, most)) for source in found.lines[0].sources]


@pytest.fixture
@played_once
def grown(counted: Msp) -> Msp:
    """January was billed for three; Dee joined on the 11th, which Bob approved on the 15th; February is billed."""
    counted.bill("2027-01-01")
    counted.on("2027-01-11").hire("dee")
    counted.sync()
    counted.on("2027-01-15").approve(actor=BOB)
    counted.bill("2027-02-01")
    return counted


def test_each_change_is_one_sentence_with_who_approved_it_and_where_it_was_seen(grown: Msp) -> None:
    assert in_short(grown) == [
        f"+3 on 1 Jan 2027 (Ann, Bo, Cy), approved by {OPS} Ada{SHELL} on 1 Jan 2027, seen in hr on 1 Jan 2027",
        f"+1 on 11 Jan 2027 (Dee), approved by {OPS} Bob{SHELL} on 15 Jan 2027, seen in hr on 11 Jan 2027",
    ]


def test_an_auditor_is_led_from_the_change_to_everybody_s_account(grown: Msp) -> None:
    (of_people,) = explained(grown, "NW-000002", "1")
    change, dee = of_people.sentences[-2:]
    said = "by change 2, approved by ops for Bob (command line) on 15 Jan 2027, seen in hr on 11 Jan 2027:"
    assert change == f"+1 on 11 Jan 2027, {said}"
    assert dee == "\N{MIDDLE DOT} Dee: account dee in hr, first seen 11 Jan 2027; paid for from 11 Jan 2027."


def test_every_line_is_explained(grown: Msp) -> None:
    found = explained(grown, "NW-000002")
    assert [entry.line for entry in found] == list(range(1, len(grown.document("NW-000002")["lines"]) + 1))
    assert all(entry.sentences for entry in found)


def test_a_line_that_counts_what_another_counted_only_refers_to_it_in_a_whole_document(grown: Msp) -> None:
    grown.on("2027-02-15").hire("eve")
    grown.sync()
    grown.approve("2027-01-20")
    grown.bill("2027-03-01")
    march, *back = explained(grown, "NW-000003")
    assert [entry.heading.startswith("Managed user, 1") for entry in back] == [True, True]
    assert [entry.sentences[-1] for entry in back] == [f"Counted as on line {march.line}."] * 2
    (alone,) = explained(grown, "NW-000003", "2")
    assert "Eve: account eve" in alone.sentences[-1]


def test_an_adjustment_says_who_joined_and_when(grown: Msp) -> None:
    (adjustment,) = explained(grown, "NW-000002", "2")
    assert ("Dee" in adjustment.title, "Dee" in adjustment.heading) == (True, False)
    assert "6.77" in adjustment.heading


def test_a_leaver_who_was_billed_leads_back_to_both_changes(counted: Msp) -> None:
    counted.on("2027-01-11").fire("bo")
    counted.sync()
    counted.approve(actor=BOB)
    counted.bill("2027-02-01")
    (january,) = explained(counted, "NW-000001", "1")
    story, *_ = [sentence for sentence in january.sentences if sentence.startswith("\N{MIDDLE DOT} Bo: ")]
    assert "paid for from 1 Jan 2027 until 11 Jan 2027 by change 2, approved by ops for Bob" in story


def test_what_was_decided_after_an_invoice_is_not_behind_its_numbers(counted: Msp) -> None:
    counted.bill("2027-01-01")
    counted.on("2027-01-11").fire("bo")
    counted.sync()
    counted.approve(actor=BOB)
    counted.bill("2027-02-01")
    joined = [(source.joined, source.on) for source in explained(counted, "NW-000001")[0].sources]  # type: ignore[union-attr] # people
    assert joined == [(True, day("2027-01-01"))]
    (back,) = [entry for entry in explained(counted, "NW-000002") if entry.heading.startswith("Managed user, 1")][1:]
    assert [source.joined for source in back.sources] == [True, False]  # type: ignore[union-attr] # people


def test_long_lists_of_names_are_cut_with_a_count(msp: Msp) -> None:
    msp.imports(client(per_unit("10")))
    msp.count(*(f"p{number}" for number in range(8)))
    (everybody,) = in_short(msp)
    assert "(P0, P1, P2, P3 and 4 more)" in everybody
    (everybody,) = in_short(msp, most=7)
    assert "(P0, P1, P2, P3, P4, P5, P6, P7)" in everybody


def test_an_erased_name_stays_erased(counted: Msp) -> None:
    users.erase(counted.database, ADA, counted.clock, "acme", "bo", "asked")
    assert "((name erased), Ann, Cy)" in in_short(counted)[0]


# Numbers that nobody stands for.


def test_a_stated_number_names_the_import_that_brought_it(msp: Msp) -> None:
    msp.imports(client(per_unit("10"), directories=(), quantities=stating(("2027-01-01", "3"))))
    msp.bill("2027-01-01")
    (line_of_people,) = explained(msp, "NW-000001")
    assert line_of_people.sentences[-1] == (
        "3 from 1 Jan 2027, in the book that ops for Ada (command line) imported on 1 Jan 2027."
    )
    assert "Nobody was counted by name on full." in line_of_people.workings


def licences(*numbers: tuple[str, str, str | None]) -> tuple[BookQuantity, ...]:
    return tuple(
        BookQuantity(LICENCE, day(on), Decimal(number), day(known) if known else None) for on, number, known in numbers
    )


BOUGHT = licences(("2027-01-01", "10", None), ("2027-01-16", "12", "2027-01-20"))
PREMIUM = agreement(line(per_unit("26.40"), count=LICENCE), timing="arrears")


def test_each_number_names_the_import_that_brought_it_first(msp: Msp) -> None:
    msp.imports(client(PREMIUM, directories=(), rosters=(), quantities=BOUGHT[:1]))
    msp.on("2027-01-20").imports(client(PREMIUM, directories=(), rosters=(), quantities=BOUGHT))
    msp.bill("2027-02-01")
    assert in_short(msp) == [
        "10 from 1 Jan 2027, in the book that ops for Ada (command line) imported on 1 Jan 2027",
        f"12 from 16 Jan 2027 (+2), known since 20 Jan 2027, in the book that {OPS} Ada{SHELL} imported on 20 Jan 2027",
    ]


def test_an_import_that_brings_no_new_number_brings_none(msp: Msp) -> None:
    msp.imports(client(PREMIUM, directories=(), rosters=(), quantities=BOUGHT))
    msp.imports(client(PREMIUM, directories=(), rosters=(), quantities=BOUGHT, name="Apex Inc"))
    newest, first = (json.loads(entry.data) for entry in audit.entries(msp.database, ADA, "acme"))
    assert "brought" not in newest
    assert first["brought"] == [
        ["licence", "SPB", "2027-01-01", "10", ""],
        ["licence", "SPB", "2027-01-16", "12", "2027-01-20"],
    ]


def test_a_number_that_a_change_brought_names_its_approver(msp: Msp) -> None:
    msp.imports(client(PREMIUM, directories=(), rosters=(), quantities=BOUGHT))
    item = ChangeItem("quantity", day("2027-01-16"), measure=LICENCE, before=Decimal(10), after=Decimal(12))
    with msp.database.write("test") as session:
        proposed = day("2027-01-18")
        row = ChangeRow(
            id=7, revision=1, client_id=1, state="approved", proposed_on=proposed, proposed_at=msp.clock.now(),
            fingerprint="", monthly_minor=0, next_invoice_minor=0, decided_by="U0JANE", decided_on=day("2027-01-20"),
        )  # fmt: skip
        changes.add(session, row, [item])
    msp.bill("2027-02-01")
    found = asked(msp).lines[0].sources[1]
    assert isinstance(found, Stated)
    assert found.approval == Approval(7, Deed("U0JANE", day("2027-01-20")))
    assert in_short(msp)[1] == "12 from 16 Jan 2027 (+2), approved by Slack user U0JANE on 20 Jan 2027"


def test_what_a_commitment_puts_off_is_said_of_its_line(msp: Msp) -> None:
    term = Commitment(day("2027-01-01"), day("2028-01-01"))
    committed = agreement(replace(line(per_unit("26.40"), count=LICENCE), commitment=term), timing="arrears")
    fewer = licences(("2027-01-01", "12", None), ("2027-01-21", "10", None))
    msp.imports(client(committed, directories=(), rosters=(), quantities=fewer))
    msp.bill("2027-02-01")
    (told_of_it,) = explained(msp, "NW-000001")
    assert "A commitment keeps 12 in force on 21\N{EN DASH}31 Jan, where 10 would be wanted" in told_of_it.workings
    assert told_of_it.workings[-1].startswith("2 licences committed until 1 Jan 2028: 12 instead of 10 are billed")
    assert in_short(msp)[1].startswith("10 from 21 Jan 2027 (-2), in the book that")


def test_what_a_commitment_puts_off_is_not_said_of_a_period_before_it(msp: Msp) -> None:
    term = Commitment(day("2027-01-01"), day("2028-01-01"))
    committed = agreement(replace(line(per_unit("26.40"), count=LICENCE), commitment=term), timing="arrears")
    fewer = licences(("2027-01-01", "12", None), ("2027-02-21", "10", None))
    msp.imports(client(committed, directories=(), rosters=(), quantities=fewer))
    msp.bill("2027-03-01")
    assert ["committed until" in " ".join(each.workings) for each in explained(msp, "NW-000001")] == [False, True]


def read(*readings: tuple[str, str, str]) -> tuple[BookReading, ...]:
    return tuple(BookReading("backup", Reading(day(on), Decimal(amount), key)) for on, amount, key in readings)


def metering(readings: tuple[BookReading, ...]) -> BookClient:
    metered = agreement(line(Usage(Decimal(2)), count=BACKUP), timing="arrears")
    return replace(client(metered, directories=(), rosters=()), usage=readings)


def test_readings_are_told_by_the_import_that_brought_them_and_in_full_one_by_one(msp: Msp) -> None:
    early = read(("2027-01-03", "3", "a"), ("2027-01-05", "4", "b"))
    msp.imports(metering(early))
    msp.on("2027-01-31").imports(metering((*early, *read(("2027-01-30", "5", "c")))))
    msp.bill("2027-02-01")
    assert in_short(msp) == [
        f"2 readings of 3\N{EN DASH}5 Jan 2027, 7 in all, in the book that {OPS} Ada{SHELL} imported on 1 Jan 2027",
        "5 read on 30 Jan 2027, in the book that ops for Ada (command line) imported on 31 Jan 2027",
    ]
    (of_meter,) = explained(msp, "NW-000001")
    assert "\N{MIDDLE DOT} 4 read on 5 Jan 2027, key b." in of_meter.sentences
    assert [len(source.readings) for source in of_meter.sources if isinstance(source, Read)] == [2, 1]


def test_what_was_read_since_the_invoice_is_said(msp: Msp) -> None:
    msp.imports(metering(read(("2027-01-03", "3", "a"))))
    msp.bill("2027-02-01")
    late = read(("2027-01-03", "3", "a"), ("2027-01-30", "5", "c"))
    msp.imports(metering(late), correct="It came late.")
    (of_meter,) = explained(msp, "NW-000001")
    since = "Readings known when this was drafted: 1 of 2; a later run bills the rest"
    assert of_meter.workings[-1] == since


def test_a_fixed_number_is_the_agreement_s(msp: Msp) -> None:
    fixed = agreement(line(per_unit("10"), count=Measure("fixed", "3")))
    msp.imports(client(fixed, directories=(), rosters=()))
    assert in_short(msp) == ["The number 3 is fixed in the agreement"]


def test_a_roster_counted_within_the_period_has_both_its_stated_number_and_its_people(msp: Msp) -> None:
    arrears = agreement(line(per_unit("10")), timing="arrears")
    msp.imports(client(arrears, quantities=stating(("2027-01-01", "2"))))
    msp.on("2027-01-11").count("ann", "bo", "cy")
    first, second = asked(msp).lines[0].sources
    assert isinstance(first, Stated)
    assert isinstance(second, Moved)
    assert (first.step.quantity, len(second.places)) == (Decimal(2), 3)


def test_a_flat_line_is_explained_without_people(msp: Msp) -> None:
    msp.imports(client(agreement(line(flat("100"))), directories=(), rosters=()))
    msp.bill("2027-01-01")
    (found,) = explained(msp, "NW-000001")
    assert ("100.00" in found.title, bool(found.sentences), found.sources) == (True, True, ())


# What was asked for.


def test_before_the_first_invoice_the_one_that_stands_is_explained(counted: Msp) -> None:
    found = asked(counted, "1")
    assert found.document.number is None
    assert any("Ann: account ann" in sentence for sentence in found.lines[0].sentences)


@pytest.mark.parametrize(
    ("words", "number", "lines"),
    [
        ("", "NW-000002", [1, 2]),
        ("2", "NW-000002", [2]),
        ("managed-user", "NW-000002", [1, 2]),
        ("Managed User", "NW-000002", [1, 2]),
        ("nw-000001", "NW-000001", [1]),
        ("NW-000001 managed-user", "NW-000001", [1]),
        ("NW-000002 2", "NW-000002", [2]),
    ],
)
def test_a_document_a_line_or_both_can_be_asked_for(grown: Msp, words: str, number: str, lines: list[int]) -> None:
    found = asked(grown, words)
    assert (found.document.number, [entry.line for entry in found.lines]) == (number, lines)


def test_a_line_that_is_not_there_is_refused_with_those_that_are(grown: Msp) -> None:
    with pytest.raises(NoSuchLine, match="lines 1 to 2, not 3"):
        explained(grown, "NW-000002", "3")
    with pytest.raises(NoSuchLine, match=r"NW-000002 has no line 'backup'. Its lines: managed-user\.$"):
        explained(grown, "NW-000002", "backup")
    with pytest.raises(NoSuchLine, match="No document has that number either: /invoice acme history lists them"):
        asked(grown, "NW-000009")


def test_nothing_owed_and_nothing_issued_is_said(msp: Msp) -> None:
    msp.imports(client(per_unit("10")))
    with pytest.raises(NoSuchInvoice, match="nothing is owed so far"):
        asked(msp)


def test_the_rows_of_a_month_are_those_of_the_document(grown: Msp) -> None:
    assert amounts(grown.document("NW-000002")) == [
        ("recurring", "2027-02-01", "40.00"),
        ("adjustment", "2027-01-01", "6.77"),
    ]


def test_a_discount_that_was_stored_is_compared_with_what_it_is_now(counted: Msp) -> None:
    tenth = Reduction(percent=Decimal(10))
    counted.imports(client(replace(agreement(line(per_unit("10"))), discounts=(Discount("Loyalty", always(tenth)),))))
    counted.bill("2027-01-01")
    counted.on("2027-01-11").hire("dee")
    counted.sync()
    counted.approve("2027-01-01")
    counted.bill("2027-02-01")
    (back,) = [entry.heading for entry in asked(counted, "Loyalty").lines if "more off" in entry.heading]
    told_of_it = "10% off $40.00 instead of $30.00: $1.00 more off: -$1.00"
    assert back == f"Discount: Loyalty, 1\N{EN DASH}31 Jan 2027 · {told_of_it}"
