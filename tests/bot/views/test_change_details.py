"""How the details of a change look."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from billing.quantities import Measure
from bot.views import charts
from bot.views.change_details import decision_reply, details_modal
from commands.change_cards import ChangeView
from commands.change_details import ChangeDetails
from sandbox.workspace.blockkit.judge import is_too_large, view_faults
from tests.bot.views.samples import HISTORY, HOSTILE, JOINED, JOINS, change, decided, join, leave
from tests.support.snapshots import assert_message_looks, assert_modal_looks

PROPOSED_AT = datetime(2027, 4, 11, 6, 31, tzinfo=UTC)


def found(of: ChangeView = JOINS, monthly_now_minor: int | None = 180500) -> ChangeDetails:
    return ChangeDetails(of, monthly_now_minor, "clock", PROPOSED_AT, JOINED, HISTORY)


def test_the_reply_in_the_thread_of_a_decided_card() -> None:
    left_out = replace(join(3, "Cy Castillo"), excepted=True, reason="A trainee until June")
    approved = replace(decided("approved"), items=(*JOINS.items[:2], left_out))
    assert_message_looks("change-decision", decision_reply(approved))


def test_details_of_a_change_with_its_chart() -> None:
    picture = charts.picture_of(HISTORY)
    assert picture is not None
    joins = [join(number, name) for number, name in enumerate(("Ann Ames", "Bo Brown", "Cy Castillo", "Di Diaz"), 1)]
    shown = charts.shown("F0CHART01", picture.alt)
    assert_modal_looks("change-details", details_modal(found(change(*joins, leave(5, "Eve Ellis"))), shown))


def test_details_are_there_before_the_chart_is() -> None:
    assert "being drawn" in str(details_modal(found(), charts.drawing()))


def test_details_of_a_decided_change_say_who_decided_and_nothing_of_the_money_of_now() -> None:
    modal = str(details_modal(found(decided("rejected", "A test account"), None), charts.nobody()))
    assert "Reason: A test account" in modal
    assert "As proposed: +$120.00 a month" in modal
    assert "a month now" not in modal


def test_whoever_proposed_on_the_command_line_is_named_in_words() -> None:
    modal = details_modal(replace(found(), proposed_by="cli:root"), charts.nobody())
    assert "'root (command line)'" in str(modal)
    assert "'user_id': 'U0ADMIN'" in str(details_modal(replace(found(), proposed_by="U0ADMIN"), charts.nobody()))


def test_a_later_revision_says_since_when_the_change_waits() -> None:
    modal = details_modal(replace(found(), first_proposed_on=date(2027, 4, 9)), charts.nobody())
    assert "first proposed on 9 Apr 2027" in str(modal)


def test_a_proposal_on_a_fixed_date_has_no_time_of_day() -> None:
    modal = str(details_modal(replace(found(), proposed_at=datetime(2026, 11, 2, tzinfo=UTC)), charts.nobody()))
    assert "proposed on ', 'type': 'text'}, {'text': '11 Apr 2027', 'type': 'text'}" in modal
    assert "'fallback': '11 Apr 2027 at 02:31 EDT'" in str(details_modal(found(), charts.nobody()))


def test_a_counted_number_is_told_with_both() -> None:
    counted = replace(join(1, ""), kind="quantity", roster=None, measure=Measure("licence", "SPB"))
    licences = replace(counted, before=Decimal(10), after=Decimal(12))
    assert "1. SPB: 10 → 12, from 11 Apr 2027." in str(details_modal(found(change(licences)), charts.nobody()))


def test_names_and_reasons_from_outside_are_never_markup() -> None:
    many = [replace(join(number, name), detail=name) for number, name in enumerate(HOSTILE, 1)]
    modal = details_modal(found(change(*many)), charts.drawing())
    assert view_faults(modal) == []
    assert "mrkdwn" not in str(modal)
    assert "\u202e" not in str(modal)


@pytest.mark.parametrize(("count", "is_cut"), [(60, False), (3000, True)])
def test_any_number_of_people_fits_and_what_is_cut_is_told(count: int, *, is_cut: bool) -> None:
    many = change(*(join(number, "\N{GRINNING FACE}" * 200) for number in range(1, count + 1)))
    modal = details_modal(found(many), charts.drawing())
    assert view_faults(modal) == []
    assert not is_too_large(modal)
    assert ("more: /changes acme xlsx has every item." in str(modal)) == is_cut
    assert "proposed on" in str(modal["blocks"][-1])


def test_the_chart_says_its_figures_in_words() -> None:
    picture = charts.picture_of(HISTORY)
    assert picture is not None
    assert picture.alt.startswith(
        "Users billed to Acme Corp from 1 May 2026 to 11 Apr 2027. full: 42 now, 45 proposed from"
    )
    assert "May 2026 38" in picture.alt
    assert "Mar 2027 42" in picture.alt


def test_where_nobody_was_ever_counted_there_is_no_chart() -> None:
    nobody = replace(HISTORY, chart=replace(HISTORY.chart, curves=()))
    assert charts.picture_of(nobody) is None


def test_words_too_long_for_slack_are_cut() -> None:
    block = charts.shown("F0CHART01", "x" * 5000).blocks[0]
    assert len(block["alt_text"]) == 2000
