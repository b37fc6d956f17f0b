"""What waits for a decision: each change with its buttons, and all of them to be approved together."""

from collections import defaultdict
from collections.abc import Sequence

from bot.actions import Act
from bot.message import Json, Message
from bot.targets import ChangeTarget
from bot.views import limits, parts, sentences
from bot.views.changes import BEFORE_TAX, headline, signed, with_buttons
from bot.views.fitting import Body, Piece, in_a_file
from bot.views.surfaces import message, said
from commands.change_cards import ChangeView
from commands.deciding_many import Decidable
from documents.format import Format
from documents.sources import Told

_TICK_ELSEWHERE = "name a client, as in /changes acme"


def changes_list(waiting: Sequence[Decidable]) -> Message:
    """What waits for a decision, each with its buttons; of several, those that may be approved together are ticked."""
    if not waiting:
        return said("No change is waiting for approval.")
    title = how_many(waiting)
    several = len(waiting) > 1
    top = (parts.header(title), *(_together(waiting) if several else ()))
    middle = (Piece(_alone(each, says_why=several)) for each in waiting)
    elsewhere = in_a_file("changes", {each.change.client for each in waiting})
    return message(title, Body(top, middle, (), len(waiting), elsewhere))


def how_many(waiting: Sequence[Decidable]) -> str:
    """How many changes wait: 3 changes wait for approval."""
    noun = "change waits" if len(waiting) == 1 else "changes wait"
    return f"{len(waiting)} {noun} for approval"


def results_note(results: Sequence[Told]) -> Message:
    """What came of each change that was ticked."""
    if not results:
        return said("Nothing was ticked, so nothing was decided.")
    noun = "change" if len(results) == 1 else "changes"
    title = f"{len(results)} {noun} ticked"
    middle = (Piece((parts.rich(*sentences.inline(each)),)) for each in results)
    return message(title, Body((parts.header(title),), middle, (), len(results), "the cards say what was decided"))


def _together(waiting: Sequence[Decidable]) -> tuple[Json, ...]:
    free = [each.change for each in waiting if each.obstacle is None]
    offered = parts.options(((_label(change), _value(change)) for change in free), limits.TICKED)
    if not offered:
        return ()
    ticked = free[: len(offered)]
    noun = "change" if len(ticked) == 1 else "changes"
    told = f"With all {len(ticked)} {noun} ticked{_money(ticked)}. What you untick stays as it is."
    asks = parts.confirm("Approve what is ticked?", told, "Approve")
    says = "Approve the changes that are ticked"
    button = parts.button("Approve ticked", Act.APPROVE_TICKED, "", says=says, style="primary", asks=asks)
    rest = len(free) - len(ticked)
    more = (parts.small(f"\N{HORIZONTAL ELLIPSIS} and {rest:,} more: {_TICK_ELSEWHERE}."),) if rest else ()
    return (*parts.ticked("ticked", Act.TICK, offered), *more, parts.buttons(button), parts.divider())


def _alone(each: Decidable, *, says_why: bool) -> tuple[Json, ...]:
    return with_buttons(each.change, f"Not among those to tick: {each.obstacle}." if says_why and each.obstacle else "")


def _label(change: ChangeView) -> str:
    if not change.shows_money:
        return headline(change)
    money = f", {signed(change.monthly_minor, Format(change.locale, change.currency))} a month"
    return f"{limits.cut(headline(change), limits.OPTION - len(money))}{money}"


def _value(change: ChangeView) -> str:
    return str(ChangeTarget(change.id, change.revision))


def _money(changes: Sequence[ChangeView]) -> str:
    """What they cost together, a currency each."""
    totals = defaultdict[str, int](int)
    locales = {change.currency: change.locale for change in changes}
    for change in changes:
        totals[change.currency] += change.monthly_minor
    if not all(change.shows_money for change in changes):
        return ""
    amounts = [f"{signed(total, Format(locales[currency], currency))} a month" for currency, total in totals.items()]
    return f": {limits.listed(amounts, limits.LINE, ' and ')}, {BEFORE_TAX}"
