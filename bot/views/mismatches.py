"""What doesn't agree before a run: money, cause, and what to press."""

from collections.abc import Sequence

from bot.message import Json, Message
from bot.views import limits, parts
from commands.reconcile import MismatchView
from documents.format import Format, one_line

_EFFECTS = {"hold": "holds the invoice", "warn": "to look at", "info": "for information"}


def mismatches_card(mismatches: Sequence[MismatchView]) -> Message:
    """The mismatches, those that hold an invoice first."""
    if not mismatches:
        return parts.said("Everything agrees: nothing was found that would hold or change an invoice.")
    holds = sum(each.effect == "hold" for each in mismatches)
    noun = "mismatch" if len(mismatches) == 1 else "mismatches"
    title = f"{len(mismatches)} {noun}, {holds} holding an invoice"
    ordered = sorted(mismatches, key=lambda each: list(_EFFECTS).index(each.effect))
    note = parts.small("There are more than fit here: name a client, as in /reconcile acme.")
    return Message(title, limits.fitted((parts.header(title),), [_mismatch(each) for each in ordered], (), note))


def _mismatch(mismatch: MismatchView) -> Json:
    amount = ""
    if mismatch.amount_minor is not None:
        amount = f", {Format(mismatch.locale, mismatch.currency).money(mismatch.amount_minor)}"
    effect = _EFFECTS[mismatch.effect]
    title = f"{mismatch.code} {parts.name(mismatch.client)}: {effect}{amount}"
    return parts.titled(title, f"{one_line(mismatch.text)}\nRemedy: {one_line(mismatch.remedy)}")
