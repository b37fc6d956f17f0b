"""How the form looks by which a client is added."""

from bot.views.modals import Origin
from bot.views.onboarding import Filled, add_question, onboarding_modal
from commands.onboarding import Choices
from tests.support.snapshots import assert_message_looks, assert_modal_looks

ORIGIN = Origin("", "C0ACME", "https://hooks.example.com/1")
CHOICES = Choices(("care", "care-and-backup"), "USD", "America/New_York")
ANSWERS = {
    "name": "Elm Street Dental",
    "slug": "elm",
    "channel": "C0ELM",
    "address": "12 Elm Street\nAlbany, NY 12207",
    "tax": "Sales tax 8.25",
    "kind": "entra",
    "setting.tenant": "elm.example",
    "basis": "group",
    "groups": "Staff",
    "template": "care",
    "start": "2027-05-01",
}


def test_the_form_as_it_opens() -> None:
    modal = onboarding_modal(ORIGIN, CHOICES, Filled({"name": "Elm Street Dental"}))
    assert_modal_looks("modal-onboarding", modal)


def test_the_form_with_a_directory_that_was_looked_at() -> None:
    seen = "14 accounts, 11 would count."
    assert_modal_looks("modal-onboarding-directory", onboarding_modal(ORIGIN, CHOICES, Filled(ANSWERS, seen)))


def test_the_form_of_a_house_without_templates_says_where_agreements_come_from() -> None:
    modal = onboarding_modal(ORIGIN, Choices((), None, None), Filled({}))
    assert "The book has no template of an agreement" in str(modal)
    assert "It starts on" not in str(modal)


def test_the_button_that_opens_the_form_where_a_command_cannot() -> None:
    assert_message_looks("client-add", add_question("Elm Street Dental"))
