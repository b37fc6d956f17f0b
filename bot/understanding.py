"""Which of the readings of a command is meant: one whose client there is."""

from collections.abc import Sequence

from billing.errors import WrongInput
from bot.edge import Edge
from bot.grammar.words import CommandIsUnclear, WordIsUnknown, meant
from bot.parsing import ClientRequest, Request, readings
from commands.actors import Actor
from commands.clients import led_by, likeliest


async def understood(edge: Edge, actor: Actor, command: str, words: str) -> Request:
    """What is asked by `/command words`; the likeliest reading where none has a client whom there is.

    Raises:
        WrongInput: it is no request; the message says what was understood and what is possible.

    """
    found = readings(command, words, edge.clock.today("UTC"))
    requests = [each for each in found if not isinstance(each, WrongInput)]
    if requests == [found[0]]:
        return requests[0]
    place = await edge.run(likeliest, edge.database, actor, [_client(each) for each in requests])
    if place is not None:
        return requests[place]
    if isinstance(found[0], WrongInput):
        raise await _hinting(edge, actor, found[0], found)
    return found[0]


def _client(request: Request) -> str | None:
    return request.client if isinstance(request, ClientRequest) else None


async def _hinting(edge: Edge, actor: Actor, error: WrongInput, found: Sequence[Request | WrongInput]) -> WrongInput:
    """The refusal; of the word that is unknown behind a client's name, where there is such a client."""
    unknown = next((each for each in found if isinstance(each, WordIsUnknown)), None)
    if unknown is None:
        return error
    if await edge.run(likeliest, edge.database, actor, [unknown.words]) is not None:
        return unknown
    led = await edge.run(led_by, edge.database, actor, unknown.words)
    if led is None or (len(led[1].split()) > 1 and error is not unknown):
        return error
    client, rest = led
    possible = unknown.possible.replace("<client>", client.slug)
    return CommandIsUnclear(f"There is no “{rest}”{meant(rest, unknown.keywords)} Possible: {possible}.")
