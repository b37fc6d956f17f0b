"""What a window says at the field that asks for a reason."""

from collections.abc import Mapping

from bot.actions import Field
from bot.clicks import Click
from commands.reasons import ReasonIsMissing, require_reason


def unexplained(click: Click, decided: str) -> Mapping[str, str]:
    """The fault of a form without a reason, by field; `decided` is as for `require_reason`."""
    try:
        require_reason(click.fields[Field.REASON], decided)
    except ReasonIsMissing as error:
        return {Field.REASON: error.asks}
    return {}
