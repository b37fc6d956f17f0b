"""/quote and /invoice explain, over real HTTP."""

from tests.support.office import ACME, APPROVER, BILLER, HOUSE, VIEWER, Office

MAY = "2027-05-01"


async def test_a_quote_says_what_it_costs_and_is_for_the_asking_user_only(office: Office) -> None:
    await office.first_count("Ann", "Bo", "Cy")
    before = await office.slack.messages(ACME)
    answer = await office.ask(VIEWER, "/quote", "acme +3 full from may 1")
    assert "Acme Corp: 3 users more (full), from 1 May 2027 on" in answer.said
    assert "On the invoice of 1 May 2027: +$120.00, before tax; +$129.90 with tax" in answer.said
    assert "A month: +$120.00 before tax" in answer.said
    assert await office.slack.messages(ACME) == before


async def test_fewer_cost_less(office: Office) -> None:
    await office.first_count("Ann", "Bo", "Cy")
    assert "A month: -$80.00" in (await office.ask(VIEWER, "/quote", "acme -2 full from may 1")).said


async def test_more_than_there_are_can_not_be_taken_away(office: Office) -> None:
    await office.first_count("Ann", "Bo", "Cy")
    answer = await office.ask(VIEWER, "/quote", "acme -4 full from may 1")
    assert answer.said == "There are only 3 of full on 2027-05-01, so 4 fewer is impossible."


async def test_a_quote_is_sent_as_a_file_where_that_is_asked_for(office: Office) -> None:
    await office.first_count("Ann", "Bo", "Cy")
    answer = await office.ask(VIEWER, "/quote", "acme +3 full from may 1 pdf")
    assert "I sent quote-acme-2027-04-11.pdf to you in a direct message." in answer.said
    (file,) = await office.slack.files()
    (sent,) = await office.slack.messages("direct-viewer")
    assert sent.said == "Acme Corp: 3 users more (full), from 1 May 2027 on"
    assert (await office.slack.file_content(file.id)).startswith(b"%PDF")


async def test_an_invoice_is_explained_to_the_asking_user_as_it_stands_and_once_it_is_issued(office: Office) -> None:
    await office.first_count("Ann", "Bo", "Cy")
    before = await office.ask(VIEWER, "/invoice", "acme explain")
    assert "Acme Corp: invoice of 1 May 2027, not issued yet, explained" in before.said
    assert f"approved by {APPROVER}" in before.said
    for step in ("start", "approve", "issue"):
        await office.ask(BILLER, "/run", f"{MAY} {step}", HOUSE)
    after = await office.ask(VIEWER, "/invoice", "globex explain 1")
    assert "Globex Corp: invoice NW-000002 explained" in after.said
    assert "$100.00" in after.said


async def test_a_line_that_is_not_there_is_told_which_ones_are(office: Office) -> None:
    await office.first_count("Ann", "Bo", "Cy")
    answer = await office.ask(VIEWER, "/invoice", "acme explain 9")
    assert answer.said == "The invoice has lines 1 to 1, not 9."
