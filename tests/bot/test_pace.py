"""How fast Slack is called, and what happens when it says that this was too fast."""

import asyncio
from datetime import timedelta

import pytest

from bot.delivery import Delivery
from bot.desk import reply
from bot.message import Message
from bot.pace import Pace, Rate, Rates
from bot.reader import Reader
from bot.slack import POSTS, SlackRefused
from bot.views.surfaces import said
from commands.notices import Owed
from sandbox.workspace.troubles import Kind
from storage import notices
from storage.database import Database
from tests.support.office import ACME, ADMIN, HOUSE, Office, at_speed

# Slower, and the machine would keep the pace instead of the bot.
SPEED = 5
CLIENTS, BUSY, CARDS_OF_THE_BUSY, ANSWERS = 300, 40, 3, 50
QUICK = Rates(methods={POSTS: Rate(1, 600)}, channel=Rate(1, 600))


def number(_database: Database, notice: Owed) -> Message:
    """A card that says which one it is."""
    return said(f"Card {notice.id}")


async def owe_everywhere(office: Office) -> int:
    """A card in the channel of each of three hundred clients, and several in those of the busy ones; how many."""
    for client in range(CLIENTS):
        await office.slack.add_channel(f"client-{client}", f"C0{client:04}")
    places = [*range(CLIENTS), *(list(range(BUSY)) * (CARDS_OF_THE_BUSY - 1))]
    with office.edge.database.write("test") as session:
        for subject, client in enumerate(places):
            notices.owe(session, "change", str(subject), None, f"C0{client:04}")
    return len(places)


async def test_cards_for_300_clients_and_50_answers_at_once_meet_none_of_slacks_limits(office: Office) -> None:
    owed, edge = await owe_everywhere(office), at_speed(office, SPEED)
    await office.slack.hold_to_limits(SPEED)
    answers = (
        reply(edge.slack, Reader(ADMIN, f"C0{client:04}"), said(f"Answer {client}")) for client in range(ANSWERS)
    )
    await asyncio.gather(Delivery(edge, number).send_owed(), *answers)

    assert {call.error for call in await office.slack.calls()} == {None}
    assert len((await office.slack.state())["messages"]) == owed + ANSWERS
    for client in range(BUSY):
        seen = [int(one.said.removeprefix("Card ")) for one in await office.slack.messages(f"C0{client:04}")]
        assert (seen, len(seen)) == (sorted(seen), CARDS_OF_THE_BUSY)


async def test_a_channel_that_has_to_wait_keeps_no_other_waiting(office: Office) -> None:
    with office.edge.database.write("test") as session:
        for subject, channel in enumerate((*[ACME] * 9, HOUSE)):
            notices.owe(session, "change", str(subject), None, channel)
    await office.slack.hold_to_limits(SPEED)
    await Delivery(at_speed(office, SPEED), number).send_owed()
    ((house,), acme) = (await office.slack.messages(HOUSE), await office.slack.messages(ACME))
    assert [seen.said for seen in acme] == [f"Card {card}" for card in range(1, 10)]
    assert house.ts < acme[3].ts
    assert {call.error for call in await office.slack.calls()} == {None}


async def test_an_acknowledgement_and_an_answer_wait_for_no_card(office: Office) -> None:
    with office.edge.database.write("test") as session:
        for subject in range(40):
            notices.owe(session, "change", str(subject), None, ACME)
    sending = asyncio.create_task(Delivery(at_speed(office, 1), number).send_owed())
    await office.slack.wait_for(ACME, lambda seen: seen.said == "Card 2")
    await office.slack.command(ADMIN, ACME, "/rollcall", "status")
    (delivery,) = await office.slack.deliveries()
    assert (delivery.error, delivery.seconds < 2) == (None, True)
    await office.slack.wait_for(ACME, lambda seen: "Cards not delivered yet" in seen.said, viewer=ADMIN, seconds=5)
    assert len(await office.slack.messages(ACME)) < 40
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)


async def test_whoever_answers_waits_for_one_card_at_most() -> None:
    pace, order = Pace(rates=QUICK), list[str]()

    async def turn(name: str, *, yields: bool) -> None:
        await pace.turn(POSTS, yields=yields)
        order.append(name)

    cards = [asyncio.create_task(turn("card", yields=True)) for _ in range(4)]
    await asyncio.sleep(0)
    await asyncio.gather(turn("answer", yields=False), *cards)
    assert order.index("answer") <= 2


async def test_a_method_that_slack_wants_to_rest_is_not_called_in_any_channel(office: Office) -> None:
    slack = office.edge.slack
    await office.slack.add_trouble(POSTS, Kind.RATE_LIMITED, seconds=30)
    for channel, seconds in ((ACME, 30), (HOUSE, 30)):
        with pytest.raises(SlackRefused) as refused:
            await slack.post(channel, said("hi"))
        assert (refused.value.code, refused.value.retry_after) == ("ratelimited", seconds)
    assert len(await office.slack.calls(POSTS)) == 1
    await slack.tell(ACME, ADMIN, said("Another method goes on."))
    office.time[0] += timedelta(seconds=30)
    await slack.post(HOUSE, said("hi"))
