"""Mismatches about who counts in words: a shared directory's parts, and licences that nobody needs or counts."""

from collections.abc import Sequence

from checks.mismatches import IdleLicence, Inactive, PeopleCause, Shared, UncoveredLicence, Undecided, Unruled
from documents.format import one_line, reading_order, within_sentence
from documents.licences import product
from rosters.verdicts import Reason

_MOST_NAMED = 10
_IDLE = {
    Reason.SHARED_MAILBOX: "shared mailboxes",
    Reason.ROOM: "rooms or equipment",
    Reason.DISABLED: "disabled accounts",
    Reason.SERVICE_ACCOUNT: "service accounts",
}


def text(cause: PeopleCause) -> str:
    """The cause, in one sentence."""
    match cause:
        case Undecided() | Unruled() | Shared():
            return _of_directories(cause)
        case UncoveredLicence(licence, people):
            holders = "1 account has" if people == 1 else f"{people} accounts have"
            return (
                f"{holders} the licence {within_sentence(one_line(product(licence)))}, which no rule and no line names."
            )
        case IdleLicence():
            licences = _and([within_sentence(one_line(product(licence))) for licence in cause.licences])
            return f"Paid licences ({licences}) on {_IDLE[cause.reason]}: {_names(cause.who)}."
        case Inactive(days, who):
            return f"No sign-in for more than {days} days: {_names(who)}."


def _of_directories(cause: Undecided | Unruled | Shared) -> str:
    match cause:
        case Undecided(directory, who):
            return (
                f"The directory {directory} knows no licences, so the rule that goes by them can't say whether these "
                f"count: {_names(who)}. Nobody pays for them."
            )
        case Unruled(directory, accounts):
            nobody = "its 1 account doesn't count" if accounts == 1 else f"none of its {accounts} accounts counts"
            return f"No roster's rule is about the directory {directory}, so {nobody}."
        case Shared(is_gap=True):
            parts = _and(sorted({cause.directory, *cause.others}))
            return f"In no client's part of one shared directory ({parts}): {_names(cause.who)}. Nobody pays for them."
        case Shared():
            both = f"{cause.directory} and {_and(cause.others)}"
            return f"In two parts of one shared directory ({both}): {_names(cause.who)}. Each would be billed twice."


def remedy(cause: PeopleCause, client: str) -> str:
    """What to do."""
    match cause:
        case Undecided() | Unruled() | Shared():
            return _remedy_in_the_book(cause)
        case UncoveredLicence():
            return f"Say in the rules of {client} whether it counts (licences: count or ignore), or give it a line."
        case IdleLicence():
            return "Take the licences away if nobody needs them. They alter no count."
        case Inactive():
            return f"Ask {client} whether they have left. They count until the directory says so."


def _remedy_in_the_book(cause: Undecided | Unruled | Shared) -> str:
    match cause:
        case Undecided(directory):
            return (
                f"Give those in {directory} a roster of another basis, exclude them, or say which directories the rule "
                "is about, and import that; or link each to the same person's account elsewhere. Or override the hold."
            )
        case Unruled(directory):
            return f"Name {directory} among the directories of a roster's rule, or take it out of the book."
        case Shared(is_gap=True):
            return (
                "Give them to a client by only of its directory, or leave them out by an exclusion, and import that. "
                "If nobody is to pay for them, override the hold."
            )
        case Shared():
            return (
                "Make the parts disjoint by only of the directories in the book, and import it. Or override the hold."
            )


def _names(who: Sequence[str]) -> str:
    named = sorted((within_sentence(one_line(name)) for name in who), key=reading_order)
    more = len(named) - _MOST_NAMED
    return ", ".join(named[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _and(words: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
