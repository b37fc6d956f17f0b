"""The home tab: what waits for whoever opens it, then the run, the money and the directories; each list is short."""

from collections.abc import Iterator, Sequence

from bot.message import HomeTab, Json
from bot.views import limits, parts, sentences
from bot.views.changes import with_buttons
from bot.views.digests import FEW, counted, few, revenue_lists, run_state, run_title
from bot.views.fitting import Body, Piece
from bot.views.runs import hold
from bot.views.surfaces import home
from commands.digest_cards import NextRun, WaitingChange
from commands.home import DirectoriesView, DirectoryView, HomeView
from documents.format import day, month, one_line

_EVERY_CHANGE = "/changes lists them all, /changes xlsx as a file"


def home_tab(shown: HomeView) -> HomeTab:
    """What somebody sees by their role."""
    if shown.role is None:
        return home(Body(_without_role(shown)))
    if not shown.clients:
        told = "There is no client yet, so nothing can wait: rollcall import BOOK --apply brings them."
        return home(Body((parts.header("Welcome to Rollcall"), parts.paragraph(told), _small_print(shown))))
    top = (parts.header(_title(shown)), *_about_waiting(shown))
    bottom = (*_held(shown), *_run(shown), *_money(shown), *_directories(shown.directories), _small_print(shown))
    waits = shown.waiting
    return home(Body(top, _waiting(shown), bottom, waits.mine if shown.decides else waits.others, _EVERY_CHANGE))


def home_trouble(why: str) -> HomeTab:
    """Why there is nothing to see."""
    told = "This page could not be made. Open it again in a minute."
    return home(Body((parts.header("Rollcall"), parts.paragraph(told), parts.paragraph(why))))


def _without_role(shown: HomeView) -> tuple[Json, ...]:
    told = (
        "Rollcall asks here before a client's bill changes, and shows what each amount rests on. You have no role yet, "
        "so there is nothing to see. Ask whoever runs Rollcall at your house; on the command line they give you one by:"
    )
    command = f"rollcall role grant {parts.name(shown.user)} viewer"
    roles = "A viewer sees clients and people, an approver decides changes, a biller runs the billing."
    return (
        parts.header("Welcome to Rollcall"),
        parts.paragraph(told),
        parts.preformatted((command,)),
        parts.small(roles),
    )


def _title(shown: HomeView) -> str:
    """What there is to do, the nearest first."""
    run, directories = shown.run, shown.directories
    steps = [
        (shown.waiting.mine, "change waits for you", "changes wait for you"),
        (len(run.held) if run else 0, "client held", "clients held"),
        (len(directories.troubled), "directory needs somebody", "directories need somebody"),
        (len(directories.expiring), "secret expires soon", "secrets expire soon"),
    ]
    return "; ".join(counted(count, one, many) for count, one, many in steps if count) or "Nothing waits for you"


def _about_waiting(shown: HomeView) -> Iterator[Json]:
    waits = shown.waiting
    if not waits.mine + waits.others:
        yield parts.paragraph("No change is waiting for approval.")
    elif not shown.decides:
        changes = counted(waits.others, "change waits", "changes wait")
        yield parts.paragraph(f"{changes} for approval. It takes the role approver to decide.")
    elif not waits.mine:
        yield parts.paragraph(f"{_for_others(waits.others)}; /changes shows what.")
    elif waits.others:
        yield parts.small(f"{_for_others(waits.others)}.")


def _for_others(count: int) -> str:
    return f"{counted(count, 'change waits', 'changes wait')} for somebody else"


def _waiting(shown: HomeView) -> Iterator[Piece]:
    waits = shown.waiting
    for each in waits.shown:
        yield Piece((*with_buttons(each.change, _since(each), decides=shown.decides), parts.divider()))
    more = (waits.mine if shown.decides else waits.others) - len(waits.shown)
    if more > 0:
        yield Piece((parts.small(f"\N{HORIZONTAL ELLIPSIS} and {more:,} more: {_EVERY_CHANGE}."),), more)


def _since(each: WaitingChange) -> str:
    return f"It has waited for {counted(each.days, 'day', 'days')}." if each.days else "It waits since today."


def _held(shown: HomeView) -> Iterator[Json]:
    run = shown.run
    if run is None or not run.held:
        return
    # A cause may name amounts.
    causes_most = limits.LINE * 2 if shown.sees_money else 0
    yield parts.header(f"Held in the run of {day(run.bill_date)}")
    for client in run.held[:FEW]:
        yield hold(run.bill_date, client, causes_most, overrides=shown.overrides)
    if len(run.held) > FEW:
        more = f"{len(run.held) - FEW:,} more"
        yield parts.small(f"\N{HORIZONTAL ELLIPSIS} and {more}: /run status shows them all, /run xlsx as a file.")


def _run(shown: HomeView) -> Iterator[Json]:
    run = shown.run
    if run is None:
        yield parts.titled("No run is ahead", "No agreement has a bill date that isn't billed.")
        return
    yield parts.titled(run_title(run), "\n".join(_checklist(shown, run)))


def _checklist(shown: HomeView, run: NextRun) -> Iterator[str]:
    yield run_state(run)
    if run.started:
        found = ", ".join(f"{code} at {counted(count, 'client', 'clients')}" for code, count in shown.holding)
        yield f"What holds: {limits.cut(found, limits.LINE)}" if found else "No mismatch holds anybody"
        yield "/run status shows it with its buttons"
    else:
        yield "/reconcile shows what doesn't agree before it starts"


def _money(shown: HomeView) -> Iterator[Json]:
    if shown.revenue is None:
        return
    sums = revenue_lists(shown.revenue)
    yield from sums
    if not sums:
        months = f"{month(shown.revenue.month)} and {month(shown.revenue.month_before)}"
        yield parts.titled("Revenue", f"Nothing was issued or drafted in {months}.")


def _directories(directories: DirectoriesView) -> Iterator[Json]:
    if not directories.count:
        yield parts.titled("Directories", "No client has one yet.")
        return
    if directories.troubled:
        title = f"Directories that need somebody ({len(directories.troubled)} of {directories.count})"
        yield _troubles(title, directories.troubled)
    yield parts.rich(parts.text("Directories", bold=True), parts.text("\n"), *_health(directories))
    if directories.expiring:
        yield few("Expires soon", directories.expiring, lambda each: f"{parts.name(each[0])}: on {day(each[1])}", "")


def _health(directories: DirectoriesView) -> list[parts.Inline]:
    fine = directories.count - len(directories.troubled)
    said = f"{fine} of {counted(directories.count, 'directory', 'directories')} in order"
    if directories.never_read:
        said += f", {directories.never_read} never read"
    if directories.oldest is None:
        return [parts.text(f"{said}.")]
    which = "each other one" if directories.never_read else "each"
    said += f"; {which} was read on "
    return [parts.text(said), sentences.moment(directories.oldest), parts.text(" or later.")]


def _troubles(title: str, troubled: Sequence[DirectoryView]) -> Json:
    """A point for each of the first few, and how many more there are."""
    points = [_trouble(each) for each in troubled[:FEW]]
    if len(troubled) > FEW:
        points.append([parts.text(f"and {len(troubled) - FEW:,} more: /reconcile")])
    return parts.rich_list([parts.text(title, bold=True)], points)


def _trouble(directory: DirectoryView) -> list[parts.Inline]:
    what = f"{parts.name(directory.client_name)}, {parts.name(directory.name)}"
    read = directory.last_read
    before = [parts.text(", last read on "), sentences.moment(read)] if read else [parts.text(", never read")]
    if directory.failing_since is None:
        held = "its last reading would change too much at once and is held back"
        return [parts.text(f"{what}: {held}"), *before]
    why = f": {limits.cut(one_line(directory.failure), limits.NAME)}" if directory.failure else ""
    since = sentences.moment(directory.failing_since)
    return [parts.text(f"{what}: can't be read since "), since, *before, parts.text(why or ".")]


def _small_print(shown: HomeView) -> Json:
    rest = f", for the role {shown.role}. Opening this tab again shows it as of then."
    return parts.rich(parts.text("As of "), sentences.moment(shown.as_of), parts.text(rest))
