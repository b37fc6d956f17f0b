"""Selects whose options the bot looks up, asked of a real Bolt app and chosen from."""

import asyncio
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from billing.errors import WrongInput
from sandbox.workspace.client import WorkspaceClient
from tests.support.workspace import SECTION

Body = dict[str, Any]

FIND = {"type": "external_select", "action_id": "find", "min_query_length": 0}
SEVERAL = {"type": "multi_external_select", "action_id": "several", "min_query_length": 1}


def plain(text: str) -> Body:
    return {"type": "plain_text", "text": text}


def option(name: str) -> Body:
    return {"text": plain(name), "value": name.lower()}


def asked(element: Body) -> Body:
    return {"type": "input", "block_id": "who", "label": plain("Who"), "element": element}


def modal(*blocks: Body) -> Body:
    return {"type": "modal", "title": plain("Ask"), "submit": plain("Go"), "blocks": list(blocks)}


def answers(bolt: AsyncApp, action_id: str, **given: Any) -> list[Body]:
    """The questions that the bot is asked, each answered alike."""
    questions: list[Body] = []

    @bolt.options(action_id)
    async def answer(ack: Any, body: Body) -> None:
        questions.append(body)
        await ack(**given)

    return questions


async def post(slack: AsyncWebClient, element: Body) -> str:
    blocks: list[Body] = [SECTION, {"type": "actions", "block_id": "which", "elements": [element]}]
    return str((await slack.chat_postMessage(channel="C0ACME", text="card", blocks=blocks))["ts"])


async def open_modal(bolt: AsyncApp, slack: AsyncWebClient, people: WorkspaceClient, *blocks: Body) -> None:
    @bolt.command("/ask")
    async def ask(ack: Any, body: Body) -> None:
        await ack()
        await slack.views_open(trigger_id=body["trigger_id"], view=modal(*blocks))

    await people.command("biller", "acme", "/ask")
    await people.wait_for_view("biller")


async def test_typing_into_a_message_asks_the_bot_what_fits(
    bolt: AsyncApp, slack: AsyncWebClient, people: WorkspaceClient
) -> None:
    questions = answers(bolt, "find", options=[option("Acme"), option("Acorn")])
    ts = await post(slack, FIND)
    offered = await people.suggest("biller", "find", "ac", channel="acme", ts=ts)
    (body,) = questions
    assert (body["action_id"], body["block_id"], body["value"]) == ("find", "which", "ac")
    assert (body["container"]["message_ts"], body["message"]["text"]) == (ts, "card")
    assert (body["user"]["id"], body["team"]["id"], body["channel"]["id"]) == ("U0BILLER", "T0SANDBOX", "C0ACME")
    assert "trigger_id" not in body
    assert (offered.options, offered.error) == ([option("Acme"), option("Acorn")], None)


async def test_an_option_that_was_suggested_can_be_chosen(
    bolt: AsyncApp, slack: AsyncWebClient, people: WorkspaceClient
) -> None:
    answers(bolt, "find", options=[option("Acme")])
    taken: list[Body] = []

    @bolt.action("find")
    async def found(ack: Any, body: Body) -> None:
        taken.append(body)
        await ack()

    ts = await post(slack, FIND)
    await people.suggest("biller", "find", "", channel="acme", ts=ts)
    await people.choose("biller", "acme", ts, "find", "acme")
    assert taken[0]["actions"][0]["selected_option"] == option("Acme")
    assert taken[0]["state"]["values"]["which"]["find"]["selected_option"] == option("Acme")


async def test_what_was_suggested_to_one_person_cannot_be_chosen_by_another(
    bolt: AsyncApp, slack: AsyncWebClient, people: WorkspaceClient
) -> None:
    answers(bolt, "find", options=[option("Acme")])
    ts = await post(slack, FIND)
    await people.suggest("biller", "find", "", channel="acme", ts=ts)
    with pytest.raises(WrongInput, match="There is no option acme to choose"):
        await people.choose("admin", "acme", ts, "find", "acme")


async def test_a_modal_keeps_what_was_chosen_from_earlier_letters(
    bolt: AsyncApp, slack: AsyncWebClient, people: WorkspaceClient
) -> None:
    @bolt.options("several")
    async def answer(ack: Any, payload: Body) -> None:
        await ack(options=[option({"a": "Acme", "b": "Bolt"}[payload["value"]])])

    submitted: list[Body] = []

    @bolt.view("")
    async def submit(ack: Any, view: Body) -> None:
        submitted.append(view)
        await ack()

    await open_modal(bolt, slack, people, asked(SEVERAL))
    for letter in "ab":
        await people.suggest("biller", "who/several", letter)
    done = await people.submit("biller", {"who/several": ["acme", "bolt"]})
    assert done.outcome == "closed"
    chosen = submitted[0]["state"]["values"]["who"]["several"]["selected_options"]
    assert chosen == [option("Acme"), option("Bolt")]


async def test_options_may_come_in_groups(bolt: AsyncApp, slack: AsyncWebClient, people: WorkspaceClient) -> None:
    groups = [{"label": plain("Clients"), "options": [option("Acme")]}]
    questions = answers(bolt, "find", option_groups=groups)
    await open_modal(bolt, slack, people, asked(FIND))
    offered = await people.suggest("biller", "find", "")
    assert offered.option_groups == groups
    assert questions[0]["container"]["type"] == "view"
    assert questions[0]["view"]["title"]["text"] == "Ask"


async def test_too_few_letters_ask_nobody(bolt: AsyncApp, slack: AsyncWebClient, people: WorkspaceClient) -> None:
    questions = answers(bolt, "find", options=[option("Acme")])
    ts = await post(slack, {"type": "external_select", "action_id": "find"})
    assert (await people.suggest("biller", "find", "ac", channel="acme", ts=ts)).options == []
    assert (await people.suggest("biller", "find", "acm", channel="acme", ts=ts)).options == [option("Acme")]
    assert len(questions) == 1


async def test_a_late_answer_offers_nothing(bolt: AsyncApp, slack: AsyncWebClient, people: WorkspaceClient) -> None:
    @bolt.options("find")
    async def answer(ack: Any) -> None:
        await asyncio.sleep(0.7)
        await ack(options=[option("Acme")])

    offered = await people.suggest("biller", "find", "", channel="acme", ts=await post(slack, FIND))
    assert (offered.options, offered.error) == ([], "operation_timeout")


async def test_an_answer_over_slacks_limits_offers_nothing_and_says_why(
    bolt: AsyncApp, slack: AsyncWebClient, people: WorkspaceClient
) -> None:
    answers(bolt, "find", options=[option("x" * 76)])
    offered = await people.suggest("biller", "find", "", channel="acme", ts=await post(slack, FIND))
    assert (offered.options, offered.error) == ([], "invalid_response")
    assert offered.messages == ["[ERROR] must be less than 76 characters [json-pointer:/options/0/text/text]"]


async def test_a_select_with_options_of_its_own_asks_nobody(slack: AsyncWebClient, people: WorkspaceClient) -> None:
    ts = await post(slack, {"type": "static_select", "action_id": "pick", "options": [option("Acme")]})
    with pytest.raises(WrongInput, match="The options of pick are not looked up"):
        await people.suggest("biller", "pick", "acme", channel="acme", ts=ts)
