"""How an explanation looks: short enough for a phone, and in full for one line."""

from dataclasses import replace
from datetime import date, timedelta

from bot.message import Message
from bot.views.explanations import explained_card
from commands.explain import Explained, Explanation
from documents.sources import Approval, Deed, Moved, Place, Source
from tests.bot.views.samples import HOSTILE
from tests.documents.samples import NAMES, document, issued
from tests.support.snapshots import assert_message_looks, assert_slack_takes

FIRST, JOINED, DECIDED = date(2027, 1, 1), date(2027, 4, 11), date(2027, 4, 12)


def moved(*people: int, on: date = JOINED, by: str = "U0APPROVER") -> Moved:
    places = tuple(Place(person, on, None, None, ()) for person in people)
    return Moved(joined=True, on=on, approval=Approval(2, Deed(by, DECIDED)), seen=(("m365", on),), places=places)


def line(number: int = 1, *sources: Source, figures: int = 1, name: str = "managed-user") -> Explanation:
    tiers = "25 × $45.00 + 20 × $40.00 = $1,925.00"  # noqa: RUF001 - as printed
    workings = tuple(f"{at} May: {tiers}" for at in range(1, figures + 1))
    heading = f"{name.replace('-', ' ').capitalize()}, 1–31 May 2027: $1,925.00"  # noqa: RUF001 - as printed
    taxes = ("Taxed with Sales tax, 8.25%, category standard.",)
    return Explanation(number, name, heading, heading, workings, sources, taxes, ("An account.",))


PEOPLE = (moved(*range(40), on=FIRST, by="cli:root for Dana"), moved(1, 2))


def test_an_explanation() -> None:
    lines = (line(1, *PEOPLE), line(2, *PEOPLE, name="backup"), line(3, figures=9, name="antivirus"))
    assert_message_looks("invoice-explained", explained_card(Explained(issued(), lines)))


def test_one_line_is_explained_with_all_its_names_and_taxes() -> None:
    message = explained_card(Explained(issued(), (line(1, *PEOPLE),), "managed-user"))
    assert_message_looks("invoice-explained-line", message)
    assert all(NAMES[person] in str(message.blocks) for person in range(40))


def test_a_phone_is_shown_no_account_and_few_names() -> None:
    message = explained_card(Explained(issued(), (line(1, *PEOPLE),)))
    assert "An account." not in str(message.blocks)
    assert "and 36 more)" in str(message.blocks)


def test_many_changes_are_cut_to_the_newest_with_a_count_and_where_the_rest_is() -> None:
    changes = tuple(moved(at, on=FIRST + timedelta(days=at)) for at in range(20))
    said = str(explained_card(Explained(issued(), (line(1, *changes),))).blocks)
    assert ("20 Jan" in said, "16 Jan" in said) == (True, False)
    assert "and 16 before: explain managed-user" in said


def test_many_figures_are_cut_with_a_count() -> None:
    assert "and 26 more" in str(explained_card(Explained(issued(), (line(1, figures=31),))).blocks)


def test_a_document_of_many_lines_is_cut_and_says_how_to_see_the_rest() -> None:
    lines = tuple(line(at, moved(*range(at, at + 20)), name=f"line-{at}") for at in range(1, 90))
    message = explained_card(Explained(issued(), lines))
    assert_slack_takes(message)
    said = str(message.blocks)
    assert "ask for one line, as in explain line-89 or rollcall explain NW-000007 has all of it" in said
    assert said.count(", 1–31 May 2027: $1,925.00") > 20  # noqa: RUF001 - as printed


def test_a_line_of_many_changes_is_cut_too() -> None:
    changes = tuple(moved(*range(40), on=FIRST + timedelta(days=at)) for at in range(300))
    message = explained_card(Explained(issued(), (line(1, *changes),), "managed-user"))
    assert_slack_takes(message)
    assert "more: rollcall explain NW-000007 has all of it." in str(message.blocks)
    assert "and 240 before" in str(message.blocks)


def test_what_is_not_issued_points_to_no_number() -> None:
    message = explained_card(Explained(document(), (line(1, *PEOPLE),)))
    assert_slack_takes(message)
    assert "rollcall explain" not in str(message.blocks)


def test_an_explanation_of_nothing_more_than_a_title_is_taken() -> None:
    assert_slack_takes(explained_card(Explained(document(), (replace(line(), heading="x" * 5000, workings=()),))))


def hostile() -> Message:
    names = dict(enumerate(HOSTILE))
    paper = replace(issued(), names=names)
    of = tuple(
        replace(line(at, moved(*names), name=name), heading=name, workings=(name,))
        for at, name in enumerate(HOSTILE, 1)
    )
    return explained_card(Explained(paper, of))


def test_hostile_names_stay_text_in_an_explanation() -> None:
    assert_slack_takes(hostile())
    assert "mrkdwn" not in str(hostile().blocks)
