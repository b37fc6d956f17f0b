"""Who judges what we send to Slack: three referees of whom none shares code with our views or with another.

Slack's Python models know most lengths and counts. The JSON schema, made of Slack's own types for TypeScript (see
scripts/make_slack_schema.sh), knows every key and which kind of text stands where, and no length at all. The sandbox's
judge knows what both miss: ids that are there twice, the length of options, and how long a whole message may be.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from jsonschema_rs import validator_for
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.message import Json, Message
from bot.views.surfaces import made_plain
from sandbox.workspace.blockkit.judge import is_too_large, is_too_long, message_faults, view_faults

_SCHEMA: Json = json.loads((Path(__file__).parent / "slack_types" / "schema.json").read_text(encoding="utf-8"))
_BY_KIND = {kind: validator_for({**_SCHEMA, "$ref": f"#/definitions/{kind}"}) for kind in ("Message", "Modal", "Home")}
_TEXT_MOST = 40_000


def faults(shown: Message | Json) -> list[str]:
    """What any of the three finds wrong with a message, a modal or a home tab, with the name of the one who does.

    Of a message with plainer blocks, both forms are judged.
    """
    every = [shown.as_arguments()] if isinstance(shown, Message) else [shown]
    if isinstance(shown, Message) and shown.plainer:
        every.append(made_plain(shown).as_arguments())
    return [
        f"{name}: {fault}"
        for sent in every
        for name, judge in (("models", by_models), ("schema", by_schema), ("judge", by_judge))
        for fault in judge(sent)
    ]


def by_models(sent: Json) -> Iterator[str]:
    """What slack_sdk's models refuse, or don't give back as they were given it."""
    try:
        for place, block in enumerate(sent["blocks"]):
            read = Block.parse(block)
            if read is None:
                yield f"blocks/{place} is of no known type"
            elif read.to_dict() != block:
                yield f"blocks/{place} is read as something else"
        if "type" in sent:
            View(**sent).validate_json()
    except (SlackObjectFormationError, TypeError) as error:  # the models miss a key that there must be
        yield str(error)


def by_schema(sent: Json) -> Iterator[str]:
    """What isn't shaped as Slack's types say."""
    kind = {"modal": "Modal", "home": "Home"}.get(sent.get("type", ""), "Message")
    for error in _BY_KIND[kind].iter_errors(sent):
        yield f"{'/'.join(map(str, error.instance_path))}: {error.message[:300]}"


def by_judge(sent: Json) -> Iterator[str]:
    """What the sandbox's Slack refuses."""
    if "type" in sent:
        yield from view_faults(sent)
        if is_too_large(sent):
            yield "the view is over 250 kB"
        return
    yield from message_faults(sent["blocks"])
    if is_too_long(sent["blocks"]):
        yield "the blocks are too long together"
    if not sent["text"].strip() or len(sent["text"]) > _TEXT_MOST:
        yield "the text beside the blocks is missing or too long"
