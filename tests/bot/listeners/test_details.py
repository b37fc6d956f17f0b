"""The details of a change, the head count's chart and the documents' files, over real HTTP."""

import pytest

from bot import pictures
from bot.pictures import IN_AN_ANSWER
from sandbox.workspace.records import ViewSeen
from sandbox.workspace.troubles import Kind
from tests.support.office import ACME, BILLER, HOUSE, VIEWER, Office

PNG = b"\x89PNG"
MAY = "2027-05-01"


@pytest.fixture
async def proposal(office: Office) -> Office:
    """Ann and Bo are billed; Dee waits for approval."""
    await office.first_count("Ann", "Bo")
    office.hire("Dee")
    await office.sync()
    return office


async def details(office: Office) -> ViewSeen:
    """The modal on the viewer's screen once everything is done."""
    await office.press(VIEWER, "Details")
    await office.edge.work.drain(30)
    return (await office.slack.views(VIEWER))[-1]


def pictures_in(blocks: list[dict[str, object]]) -> list[object]:
    return [block["slack_file"] for block in blocks if block["type"] == "image"]


async def test_details_tell_reason_day_money_and_who_proposed(proposal: Office) -> None:
    said = (await details(proposal)).said
    assert "1. Dee joins full from 11 Apr 2027: is enabled." in said
    assert "$80.00 a month now, then $120.00 (+$40.00), before tax" in said
    assert "on the invoice of 1 May 2027, before tax" in said
    assert "revision 1, proposed on 11 Apr 2027 at 12:00 EDT by test (command line)" in said


async def test_details_show_the_head_count_as_a_picture_with_its_figures_in_words(proposal: Office) -> None:
    modal = await details(proposal)
    (file,) = await proposal.slack.files()
    assert pictures_in(modal.payload["blocks"]) == [{"id": file.id}]
    assert (await proposal.slack.file_content(file.id)).startswith(PNG)
    assert "full: 2 now, 3 proposed from 11 Apr 2027" in modal.said
    assert "being drawn" not in modal.said


async def test_details_are_for_whoever_asked_alone(proposal: Office) -> None:
    before = await proposal.slack.messages(ACME, VIEWER)
    await details(proposal)
    assert await proposal.slack.messages(ACME, VIEWER) == before
    assert [file.channel for file in await proposal.slack.files()] == [None]


async def test_details_open_before_anything_is_drawn(proposal: Office) -> None:
    await details(proposal)
    made = [call.removesuffix(":before") for call in proposal.calls if call.endswith(":before")]
    assert made[-5:] == [
        "slack.views.open",
        "slack.files.getUploadURLExternal",
        "slack.upload",
        "slack.files.completeUploadExternal",
        "slack.views.update",
    ]


async def test_a_picture_that_slack_is_not_done_with_is_shown_a_moment_later(proposal: Office) -> None:
    await proposal.slack.add_trouble("slack_file", Kind.ERROR, count=2)
    assert len(pictures_in((await details(proposal)).payload["blocks"])) == 1


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "upload", "files.completeUploadExternal"])
async def test_details_without_a_picture_say_why_and_show_all_the_rest(proposal: Office, method: str) -> None:
    await proposal.slack.add_trouble(method, Kind.ERROR, error="missing_scope")
    said = (await details(proposal)).said
    assert "1. Dee joins full" in said
    assert "The chart isn't shown: Slack refused" in said


async def test_details_without_a_picture_that_slack_never_takes_say_so(proposal: Office) -> None:
    await proposal.slack.add_trouble("slack_file", Kind.ERROR, count=len(pictures.IN_A_MODAL))
    said = (await details(proposal)).said
    assert "The chart isn't shown: Slack has not taken the picture in time." in said


async def test_a_modal_that_was_closed_meanwhile_troubles_nobody(proposal: Office) -> None:
    await proposal.slack.add_trouble("files.getUploadURLExternal", Kind.SLOW, seconds=0.5)
    await proposal.slack.click(VIEWER, ACME, (await proposal.card()).ts, "Details")
    await proposal.slack.wait_for_view(VIEWER)
    await proposal.slack.close(VIEWER)
    await proposal.edge.work.drain(30)
    assert await proposal.slack.views(VIEWER) == []
    assert (await proposal.slack.calls("views.update"))[-1].error == "not_found"


async def test_details_take_the_role_viewer(proposal: Office) -> None:
    await proposal.slack.add_user("stranger", user_id="U0STRANGER")
    await proposal.press("U0STRANGER", "Details")
    assert "takes the role viewer; you have none" in (await proposal.answer("U0STRANGER")).said
    assert await proposal.slack.views("U0STRANGER") == []


async def test_the_history_of_users_is_a_table_at_once_and_a_chart_after_it(proposal: Office) -> None:
    done = await proposal.slack.command(VIEWER, ACME, "/users", "acme history")
    assert done.error is None
    await proposal.edge.work.drain(30)
    table, chart = [one for one in await proposal.slack.messages(ACME, VIEWER) if one.only_for == VIEWER]
    assert "Acme Corp: users billed, May 2026 to 11 Apr 2027" in table.said
    assert [block["type"] for block in table.blocks] == ["header", "table", "context", "actions"]
    assert [cell["text"] for cell in table.blocks[1]["rows"][-1]] == ["Apr 2027", "2", "0", "0"]
    assert "full: 2 now" in chart.said
    assert len(pictures_in(chart.blocks)) == 1


async def test_the_history_of_users_is_a_text_where_the_workspace_takes_no_tables(proposal: Office) -> None:
    await proposal.slack.refuse_blocks("table")
    await proposal.slack.command(VIEWER, ACME, "/users", "acme history")
    await proposal.edge.work.drain(30)
    table, chart = [one for one in await proposal.slack.messages(ACME, VIEWER) if one.only_for == VIEWER]
    assert [block["type"] for block in table.blocks] == ["header", "rich_text", "context", "actions"]
    assert "Apr 2027     2       0     0" in table.said
    assert len(pictures_in(chart.blocks)) == 1
    answers = [call.error for call in await proposal.slack.calls("response_url")]
    assert answers[-3:] == ["invalid_blocks", None, None]


async def test_a_chart_that_slack_is_not_done_with_follows_a_moment_later(proposal: Office) -> None:
    await proposal.slack.add_trouble("slack_file", Kind.ERROR)
    await proposal.slack.command(VIEWER, ACME, "/users", "acme history")
    await proposal.edge.work.drain(30)
    assert len(pictures_in((await proposal.answer(VIEWER)).blocks)) == 1


async def test_a_history_whose_chart_slack_never_takes_says_so(proposal: Office) -> None:
    await proposal.slack.add_trouble("slack_file", Kind.ERROR, count=len(IN_AN_ANSWER))
    await proposal.slack.command(VIEWER, ACME, "/users", "acme history")
    await proposal.edge.work.drain(30)
    assert (await proposal.answer(VIEWER)).said.startswith("The chart isn't shown: Slack has not taken the picture")


async def test_a_client_that_was_never_counted_has_no_chart(office: Office) -> None:
    answer = await office.ask(VIEWER, "/users", "globex history")
    assert "There is no head count to draw" in answer.said
    assert await office.slack.files() == []


async def issued(office: Office) -> None:
    """Globex has its invoice of May."""
    for step in ("start", "approve", "issue"):
        await office.ask(BILLER, "/run", f"{MAY} {step}", HOUSE)


async def test_a_pdf_comes_in_a_direct_message_to_whoever_asked(office: Office) -> None:
    await issued(office)
    answer = await office.ask(VIEWER, "/invoice", "globex pdf")
    assert "I sent NW-000001.pdf to you in a direct message." in answer.said
    (file,) = await office.slack.files()
    (sent,) = await office.slack.messages("direct-viewer")
    assert (file.name, sent.files, sent.said) == (
        "NW-000001.pdf",
        [file.id],
        "Globex Corp: invoice NW-000001 of 1 May 2027, $100.00",
    )
    assert (await office.slack.file_content(file.id)).startswith(b"%PDF")
    assert file.id in str(answer.blocks)


async def test_a_pdf_may_be_asked_for_by_its_number(office: Office) -> None:
    await issued(office)
    assert "I sent NW-000001.pdf" in (await office.ask(VIEWER, "/invoice", "globex pdf nw-000001")).said


async def test_a_number_of_another_client_is_refused(office: Office) -> None:
    await issued(office)
    answer = await office.ask(VIEWER, "/invoice", "globex pdf NW-000009")
    assert answer.said == "Globex Corp has no document 'NW-000009'. The newest: NW-000001."
    other = await office.ask(VIEWER, "/invoice", "acme pdf NW-000001")
    assert other.said.startswith("No invoice was issued to Acme Corp yet")


async def test_before_anything_was_issued_the_preview_is_named(office: Office) -> None:
    answer = await office.ask(VIEWER, "/invoice", "acme pdf")
    expected = "No invoice was issued to Acme Corp yet; /invoice acme preview shows it as it stands."
    assert answer.said == expected


async def test_a_pdf_takes_the_role_viewer(office: Office) -> None:
    await office.slack.add_user("stranger", user_id="U0STRANGER")
    answer = await office.ask("U0STRANGER", "/invoice", "globex pdf")
    assert "takes the role viewer; you have none" in answer.said


async def test_a_pdf_that_slack_does_not_take_is_told_with_the_remedy(office: Office) -> None:
    await issued(office)
    await office.slack.add_trouble("conversations.open", Kind.ERROR, error="missing_scope")
    answer = await office.ask(VIEWER, "/invoice", "globex pdf")
    assert "install the app again with the scopes of manifest.yaml" in answer.said
