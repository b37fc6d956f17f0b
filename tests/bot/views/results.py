"""Results of commands with everything in them that may be long, hostile or many."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial

from billing.counting import Deferral
from billing.draft import ItemKind, PutOff
from billing.draft import Move as Moves
from billing.quantities import Measure, Reading, Step
from commands.alerts import AlertView
from commands.approvals import AppliedPolicy, FirstApproval
from commands.change_cards import ChangeView, ItemView
from commands.change_details import ChangeDetails
from commands.client_cards import AgreementSummary, Amounts, ClientView, DirectoryHealth, RosterCount
from commands.decisions import Decided, LeftToPeople, Undone
from commands.digest_cards import DigestView, Movement, NextRun, PeopleView, WaitingChange
from commands.digest_revenue import CurrencyRevenue, RevenueView
from commands.explain import Explained, Explanation
from commands.held import Move
from commands.history import HistoryView
from commands.home import MOST_CHANGES, DirectoriesView, DirectoryView, HomeView, WaitingView
from commands.invoices import Preview
from commands.permissions import Role
from commands.proposals import RosterMove
from commands.reconcile import MismatchView, Ways
from commands.run_cards import FindingView, OverrideView, RunClientView, RunView
from commands.users import RostersView, RosterView, SeatView
from commands.why import WhyView
from documents.quotes import QuotePaper
from documents.sources import Agreed, Approval, Deed, Moved, Place, Read, Source, Stated
from rosters.policies import Ground
from tests.bot.views.outside import Outside
from tests.bot.views.samples import ACME, AS_OF, BILL_DATE, HISTORY, JOINED, JOINS, run_client
from tests.documents import samples
from tests.documents.test_quotes import paper

_AT = datetime(2027, 4, 11, 18, 5, tzinfo=UTC)
_ACTORS = ("U0APPROVER", "clock", "cli:root for Dana", "S0GROUP", "U" + "0" * 500, "S" + "0" * 500)
# On which a policy may leave a change to people.
_GROUNDS = tuple(Ground)[tuple(Ground).index(Ground.TWO_PEOPLE) :]


def alert(outside: Outside) -> AlertView:
    kinds = outside.pick((("leave",), ("leave", "join", "quantity")))
    return AlertView(
        client="acme",
        client_name=outside.name(),
        locale="en_US",
        channel=None,
        title=outside.words(),
        sentences=outside.some(lambda _, name: name * 20),
        remedy=outside.words(),
        cleared=outside.pick((True, False)),
        directory=3,
        moves=outside.many(lambda at, name: Move(kinds[at % len(kinds)], outside.names[0], f"m365/o{at}", name)),
        seal=outside.pick(("", "5ea1")),
        moments=outside.pick(((), ("It failed first on ", replace(AS_OF, at=None), " and was last read on ", AS_OF))),
    )


def client(outside: Outside) -> ClientView:
    """A client with any number of rosters, agreements and directories."""
    lines = outside.many(lambda _, name: name)
    return ClientView(
        client=replace(ACME, name=outside.name(), channel=outside.maybe(outside.name())),
        bill_day=outside.maybe(31),
        terms_days=30,
        rosters=outside.many(lambda at, name: RosterCount(name, at, 10**6)),
        agreements=outside.some(lambda at, name: AgreementSummary(name, JOINED, None, at % 14 + 1, "arrears", lines)),
        directories=outside.many(
            lambda at, name: DirectoryHealth(
                name, name, at or None, AS_OF if at % 3 else None, AS_OF if at % 5 else None, held=at % 2 > 0
            )
        ),
        next_bill_date=outside.maybe(BILL_DATE),
        amounts=outside.maybe(Amounts(10**12, outside.maybe(-1))),
        held=outside.some(lambda at, name: f"R{at}{name}"),
        change=outside.maybe(change(outside)),
    )


def change(outside: Outside) -> ChangeView:
    """A change of any number of people."""
    kinds = outside.pick((("join",), ("quantity",), ("join", "leave", "quantity")))
    items = outside.many(partial(_item, outside, kinds)) or JOINS.items
    rosters = outside.some(lambda at, name: RosterMove(name, at, 10**6))
    return replace(small_change(outside), items=items, rosters=rosters)


def small_change(outside: Outside) -> ChangeView:
    """A change of three people, hostile in all that is said of it."""
    state = outside.pick(("pending", "approved", "rejected", "withdrawn", "replaced"))
    return replace(
        JOINS,
        client_name=outside.name(),
        state=state,
        first_count=outside.pick((False, True)),
        decided_by=None if state == "pending" else outside.pick((None, outside.name(), *_ACTORS)),
        decided_at=_AT,
        decided_on=outside.maybe(JOINED),
        reason=outside.maybe(outside.words()),
        takes_two=outside.pick((False, True)),
        first_approval=outside.maybe(
            FirstApproval(outside.pick(_ACTORS), _AT, JOINED, outside.maybe(JOINED), outside.maybe(outside.words()))
        ),
        policy=outside.pick((None, None, AppliedPolicy(3, 10**14, rule_changes=False, of=outside.name()))),
        next_bill_date=outside.maybe(BILL_DATE),
        decided=outside.maybe(Decided(JOINED, outside.pick((JOINED, BILL_DATE)), 10**14, -(10**14), BILL_DATE)),
        undo_open=outside.pick((False, True)),
        undone=outside.maybe(Undone(outside.pick((outside.name(), *_ACTORS)), _AT, JOINED, outside.maybe(9))),
        left_to_people=outside.maybe(LeftToPeople(outside.pick(_GROUNDS), 10**6, 3, 10**14, outside.maybe(10**12))),
    )


def _item(outside: Outside, kinds: tuple[str, ...], at: int, name: str) -> ItemView:
    kind = kinds[at % len(kinds)]
    counted = Measure("licence", name or "SPB") if kind == "quantity" else None
    return ItemView(
        number=at,
        kind=kind,
        roster=None if counted else outside.names[at % 2 - 1],
        person=None if counted else at,
        name=name,
        account=f"object-{at}",
        measure=counted,
        before=None,
        after=Decimal(10**9) if counted else None,
        effective=JOINED + timedelta(days=at % 3),
        verdict="DISABLED" if kind == "leave" else "LICENSED",
        detail=name,
        excepted=at % 7 == 0,
        reason=outside.words() if at % 7 == 0 else None,
    )


def details(outside: Outside) -> ChangeDetails:
    by = outside.pick((None, outside.name(), *_ACTORS))
    return ChangeDetails(change(outside), outside.maybe(180500), by, _AT, outside.pick((JOINED, BILL_DATE)), HISTORY)


def run(outside: Outside) -> RunView:
    abandoned = outside.pick((None, "U0BILLER"))
    return RunView(
        BILL_DATE,
        "drafted",
        outside.many(partial(run_client_of, outside, outside.some(lambda _, name: name * 9))),
        outside.name(),
        outside.pick((None, *_ACTORS)),
        None,
        outside.pick(("5ea1", "5" * 3000)),
        abandoned,
        outside.words() if abandoned else None,
    )


def run_client_of(outside: Outside, causes: tuple[str, ...], at: int, name: str) -> RunClientView:
    state = ("held", "drafted", "approved", "issued", "nothing")[at % 5]
    found = FindingView("gap", name, BILL_DATE, BILL_DATE, name * 20)
    let = OverrideView("R05", _ACTORS[at % len(_ACTORS)], name * 40, BILL_DATE)
    return replace(
        run_client(f"client-{at}", state, 10**9, ("R05", "R06") if state == "held" else ()),
        client_name=name,
        causes=causes,
        overrides=(let,) * (at % 3),
        later_draft=BILL_DATE if at % 2 else None,
        findings=(found,) * (at % 4) if at % 2 else None,
        late=name if at % 3 else None,
    )


def digest(outside: Outside) -> DigestView:
    small = replace(small_change(outside), rosters=outside.pick(((), JOINS.rosters)))
    return DigestView(
        on=JOINED,
        clients=outside.pick((0, 12)),
        changes=outside.many(lambda at, name: WaitingChange(replace(small, client_name=name), at)),
        alerts=outside.many(
            lambda _, name: AlertView("acme", name, "en_US", None, name * 9, (name,), "", cleared=False)
        ),
        run=outside.maybe(NextRun(BILL_DATE, True, True, 12, run(outside).clients, 9, 1, 1)),  # noqa: FBT003
        people=PeopleView(
            JOINED,
            Decimal(10**9),
            Decimal(outside.pick((10**9, 1))),
            outside.many(lambda at, name: Movement(f"c{at}", name, Decimal(1), Decimal(at))),
        ),
        revenue=RevenueView(
            BILL_DATE,
            JOINED,
            expected=True,
            sums=outside.some(lambda at, _: CurrencyRevenue("KWD", "ar_KW", 10**14, 10**14 + at)),
            unpriced=outside.many(lambda _, name: name),
            moved=True,
        ),
        quiet=outside.pick((False, True)),
    )


def explained(outside: Outside) -> Explained:
    paper = outside.pick((samples.document(), samples.issued(), samples.hostile(), samples.credit_note()))
    names = dict(enumerate(outside.many(lambda _, name: name) or samples.NAMES.values()))
    lines = outside.some(partial(_line, outside.many(partial(_source, outside, len(names)), 100)))
    lines = lines or (_line((), 1, "managed-user"),)
    asked = outside.maybe(outside.name())
    return Explained(replace(paper, names=names), lines, asked)


def _line(sources: tuple[Source, ...], at: int, name: str) -> Explanation:
    workings = (name * 9,) * (at % 9)
    return Explanation(at, name, name * 20, name, workings, sources[at % 2 :], (name,) * (at % 3), ())


def _source(outside: Outside, people: int, at: int, name: str) -> Source:
    deed = Deed(_ACTORS[at % len(_ACTORS)], JOINED)
    if at % 4 == 1:
        return Stated(Step(JOINED, Decimal(10**9)), Decimal(at), Approval(at, deed if at % 3 else None), deed)
    if at % 4 == 2:
        return Read(tuple(Reading(JOINED + timedelta(days=day), Decimal(day), name) for day in range(3)), deed)
    if at % 4 == 3:
        return Agreed(Decimal("2.5"))
    places = tuple(Place(person, JOINED, None, None, ()) for person in range(people if at % 32 == 0 else 3))
    return Moved(at % 8 == 0, JOINED, Approval(at, deed), ((outside.names[0], JOINED),) * (at % 3), places)


def preview(outside: Outside) -> Preview:
    client = replace(ACME, name=outside.name())
    warnings = outside.some(lambda _, name: name * 9)
    if outside.pick((False, False, True)):
        return Preview(None, client, BILL_DATE, outside.maybe(outside.words()), warnings)
    names = dict(enumerate(outside.many(lambda _, name: name)))
    joined = Moves(JOINED, Decimal(0), Decimal(len(names)), days=20, cycle_days=30, joined=tuple(names))
    charges = [
        replace(samples.recurring(), text=name) if at % 2 else samples.adjustment((joined,) if at < 4 else ())
        for at, name in enumerate(outside.some(lambda _, name: name))
    ]
    content = samples.draft(*charges)
    tax = replace(content.taxes[0], name=outside.name())
    everybody = samples.roster_people(samples.MAY, dict.fromkeys(names, samples.MAY.start))
    content = replace(content, taxes=(tax,) * outside.pick((1, 60)), people=(everybody,))
    return Preview(replace(samples.document(content), names=names), client, BILL_DATE, None, warnings)


def mismatch(outside: Outside, at: int, name: str) -> MismatchView:
    effect = ("warn", "hold", "info")[at % 3]
    amount_minor = None if at % 2 else 10**12
    ways = Ways(
        pair=(at, 10**9) if at % 4 == 0 else None,
        change=small_change(outside) if at % 4 == 1 else None,
        held=(at, name) if at % 3 == 0 else None,
        run=BILL_DATE if at % 2 else None,
    )
    return MismatchView(name, f"R{at % 30:02}", effect, amount_minor, "USD", "en_US", name * 30, outside.names[0], ways)


def quote(outside: Outside) -> QuotePaper:
    asked = paper(end=outside.maybe(BILL_DATE + timedelta(days=90)))
    measure = Measure("roster", outside.name() or "full")
    deferral = Deferral(JOINED, Decimal(10), Decimal(12), BILL_DATE)

    def item(_: int, name: str) -> tuple[tuple[ItemKind, str], int]:
        return ("line", name), 10**9

    monthly = outside.some(item)
    held = outside.many(lambda _, name: PutOff(name, Measure("licence", name or "SPB"), deferral, 5280), 60)
    question = replace(asked.quote.question, measure=measure)
    priced = replace(asked.quote, question=question, monthly=monthly or asked.quote.monthly, put_off=held)
    return replace(asked, client=outside.name(), buyer=replace(asked.buyer, name=outside.name()), quote=priced)


def history(outside: Outside) -> HistoryView:
    curves = outside.some(lambda _, name: replace(HISTORY.chart.curves[0], name=name))
    months = tuple(replace(each, counts=(Decimal(10**12), None)[:1] * len(curves)) for each in HISTORY.months)
    chart = replace(HISTORY.chart, curves=curves)
    return replace(HISTORY, client_name=outside.name(), chart=chart, months=months)


def rosters(outside: Outside) -> RostersView:
    def seat(at: int, name: str) -> SeatView:
        return SeatView(at, name, (f"o{at}",), JOINED, None)

    rosters = outside.some(lambda at, name: RosterView(name, at, outside.many(seat) if at < 2 else ()))
    return RostersView("acme", outside.name(), JOINED, rosters)


def why(outside: Outside) -> WhyView:
    one = WhyView(
        client=outside.name(),
        who=outside.name(),
        account=outside.words(),
        directory=outside.name(),
        counts=True,
        roster=None,
        reason="LICENSED",
        detail="SPB",
        since=JOINED,
        seated_since=outside.maybe(JOINED),
        because=outside.words(),
        sentence=outside.words(),
    )
    return replace(one, others=outside.many(lambda at, name: replace(one, who=name, counts=at % 2 == 0)))


def home_of(outside: Outside) -> HomeView:
    """Somebody's home tab, of any role."""
    shown = digest(outside)
    troubled = outside.many(
        lambda at, name: DirectoryView(name, name, outside.pick((None, AS_OF)), name * 5, AS_OF if at % 2 else None)
    )
    expiring = outside.many(lambda _, name: (name, JOINED))
    return HomeView(
        user=outside.pick(_ACTORS),
        as_of=outside.pick((AS_OF, replace(AS_OF, on=BILL_DATE))),
        role=outside.pick((None, *Role)),
        clients=outside.pick((0, 3, 10**6)),
        waiting=WaitingView(shown.changes[:MOST_CHANGES], outside.pick((0, 1, 10**6)), outside.pick((0, 1, 10**6))),
        run=shown.run,
        holding=outside.many(lambda at, name: (f"R{at}{name}", at)),
        revenue=outside.maybe(shown.revenue),
        directories=DirectoriesView(
            outside.pick((0, 1, 10**6)), outside.maybe(AS_OF), outside.pick((0, 5)), troubled, expiring
        ),
        decides=outside.pick((True, False)),
        overrides=outside.pick((True, False)),
        sees_money=outside.pick((True, False)),
    )
