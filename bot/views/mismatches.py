"""What doesn't agree before a run: money, cause, and what to press."""

from collections.abc import Iterator, Sequence

from bot.actions import Act
from bot.message import Json, Message
from bot.targets import HeldTarget, HoldTarget, PairTarget
from bot.views import limits, parts
from bot.views.changes import change_buttons
from bot.views.fitting import Body, Piece, in_a_file
from bot.views.surfaces import message, said
from commands.reconcile import MismatchView
from documents.format import Format, one_line

_EFFECTS = {"hold": "holds the invoice", "warn": "to look at", "info": "for information"}


def mismatches_card(mismatches: Sequence[MismatchView]) -> Message:
    """The mismatches, those that hold an invoice first."""
    if not mismatches:
        return said("Everything agrees: nothing was found that would hold or change an invoice.")
    title = how_many(mismatches)
    ordered = sorted(mismatches, key=lambda each: list(_EFFECTS).index(each.effect))
    middle = (Piece((_mismatch(each), *_decision(each))) for each in ordered)
    elsewhere = in_a_file("reconcile", {each.client for each in ordered})
    return message(title, Body((parts.header(title),), middle, (), len(ordered), elsewhere))


def how_many(mismatches: Sequence[MismatchView]) -> str:
    """How many there are, and how many of them matter most: 3 mismatches, 1 holding an invoice."""
    holds = sum(each.effect == "hold" for each in mismatches)
    noun = "mismatch" if len(mismatches) == 1 else "mismatches"
    return f"{len(mismatches)} {noun}, {holds or 'none'} holding an invoice"


def _decision(mismatch: MismatchView) -> Iterator[Json]:
    """What to press where a person has to say something that no source knows."""
    ways, client = mismatch.ways, mismatch.client
    if ways.pair is not None:
        target = PairTarget(*ways.pair)
        yield parts.buttons(
            parts.button("Same person", Act.SAME_PERSON, target, says=f"Same person at {client}"),
            parts.button("Two people", Act.TWO_PEOPLE, target, says=f"Two people at {client}"),
        )
    if ways.change is not None:
        yield change_buttons(ways.change)
    last = []
    if ways.held is not None:
        says = f"Let the reading of {client} through"
        last.append(parts.button("Let it through", Act.LET_THROUGH, HeldTarget(*ways.held), says=says, style="danger"))
    if ways.run is not None:
        says = f"Override the hold of {client}, {mismatch.code}"
        last.append(parts.button("Override", Act.OVERRIDE, HoldTarget(ways.run, client), says=says))
    if last:
        yield parts.buttons(*last)


def _mismatch(mismatch: MismatchView) -> Json:
    amount = ""
    if mismatch.amount_minor is not None:
        amount = f", {Format(mismatch.locale, mismatch.currency).money(mismatch.amount_minor)}"
    effect = _EFFECTS[mismatch.effect]
    title = f"{mismatch.code} {parts.name(mismatch.client)}: {effect}{amount}"
    remedy = limits.cut(one_line(mismatch.remedy), limits.QUARTER)
    return parts.titled(title, f"{limits.cut(one_line(mismatch.text), limits.HALF)}\nRemedy: {remedy}")
