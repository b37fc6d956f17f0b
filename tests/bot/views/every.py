"""Every view with what it is given: for each function that makes something to show, its arguments from outside.

A view that isn't here fails a test (`test_every_view.py`). Its arguments are made of an `Outside`, so that one line
says what of them may be long, hostile or many.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from billing.calendar import Period
from bot.message import Message
from bot.parsing import USAGES
from bot.views import (
    alerts,
    approving,
    change_details,
    changes,
    charts,
    clients,
    crediting,
    digests,
    explanations,
    home,
    house,
    invoices,
    mismatches,
    modals,
    onboarding,
    parts,
    pricing,
    quotes,
    reminders,
    runs,
    sharing,
    surfaces,
    undelivered,
    users,
    waiting,
)
from bot.views.crediting import Chosen
from bot.views.fitting import Body, Piece
from bot.views.house import Choice, Health
from bot.views.modals import Origin
from bot.views.onboarding import Filled
from bot.views.pricing import Filled as NewAmounts
from bot.views.surfaces import Form
from commands.approval_forms import ApprovalForm
from commands.approval_forms import Choice as LeftOut
from commands.change_cards import ChangeView
from commands.closed_channels import ClosedChannel
from commands.credits import CreditForm, CreditLine
from commands.deciding_many import Decidable
from commands.examples import Examples
from commands.import_effects import AmountEffect
from commands.invoices import InvoiceSummary
from commands.onboarding import Choices
from commands.price_figures import Figure
from commands.price_forms import PricedLine, PriceForm
from commands.pricing import PriceEffect
from commands.reminders import StillWaiting
from commands.roles import RoleGrant
from commands.undelivered import Undelivered
from connectors.books.forms import settings_of
from documents.sources import By
from tests.bot.views.outside import Outside
from tests.bot.views.results import (
    alert,
    change,
    client,
    details,
    digest,
    explained,
    history,
    home_of,
    mismatch,
    preview,
    quote,
    rosters,
    run,
    small_change,
    why,
)
from tests.bot.views.samples import ACME, BILL_DATE, JOINED
from tests.documents import samples

Arguments = Callable[[Outside], tuple[Any, ...]]


def _origin(outside: Outside) -> Origin:
    url = "https://hooks.example.com/" + outside.pick(("1", "2" * 2900, "3" * 5000))
    return Origin(outside.pick(("7:2", outside.words())), outside.maybe("C0ACME"), outside.maybe(url))


def _body(outside: Outside) -> Body:
    """Blocks that no view makes so many of: the last resort is tried as well."""
    everybody = outside.many(lambda _, name: name)
    middle = (Piece((parts.titled(name, outside.names[0]), parts.small(name))) for name in everybody)
    top = outside.some(lambda _, name: parts.paragraph(name * 30))
    bottom = outside.some(lambda at, name: parts.titled(name, str(at)))
    return Body((parts.header(outside.words()), *top), middle, bottom, len(everybody), outside.words())


def _form(outside: Outside) -> Form:
    return Form("change.rejection", outside.words(), outside.words(), (parts.paragraph("What is asked"),))


def _waiting(outside: Outside) -> tuple[ChangeView, ...]:
    """A few changes of many people, and many of few."""
    large, small = change(outside), small_change(outside)
    return (*(large,) * outside.pick((0, 1, 3)), *outside.many(lambda _, name: replace(small, client_name=name)))


def _choice(at: int, name: str) -> Choice:
    # A line is at most as long as an option's value, or doesn't fit.
    return Choice(name, f"client-{at}", f"users client-{at} ".ljust((20, 150, 151)[at % 3], "w"))


def _choice_of(outside: Outside) -> Callable[[int, str], LeftOut]:
    kinds = ("join", "leave", "move", "quantity")
    return lambda at, name: LeftOut((at, at + 10**5), kinds[at % 4], name, (name, outside.names[0]))


def _given_up(outside: Outside, name: str) -> Undelivered:
    since = outside.maybe(datetime(2027, 4, 10, tzinfo=UTC))
    return Undelivered(
        f"a change of {name}", outside.maybe(outside.pick(("C0ACME", name))), name * 9, since, is_given_up=True
    )


def _chart(outside: Outside) -> Any:
    return outside.pick((charts.drawing(), charts.nobody(), charts.shown("F0CHART01", outside.words())))


def _choices(outside: Outside) -> Choices:
    return Choices(outside.many(lambda _, name: name), outside.maybe(outside.name()), outside.maybe(outside.name()))


def _filled(outside: Outside) -> Filled:
    kind = outside.pick(("", "none", "entra", "ldap", "google", "okta", "csv", outside.name()))
    texts = {field: outside.words() for field in ("name", "slug", "currency", "address", "tax", "groups", "channel")}
    settings = {setting.field: outside.words() for setting in settings_of(kind)}
    chosen = {"kind": kind, "basis": outside.pick(("licensed", "group", "")), "template": outside.name()}
    return Filled({**texts, **settings, **chosen, "start": outside.pick(("", "2027-05-01"))}, outside.words())


def _credit_form(outside: Outside) -> CreditForm:
    lines = outside.some(lambda at, name: CreditLine(at + 1, name, 10_000 * at + 1))
    client, number = replace(ACME, name=outside.name()), outside.name()
    return CreditForm(client, number, JOINED, 217_041, sum(line.left_minor for line in lines), lines, 0)


def _credit_answers(outside: Outside) -> Chosen:
    answers = {"line": outside.pick(("0", "1", "9999")), "amount": outside.words(), "rebill": outside.pick(("", "x"))}
    return Chosen(answers, outside.words())


def _price_form(outside: Outside) -> PriceForm:
    lines = outside.many(lambda at, name: PricedLine(f"{name}{at}", name, "Managed services"))
    figures = (Figure("tier", Decimal(45), Decimal(at + 1)) for at in range(outside.pick((1, 3, 40, 41))))
    client, product = replace(ACME, name=outside.name()), outside.maybe(outside.name())
    return PriceForm(client, lines, lines[-1] if lines else None, tuple(figures), JOINED, JOINED, product, 2)


def _price_answers(outside: Outside) -> NewAmounts:
    return NewAmounts(
        {f"figure:0:{JOINED}:0": outside.words(), "scope": outside.pick(("one", "all", ""))}, outside.words()
    )


def _price_effect(outside: Outside) -> PriceEffect:
    period = Period(JOINED, BILL_DATE)
    effects = outside.many(
        lambda at, name: AmountEffect(name, "USD", "en_US", name, period, at, at + 1, at % 2 == 0, (name,), (name, ""))
    )
    return PriceEffect(outside.pick((True, False)), effects)


def _answer(outside: Outside) -> Message:
    return surfaces.message(outside.words(), _body(outside))


def _issued(at: int, name: str) -> InvoiceSummary:
    return InvoiceSummary(f"NW-{at}", name, "invoice", BILL_DATE, BILL_DATE, "KWD", "ar_KW", 10**12 + at, "issued")


EVERY: Mapping[Callable[..., Any], Arguments] = {
    alerts.alert_card: lambda o: (alert(o),),
    alerts.let_through_modal: lambda o: (_origin(o), alert(o)),
    approving.approval_modal: lambda o: (_origin(o), ApprovalForm(change(o), o.maybe(JOINED), o.many(_choice_of(o)))),
    change_details.details_modal: lambda o: (details(o), _chart(o)),
    change_details.decision_reply: lambda o: (replace(change(o), state=o.pick(("approved", "rejected"))),),
    changes.change_card: lambda o: (change(o),),
    waiting.results_note: lambda o: (
        o.many(lambda at, name: (name, By("U0ADMIN"), o.names[0]) if at % 2 else (name * 9,)),
    ),
    waiting.changes_list: lambda o: (tuple(Decidable(each, o.pick((None, None, o.words()))) for each in _waiting(o)),),
    changes.decided_note: lambda o: (replace(change(o), state="approved"),),
    changes.undone_note: lambda o: (replace(change(o), state=o.pick(("approved", "rejected"))),),
    changes.refusal_with_card: lambda o: ((o.words(), o.name()), change(o)),
    charts.drawing: lambda _: (),
    charts.nobody: lambda _: (),
    charts.not_shown: lambda o: (o.words(),),
    charts.shown: lambda o: ("F0CHART01", o.words()),
    clients.client_card: lambda o: (client(o),),
    crediting.credit_modal: lambda o: (_origin(o), _credit_form(o), _credit_answers(o)),
    crediting.credited_note: lambda o: (
        replace(samples.document(samples.draft(samples.recurring())), number=o.name()),
        o.name(),
    ),
    digests.digest_answer: lambda o: (digest(o),),
    digests.digest_card: lambda o: (digest(o),),
    explanations.explained_card: lambda o: (explained(o),),
    home.home_tab: lambda o: (home_of(o),),
    home.home_trouble: lambda o: (o.words(),),
    house.help_card: lambda o: (
        o.pick((USAGES, o.many(lambda _, name: (name, name)))),
        o.maybe(Examples(o.name(), o.maybe(o.name()), o.maybe(o.name()), o.maybe(JOINED))),
    ),
    house.roles_card: lambda o: (o.many(lambda at, name: RoleGrant(o.pick((f"U{at}", name)), "approver")),),
    house.picker: lambda o: (o.words(), o.many(_choice)),
    house.status_card: lambda o: (Health("1.0", 3, 10**9, 2, o.many(lambda _, name: name), o.maybe(JOINED), 10**9),),
    invoices.history_card: lambda o: (o.name(), o.many(_issued), o.some(lambda _, name: name)),
    invoices.preview_card: lambda o: (preview(o),),
    mismatches.mismatches_card: lambda o: (o.many(lambda at, name: mismatch(o, at, name)),),
    modals.abandon_modal: lambda o: (_origin(o), o.words()),
    modals.first_count_modal: lambda o: (_origin(o), o.words(), JOINED),
    modals.let_through_modal: lambda o: (_origin(o), _body(o)),
    modals.override_modal: lambda o: (_origin(o), o.name(), o.many(lambda at, name: f"R{at}{name}"), JOINED),
    modals.rejection_modal: lambda o: (_origin(o), o.words()),
    onboarding.added_note: lambda o: (replace(ACME, name=o.name(), slug=o.name()), o.pick(("entra", "none"))),
    onboarding.add_question: lambda o: (o.words(),),
    onboarding.onboarding_modal: lambda o: (_origin(o), _choices(o), _filled(o)),
    pricing.changed_note: lambda o: (_price_effect(o), _price_form(o)),
    pricing.price_modal: lambda o: (_origin(o), _price_form(o), _price_answers(o)),
    quotes.quote_card: lambda o: (quote(o),),
    reminders.reminder: lambda o: (
        (
            StillWaiting(change(o), 1),
            *o.many(lambda at, name: StillWaiting(replace(small_change(o), client_name=name), at)),
        ),
    ),
    runs.abandon_question: lambda o: (run(o),),
    runs.outdated_run: lambda o: (o.words(), run(o)),
    runs.run_card: lambda o: (run(o),),
    runs.run_note: lambda o: (run(o),),
    sharing.offered: lambda o: (_answer(o), o.pick(("users acme why jane", "w" * 500, "w" * 3000))),
    sharing.shared: lambda o: (_answer(o), o.name()),
    sharing.shared_note: lambda _: (),
    surfaces.extended: lambda o: (_answer(o), parts.titled(o.words(), o.words())),
    surfaces.home: lambda o: (_body(o),),
    surfaces.made_plain: lambda o: (users.history_card(history(o)),),
    surfaces.message: lambda o: (o.words(), _body(o)),
    surfaces.modal: lambda o: (o.words(), _body(o), o.maybe(_form(o))),
    surfaces.said: lambda o: (o.words(),),
    surfaces.told: lambda o: ((o.words(), *o.many(lambda at, name: By("U0ADMIN") if at % 2 else name)),),
    surfaces.sent: lambda o: (o.words(), o.pick(("", "https://files.example.com/1", "z" * 9000))),
    undelivered.closed_channel_card: lambda o: (
        ClosedChannel(o.pick(("C0ACME", o.name())), o.many(lambda _, name: name), o.many(lambda _, name: name)),
    ),
    undelivered.given_up_card: lambda o: (o.many(lambda _, name: _given_up(o, name)),),
    undelivered.tried_note: lambda o: (o.pick((0, 1, 10**9)),),
    users.history_card: lambda o: (history(o),),
    users.rosters_card: lambda o: (rosters(o),),
    users.why_card: lambda o: (why(o),),
}
