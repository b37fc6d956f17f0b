"""Something outside that needs a person: a directory that can't be read, or a reading that the safety catch holds."""

from collections.abc import Iterator

from bot.actions import Act
from bot.message import Json, Message, ModalView
from bot.targets import HeldTarget
from bot.views import limits, modals, parts, sentences
from bot.views.fitting import Body, Piece
from bot.views.modals import Origin
from bot.views.surfaces import message
from commands.alerts import AlertView
from commands.held import Move
from documents.format import one_line

_KINDS = (("leave", "Would leave"), ("join", "Would join"), ("quantity", "Would be counted otherwise"))


def alert_card(alert: AlertView) -> Message:
    """What is wrong, what it means for the bill, and what to do; or that it is over."""
    state = "Solved: " if alert.cleared else "Needs you: "
    title = f"{state}{one_line(alert.title)}"
    told = limits.listed(alert.sentences, limits.SECTION, "\n", one_line)
    said = (parts.paragraph(told),) if told else ()
    since = (parts.rich(*sentences.inline(alert.moments)),) if alert.moments else ()
    remedy = () if alert.cleared or not alert.remedy else (parts.titled("What to do", one_line(alert.remedy)),)
    lists = (
        parts.titled(heading, limits.listed(moves, limits.THIRD, show=_label)) for heading, moves in _groups(alert)
    )
    body = Body((parts.header(title), *said, *since, *lists, *remedy, *_buttons(alert)))
    return message(title, body, closes=alert.cleared)


def let_through_modal(origin: Origin, alert: AlertView) -> ModalView:
    """Asks why a held reading is let through, below the whole list."""
    told = parts.paragraph(f"{parts.reason(alert.title)}. Your name and your reason are kept.")
    everybody = f"rollcall sync {parts.name(alert.client)} lists everybody"
    return modals.let_through_modal(origin, Body((told,), _moves(alert), (), len(alert.moves), everybody))


def _moves(alert: AlertView) -> Iterator[Piece]:
    for heading, moves in _groups(alert):
        title = heading
        for text, count in limits.pieces(moves, limits.HALF, show=_label):
            yield Piece((parts.titled(title, text),), count)
            title = "\N{HORIZONTAL ELLIPSIS}"


def _groups(alert: AlertView) -> Iterator[tuple[str, list[Move]]]:
    for kind, heading in _KINDS:
        moves = [move for move in alert.moves if move.kind == kind]
        if moves:
            yield f"{heading} ({len(moves)})", sorted(moves, key=lambda move: (move.name or move.what).casefold())


def _label(move: Move) -> str:
    who = parts.name(move.name or move.what)
    return f"{who} ({parts.name(move.roster)})" if move.roster else who


def _buttons(alert: AlertView) -> tuple[Json, ...]:
    if not alert.moves or not alert.seal:
        return ()
    target = HeldTarget(alert.directory, alert.seal)
    says = f"Let the reading of {alert.client_name} through"
    return (parts.buttons(parts.button("Let it through", Act.LET_THROUGH, target, says=says, style="danger")),)
