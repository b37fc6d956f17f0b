"""`kill -9` at every commit point and every outgoing call, on SQLite, with real processes."""

from collections.abc import Iterable

import pytest

from tests.crashes import service, shell
from tests.crashes.course import Course, first_and_last
from tests.crashes.errands import Point
from tests.crashes.points import named_in_source
from tests.crashes.scenes import SCENES
from tests.crashes.service import Played
from tests.crashes.under_way import Post, unexplained

NAMES = [scene.name for scene in SCENES]


def names(played: Iterable[Played]) -> set[str]:
    """Where those who died died."""
    return {one.died_at.name for one in played if one.died_at is not None}


def test_the_story_at_the_shell_comes_out_to_the_cent_without_a_kill(course: Course) -> None:
    found = course.shell
    assert found.complaints == []
    # Five from April on and a sixth from the 11th: 20 of 30 days of April's 40.00 are billed in May.
    assert [(row[0], row[5]) for row in found.truth["invoices"]] == [
        ("NC-000001", -28_867),
        ("NW-000001", 28_867),
        ("NW-000002", 10_000),
    ]


def test_a_command_that_was_killed_and_typed_again_leaves_what_it_would_have_left_alone(course: Course) -> None:
    wrong = {str(told.death): shell.judged(course.shell, told) for told in course.shell_killed}
    assert {death: found for death, found in wrong.items() if found} == {}


@pytest.mark.parametrize("name", NAMES)
def test_a_scene_plays_without_a_kill(course: Course, name: str) -> None:
    clean = course.scenes[name].clean
    assert (clean.complaints, clean.notes) == ([], [])


@pytest.mark.parametrize("name", NAMES)
def test_a_bot_that_was_killed_and_started_again_goes_on_where_it_was(course: Course, name: str) -> None:
    scene = course.scenes[name]
    wrong = {str(played): service.judged(scene.clean, played) for played in scene.killed}
    assert {death: found for death, found in wrong.items() if found} == {}


def test_a_card_is_repeated_only_where_it_was_being_posted_when_the_process_died(course: Course) -> None:
    every = [(scene.clean, played) for scene in course.scenes.values() for played in scene.killed]
    repeated = [played for clean, played in every if played.cards - clean.cards]
    assert names(repeated) >= {"slack.chat.postMessage:after", "shown:before-commit"}
    assert all(len(played.under_way) >= played.strays for played in repeated)


def test_a_short_course_meets_every_name_at_its_first_and_its_last_time() -> None:
    points = [Point("sync:before", 1), Point("ack:after", 1), *(Point("sync:before", nth) for nth in (2, 3))]
    assert first_and_last(points) == [points[0], points[1], points[3]]


def test_a_second_repetition_and_another_card_are_unexplained() -> None:
    under_way = (Post("C0ACME", "Acme Corp: +1 user"),)
    card, other, elsewhere = ("C0ACME", "Acme Corp: +1 user (5 → 6)"), ("C0ACME", "Acme Corp: -1 user"), ("C0", "Acme")
    assert unexplained([card], under_way) == []
    assert unexplained([card, card], under_way) == [card]
    assert unexplained([other, elsewhere], under_way) == [other, elsewhere]


def test_a_click_that_was_kept_is_carried_out_by_the_next_start(course: Course) -> None:
    killed = course.scenes["approval"].killed
    resumed = names(played for played in killed if "Approve: carried out by the next start" in played.notes)
    assert {"keep-interaction:after-commit", "approve:before-commit"} <= resumed
    assert "keep-interaction:before-commit" not in resumed


def test_a_click_that_was_not_kept_has_no_effect_until_it_is_clicked_again(course: Course) -> None:
    killed = course.scenes["approval"].killed
    again = names(played for played in killed if "Approve: clicked again" in played.notes)
    # Also who clicked while the process was dying of something else, such as the record of the card, clicks again.
    assert "keep-interaction:before-commit" in again
    assert again.isdisjoint({"keep-interaction:after-commit", "approve:before-commit", "approve:after-commit"})


def test_a_digest_is_shown_once_and_twice_only_where_it_was_being_posted(course: Course) -> None:
    scene = course.scenes["digest"]
    shown = {played.died_at: played.cards.total() for played in scene.killed}
    between = {"slack.chat.postMessage:after", "shown:before-commit"}
    assert scene.clean.cards.total() == 1
    assert shown == {point: 2 if point.name in between else 1 for point in shown if point}


def test_a_home_tab_and_its_answer_come_again_where_the_process_died_before_the_click_was_done(course: Course) -> None:
    killed = course.scenes["home"].killed
    resumed = names(
        played for played in killed if any("carried out by the next start" in note for note in played.notes)
    )
    assert {"keep-interaction:after-commit", "approve:before-commit"} <= resumed


def test_a_mention_that_was_kept_is_carried_out_by_the_next_start(course: Course) -> None:
    killed = course.scenes["mention"].killed
    resumed = names(
        played for played in killed if any("carried out by the next start" in note for note in played.notes)
    )
    assert "keep-interaction:after-commit" in resumed
    assert "keep-interaction:before-commit" not in resumed


def test_a_document_is_lost_only_with_a_process_that_died_before_slack_had_it(course: Course) -> None:
    scene = course.scenes["paper"]
    names_in_order = [point.name for point in scene.clean.points]
    until_slack_had_it = names_in_order[: names_in_order.index("slack.files.completeUploadExternal:after")]
    again = names(played for played in scene.killed if "globex pdf: asked for again" in played.notes)
    assert scene.clean.papers == ("NW-000002.pdf",)
    # The clock's own commit comes when it comes: before the document is asked for, or while it is on its way.
    beside = {"slots:before-commit", "slots:after-commit"}
    assert again - beside == set(until_slack_had_it) - beside


def test_details_that_a_kill_left_without_their_chart_have_it_when_they_are_opened_again(course: Course) -> None:
    killed = course.scenes["details"].killed
    again = names(played for played in killed if "Details: asked for again" in played.notes)
    assert {"slack.views.open:after", "slack.upload:before", "slack.views.update:before"} <= again
    assert "slack.views.update:after" not in again


def test_every_commit_and_every_call_of_the_source_is_met(course: Course) -> None:
    assert named_in_source() == course.points()
