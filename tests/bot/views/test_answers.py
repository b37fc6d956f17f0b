"""How the answers to slash commands look."""

from dataclasses import replace
from datetime import date

from bot.parsing import USAGES
from bot.views import charts
from bot.views.alerts import alert_card
from bot.views.house import Choice, Health, help_card, picker, roles_card, status_card
from bot.views.invoices import history_card, preview_card
from bot.views.mismatches import mismatches_card
from bot.views.users import history_card as users_history
from bot.views.users import rosters_card, why_card
from commands.examples import Examples
from commands.invoices import InvoiceSummary, Preview
from commands.reconcile import MismatchView, Ways
from commands.roles import RoleGrant
from commands.users import RostersView, RosterView, SeatView
from commands.why import WhyView
from tests.bot.views.samples import ACME, ALERT, BILL_DATE, HELD_READING, HISTORY, HOSTILE, JOINED, JOINS
from tests.documents.samples import document as invoice
from tests.support.snapshots import assert_message_looks, assert_slack_takes

WHY = WhyView(
    client="acme",
    who="Ann Ames",
    account="object-1",
    directory="m365",
    counts=True,
    roster="full",
    reason="LICENSED",
    detail="SPB",
    since=JOINED,
    seated_since=JOINED,
    because="has a licence that counts (Microsoft 365 Business Premium)",
    sentence="Ann has a licence that counts.",
)
HOLD = MismatchView("acme", "R05", "hold", 12000, "USD", "en_US", "A change waits.", "Approve it.")


def seats(*names: str) -> tuple[SeatView, ...]:
    return tuple(SeatView(number, name, (f"o{number}",), JOINED, None) for number, name in enumerate(names))


def test_a_preview() -> None:
    assert_message_looks("invoice-preview", preview_card(Preview(invoice(), ACME, BILL_DATE, None)))


def test_a_preview_that_a_run_would_hold_says_so_above_its_lines() -> None:
    warned = Preview(invoice(), ACME, BILL_DATE, None, ("R20 would hold this: the year is wrong.",))
    assert "R20 would hold this: the year is wrong." in str(preview_card(warned).blocks[2])


def test_a_preview_of_nothing_that_a_run_would_hold_says_both() -> None:
    card = preview_card(Preview(None, ACME, BILL_DATE, "Nothing more is owed.", ("R15 would hold this: a gap.",)))
    assert card.text == "Nothing more is owed.\nR15 would hold this: a gap."


def test_a_preview_of_nothing_says_so() -> None:
    assert preview_card(Preview(None, ACME, BILL_DATE, "Nothing more is owed.")).text == "Nothing more is owed."


def test_a_preview_of_many_lines_fits_and_keeps_its_total() -> None:
    document = invoice()
    many = replace(document, draft=replace(document.draft, charges=document.draft.charges * 200))
    card = preview_card(Preview(many, ACME, BILL_DATE, None))
    assert_slack_takes(card)
    assert "Total" in str(card.blocks)
    assert "more: /invoice acme preview 2027-05-01 xlsx has them all." in str(card.blocks)


def test_the_history_shows_the_newest_dozen_first() -> None:
    every = [
        InvoiceSummary(f"NW-{n}", "acme", "invoice", BILL_DATE, BILL_DATE, "USD", "en_US", 10000 + n, "issued")
        for n in range(1, 15)
    ]
    assert_message_looks("invoice-history", history_card("acme", every))


def test_rosters() -> None:
    view = RostersView(
        "acme", "Acme Corp", JOINED, (RosterView("full", 2, seats("Ann", "Bo")), RosterView("part", 0, ()))
    )
    assert_message_looks("users", rosters_card(view))


def test_a_large_roster_fits() -> None:
    names = [f"Somebody with the number {number}" for number in range(2000)]
    view = RostersView("acme", "Acme Corp", JOINED, (RosterView("full", 2000, seats(*names, *HOSTILE)),))
    assert_slack_takes(rosters_card(view))
    # 353 of 2,006 names are shown.
    assert "and 1,653 more: /users acme xlsx has everybody." in str(rosters_card(view).blocks)


def test_why_somebody_counts() -> None:
    assert_message_looks("users-why", why_card(WHY))


def test_mismatches_that_hold_come_first() -> None:
    told = "2 people count on full and have no seat."
    warn = replace(HOLD, code="R06", effect="warn", amount_minor=None, text=told, remedy="Read the directories again.")
    assert_message_looks("reconcile", mismatches_card([warn, HOLD]))


def test_a_long_list_of_mismatches_says_which_command_brings_all_of_them_of_one_client_or_of_every() -> None:
    of_one, of_two = [HOLD] * 100, [replace(HOLD, client=f"client-{at % 2}") for at in range(100)]
    assert "more: /reconcile acme xlsx has them all." in str(mismatches_card(of_one).blocks)
    assert "more: /reconcile xlsx has them all." in str(mismatches_card(of_two).blocks)


def test_a_probable_duplicate_has_its_two_buttons() -> None:
    told = "Ann Ames and Ann Ames (Admin) may be one person, who is billed twice."
    duplicate = replace(HOLD, code="R12", effect="warn", amount_minor=4000, text=told, remedy="Say which it is.")
    duplicate = replace(duplicate, ways=Ways(pair=(4, 9)))
    message = mismatches_card([duplicate])
    assert_message_looks("reconcile-duplicate", message)
    said = str(message.blocks)
    assert all(word in said for word in ("Same person", "Two people", "people.same", "people.two", "4:9"))


def test_what_holds_a_client_has_the_buttons_of_the_change_and_of_the_run() -> None:
    ways = Ways(change=JOINS, run=BILL_DATE)
    held = Ways(held=(3, "5ea1"), run=BILL_DATE)
    told = "The last reading of m365 would change too much at once."
    catch = replace(HOLD, code="R02", client="birch", amount_minor=None, text=told, remedy="Check the list.", ways=held)
    assert_message_looks("reconcile-held", mismatches_card([replace(HOLD, ways=ways), catch]))


def test_no_mismatches_are_good_news() -> None:
    assert mismatches_card([]).text.startswith("Everything agrees")


def test_an_alert() -> None:
    assert_message_looks("alert", alert_card(ALERT))


def test_an_alert_that_is_over_closes() -> None:
    over = alert_card(
        replace(ALERT, title="Acme Corp: m365 is read again", sentences=(), moments=(), remedy="", cleared=True)
    )
    assert_message_looks("alert-over", over)
    assert over.closes
    assert over.text == "Solved: Acme Corp: m365 is read again"


def test_a_credential_that_expires_soon() -> None:
    expires = replace(
        ALERT,
        client="",
        client_name="",
        channel=None,
        title="The Entra client secret expires on 3 May 2027",
        sentences=("Once it has expired, no directory that it opens can be read, and their clients' invoices wait.",),
        remedy="Make a new secret for the app in the Entra admin centre, and set ROLLCALL_ENTRA_CLIENT_SECRET.",
        moments=(),
    )
    assert_message_looks("alert-expires", alert_card(expires))


def test_a_reading_that_is_held_lists_whom_it_would_move() -> None:
    assert_message_looks("alert-held", alert_card(HELD_READING))


def test_the_help() -> None:
    assert_message_looks("help", help_card(USAGES, Examples("acme", "full", "Ann Ames", date(2027, 5, 1))))


def test_roles() -> None:
    assert_message_looks("roles", roles_card((RoleGrant("U0ADMIN", "admin"), RoleGrant("S0BILLING", "biller"))))


def test_the_status() -> None:
    assert_message_looks("status", status_card(Health("1.0", 2, 1, 1, ("Slack is down.",), date(2027, 4, 11))))


def test_the_menu_of_clients() -> None:
    choices = [Choice(f"{name} Corp", name.lower(), f"users {name.lower()}") for name in ("Acme", "Birch")]
    assert_message_looks("picker", picker("corp", choices))


def test_a_menu_of_more_clients_than_slack_allows_is_cut() -> None:
    choices = [Choice("x" * 200, f"client-{number}", f"users client-{number}") for number in range(300)]
    assert_slack_takes(picker("<!channel>", choices))


def test_the_head_count_by_month() -> None:
    card = users_history(HISTORY)
    assert_message_looks("users-history", card)
    assert card.picture is not None
    assert_message_looks("users-history-chart", charts.shown("F0CHART01", card.picture.alt))


def test_a_head_count_of_many_rosters_with_long_names_fits() -> None:
    curves = tuple(replace(HISTORY.chart.curves[0], name=name) for name in HOSTILE)
    months = tuple(replace(month, counts=month.counts * len(HOSTILE)) for month in HISTORY.months)
    card = users_history(replace(HISTORY, chart=replace(HISTORY.chart, curves=curves), months=months))
    assert_slack_takes(card)
    assert "\u202e" not in str(card.blocks)


def test_a_head_count_of_more_rosters_than_a_table_has_columns_says_how_many_are_left_out_of_each_form() -> None:
    curves = (HISTORY.chart.curves[0],) * 30
    months = tuple(replace(month, counts=month.counts * 30) for month in HISTORY.months)
    card = users_history(replace(HISTORY, chart=replace(HISTORY.chart, curves=curves), months=months))
    assert "and 13 rosters more" in str(card.blocks[-1])
    assert "and 21 rosters more" in str(card.plainer[-1])


def test_months_before_the_first_number_have_a_dash() -> None:
    unknown = replace(HISTORY.months[0], counts=(None,), joined=None, left=None)
    card = users_history(replace(HISTORY, months=(unknown, *HISTORY.months[1:])))
    assert [cell["text"] for cell in card.blocks[1]["rows"][1]] == ["May 2026", *["\N{EN DASH}"] * 3]
    assert "May 2026     \N{EN DASH}       \N{EN DASH}     \N{EN DASH}" in str(card.plainer)
