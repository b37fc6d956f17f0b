"""Results of commands as the views get them, built by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from billing.calendar import Period, add_months
from billing.quantities import Step
from commands.alerts import AlertView
from commands.change_cards import ChangeView, ItemView
from commands.clients import ClientRef
from commands.headcounts import Month
from commands.held import Move
from commands.history import HistoryView
from commands.proposals import RosterMove
from commands.run_cards import RunClientView, RunView
from documents.charts import Chart, Curve
from documents.format import Format
from documents.sources import When

BILL_DATE = date(2027, 5, 1)
JOINED = date(2027, 4, 11)
HOSTILE = ("<!channel> *free*", "=cmd|' /C calc'!A0", "<script>", "\u202eevil\nname", "x" * 200, ":smile: <@U1>")
ACME = ClientRef(1, "acme", "Acme Corp", "USD", "America/New_York", "en_US", "C0ACME")
AS_OF = When(JOINED, datetime(2027, 4, 11, 18, 5, tzinfo=UTC), "America/New_York")
READ = When(date(2027, 4, 8), datetime(2027, 4, 8, 6, 30, tzinfo=UTC), ACME.timezone)
FAILED = When(date(2027, 4, 9), datetime(2027, 4, 9, 6, 30, tzinfo=UTC), ACME.timezone)
ALERT = AlertView(
    client="acme",
    client_name="Acme Corp",
    locale="en_US",
    channel="C0ACME",
    title="Acme Corp: m365 can't be read since 9 Apr 2027",
    sentences=(
        "The client secret expired on 8 Apr 2027; make a new one in the Entra admin centre.",
        "The last good state stays in force; the invoice of 1 May 2027 waits, $1,925.00 before tax as it stands.",
    ),
    remedy="When it is mended: rollcall sync acme",
    cleared=False,
    moments=("It failed first on ", FAILED, " and was last read on ", READ, "."),
)
HELD_READING = replace(
    ALERT,
    title="Acme Corp: the last reading of m365 would change too much at once",
    sentences=("Nothing is proposed: on full, 5 of 42 seats would close.", ALERT.sentences[-1]),
    remedy="If it is true: rollcall sync acme --let-through REASON",
    moments=(),
    directory=3,
    moves=(
        *(Move("leave", "full", f"m365/o{at}", name) for at, name in enumerate(("Dee", "Eli", "Fay", "Gus", "Hal"))),
        Move("join", "frontline", "m365/o9", "Ann Ames"),
        Move("quantity", None, "SPB: 45 → 40"),
    ),
    seal="5ea1",
)


def join(number: int, name: str) -> ItemView:
    """Somebody who joins the roster `full`."""
    return ItemView(
        number=number,
        kind="join",
        roster="full",
        person=number,
        name=name,
        account=f"object-{number}",
        measure=None,
        before=None,
        after=None,
        effective=JOINED,
        verdict="LICENSED",
        detail="SPB",
        excepted=False,
    )


def leave(number: int, name: str) -> ItemView:
    """Somebody who leaves the roster `full`."""
    return replace(join(number, name), kind="leave", verdict="DISABLED", detail="")


def change(*items: ItemView, before: int = 42) -> ChangeView:
    """A pending change of Acme."""
    joins = sum(item.kind == "join" for item in items)
    return ChangeView(
        id=7,
        revision=2,
        client="acme",
        client_name="Acme Corp",
        currency="USD",
        locale="en_US",
        timezone="America/New_York",
        channel="C0ACME",
        state="pending",
        first_count=False,
        items=items,
        rosters=(RosterMove("full", before, before + joins - (len(items) - joins)),),
        monthly_minor=12000,
        next_invoice_minor=20000,
        next_bill_date=BILL_DATE,
        proposed_on=JOINED,
        decided_by=None,
        decided_at=None,
        reason=None,
    )


JOINS = change(join(1, "Ann Ames"), join(2, "Bo Brown"), join(3, "Cy Castillo"))


def decided(state: str, reason: str | None = None, by: str = "U0APPROVER") -> ChangeView:
    """The change after somebody decided it."""
    at = datetime(2027, 4, 11, 18, 5, tzinfo=UTC)
    return replace(JOINS, state=state, decided_by=by, decided_at=at, decided_on=JOINED, reason=reason)


def run_client(slug: str, state: str, total_minor: int | None = None, held: tuple[str, ...] = ()) -> RunClientView:
    """A client in a run."""
    causes = tuple(f"{code}: something doesn't agree." for code in held)
    number = "NW-1" if state == "issued" else None
    return RunClientView(slug, f"{slug.title()} Corp", "USD", "en_US", state, held, causes, total_minor, number, ())


def run(*clients: RunClientView, state: str = "drafted") -> RunView:
    """The run of 1 May."""
    approved = "U0BILLER" if state != "drafted" else None
    issued = "cli:root for Dana" if state == "issued" else None
    return RunView(BILL_DATE, state, clients, "U0BILLER", approved, issued, "5ea1")


def _grown(*numbers: int) -> HistoryView:
    """Acme's roster `full`, a number for each month up to April 2027, and three more proposed."""
    start, today = date(2026, 5, 1), JOINED
    firsts = [add_months(start, place) for place in range(len(numbers))]
    ends = [*firsts[1:], date(2027, 4, 12)]
    steps = tuple(Step(day, Decimal(number)) for day, number in zip(firsts, numbers, strict=True))
    months = tuple(
        Month(Period(first, end), (Decimal(number),), number - before, 0)
        for first, end, number, before in zip(firsts, ends, numbers, (numbers[0], *numbers), strict=False)
    )
    curve = Curve("full", steps, Step(JOINED, Decimal(45)))
    chart = Chart(start, today, (curve,), Format("en_US", "USD"))
    return HistoryView("acme", "Acme Corp", chart, months)


HISTORY = _grown(38, 38, 39, 39, 40, 40, 41, 41, 42, 42, 42, 42)
