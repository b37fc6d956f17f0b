"""Changes on the command line: what waits, and decisions without Slack."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from billing.money import plain
from bot.cli import json_shapes
from bot.cli.invocation import clock, opened, shell
from bot.cli.parameters import (
    AsJson,
    By,
    MaybeClient,
    MaybeReason,
    On,
    Reason,
    Revision,
    a_date,
    a_number,
    items_left_out,
)
from bot.cli.printing import Column, paragraph, say, say_json, table

if TYPE_CHECKING:
    from commands.change_cards import ChangeView, ItemView
    from documents.format import Format

ChangeId = Annotated[int, typer.Argument(parser=a_number, metavar="ID", help="The number of the change.")]

_ITEMS = (Column("item", right=True), Column("what"), Column("effective"), Column("who or what"), Column("because"))

# A first count may have hundreds; whoever decides has seen them.
_PEOPLE_OF_A_DECISION = 10


def register(app: typer.Typer) -> None:
    """Adds the commands to the command line."""
    app.command("changes")(changes)
    # What follows an item of --except without a dash is a further one: --except 1 3.
    app.command("approve", context_settings={"allow_extra_args": True})(approve)
    app.command("reject")(reject)
    app.command("undo")(undo)


def changes(
    context: typer.Context,
    client: MaybeClient = None,
    every: Annotated[bool, typer.Option("--all", help="Also those that were decided, replaced or withdrawn.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show the changes that wait for a decision."""
    from commands.changes import pending

    with opened(context) as rollcall:
        views = pending(rollcall.database, shell(), client, every=every)
    if as_json:
        say_json([json_shapes.change(view) for view in views])
    elif views:
        say(*"\n\n".join("\n".join(change_text(view)) for view in views).split("\n"))
    else:
        say("No change waits for a decision." if not every else "There has been no change yet.")


def approve(
    context: typer.Context,
    change: ChangeId,
    by: By,
    effective: Annotated[
        date | None,
        typer.Option(
            "--effective", parser=a_date, metavar="DATE", help="The first day that counts, for all its items."
        ),
    ] = None,
    except_items: Annotated[
        list[str] | None,
        typer.Option(
            "--except", metavar="ITEM[=REASON]…", help="Items to leave out, by number; each for its reason or --reason."
        ),
    ] = None,
    reason: MaybeReason = None,
    revision: Revision = None,
    on: On = None,
) -> None:
    """Approve a change."""
    from commands.changes import approve as approve_change

    if context.args and not except_items:
        raise typer.BadParameter(f"one change at a time, not also {' '.join(context.args)}.", param_hint="ID")
    items = items_left_out([*(except_items or ()), *context.args])
    with opened(context) as rollcall:
        view = approve_change(
            rollcall.database,
            shell(by),
            clock(rollcall, on),
            change,
            revision=revision,
            effective=effective,
            left_out=items,
            reason=reason,
        )
    say(*change_text(view, most=_PEOPLE_OF_A_DECISION))


def reject(
    context: typer.Context, change: ChangeId, by: By, reason: Reason, revision: Revision = None, on: On = None
) -> None:
    """Reject a change."""
    from commands.changes import reject as reject_change

    with opened(context) as rollcall:
        view = reject_change(
            rollcall.database, shell(by), clock(rollcall, on), change, revision=revision, reason=reason
        )
    say(*change_text(view, most=_PEOPLE_OF_A_DECISION))


def undo(context: typer.Context, change: ChangeId, by: By, on: On = None) -> None:
    """Undo a decision of today, unless an invoice rests on it."""
    from commands.undoing import undo as undo_change

    with opened(context) as rollcall:
        view = undo_change(rollcall.database, shell(by), clock(rollcall, on), change)
    say(*change_text(view, most=_PEOPLE_OF_A_DECISION))


def change_text(view: "ChangeView", most: int | None = None) -> list[str]:
    """A change: whose, its state, its money, and then its items; of many, those left out before others."""
    from documents.format import Format, day

    written = Format(view.locale, view.currency)
    shown = sorted(sorted(view.items, key=lambda item: not item.excepted)[:most], key=lambda item: item.number)
    more = len(view.items) - len(shown)
    what = "first count" if view.first_count else "change"
    return [
        *paragraph(f"{view.client} ({view.client_name}): {what} {view.id}, revision {view.revision}, {_state(view)}"),
        *paragraph(f"proposed on {day(view.proposed_on)}", "  "),
        *(f"  {move.roster}: {move.before} -> {move.after} ({move.after - move.before:+d})" for move in view.rosters),
        *paragraph(_money(view, written), "  "),
        *table(_ITEMS, (_item(item) for item in shown), "  "),
        *([f"  and {more} more: rollcall changes {view.client} --all"] if more else []),
        *(paragraph(_remedy(view), "  ") if view.state == "pending" else []),
    ]


def _remedy(view: "ChangeView") -> str:
    effective = " --effective DATE" if view.first_count else ""
    return f"-> rollcall approve {view.id} --by NAME{effective}, or rollcall reject {view.id} --by NAME --reason TEXT"


def _state(view: "ChangeView") -> str:
    from documents.format import day
    from documents.sources import actor

    if view.state == "pending":
        return _standing(view)
    first, policy = view.first_approval, _policy(view)
    also = f" by {actor(first.by)} and" if first is not None and view.state == "approved" else ""
    decided = f"{also} by {actor(view.decided_by)}" if view.decided_by else ""
    when = f" on {day(view.decided_on)}" if view.decided_on else ""
    reason = f": {view.reason or policy}" if view.reason or policy else ""
    undone = f"; undone by {actor(view.undone.by)} on {day(view.undone.on)}" if view.undone else ""
    return f"{view.state}{decided}{when}{reason}{undone}"


def _standing(view: "ChangeView") -> str:
    """What a pending change still takes, where that isn't one approval."""
    from documents.format import day
    from documents.sources import actor

    first = view.first_approval
    if first is None:
        return f"{view.state}; it takes two people to approve it" if view.takes_two else view.state
    effective = f" from {day(first.effective)}" if first.effective else ""
    reason = f": {first.reason}" if first.reason else ""
    kept = f"approved{effective} by {actor(first.by)} on {day(first.on)}{reason}"
    return f"{view.state}; {kept}; a second person has to approve it"


def _policy(view: "ChangeView") -> str:
    from documents.format import Format
    from documents.policies import applied

    if view.policy is None:
        return ""
    limit = Format(view.locale, view.currency).money(view.policy.money_minor)
    return applied(view.policy.people, limit, view.policy.of)


def _money(view: "ChangeView", written: "Format") -> str:
    from documents.format import day

    known = view.decided or view
    following = f" of {day(known.next_bill_date)}" if known.next_bill_date else ""
    monthly, following_minor = (_signed(amount, written) for amount in (known.monthly_minor, known.next_invoice_minor))
    # A decision may leave somebody out or name another day; of old ones, only what the change asked for is known.
    is_asked = view.state == "pending" or (view.decided is None and view.policy is not None)
    asked = "" if is_asked else "as decided: " if view.decided else "as proposed: "
    return f"{asked}{monthly} a month, {following_minor} on the next invoice{following}, before tax"


def _signed(amount_minor: int, written: "Format") -> str:
    return f"+{written.money(amount_minor)}" if amount_minor > 0 else written.money(amount_minor)


def _item(item: "ItemView") -> tuple[str, ...]:
    from documents.format import day

    of = item.roster or (item.measure.name if item.measure else "")
    what = f"{item.kind} {of}" if of else item.kind
    numbers = f" {_number(item)}" if item.kind == "quantity" else ""
    return (str(item.number), what, day(item.effective), f"{item.name}{numbers}", f"{item.because}{_left_out(item)}")


def _number(item: "ItemView") -> str:
    before, after = ("?" if number is None else plain(number) for number in (item.before, item.after))
    return f"{before} -> {after}"


def _left_out(item: "ItemView") -> str:
    if not item.excepted:
        return ""
    return f" (left out: {item.reason})" if item.reason else " (left out)"
