"""Slash commands, over real HTTP."""

from commands.roles import grant
from tests.support.office import ACME, BILLER, HOUSE, SHELL, VIEWER, Office


async def test_a_preview_shows_lines_total_and_how_many_names(office: Office) -> None:
    await office.first_count("Ann", "Bo", "Cy")
    answer = await office.ask(VIEWER, "/invoice", "acme preview")
    assert "Acme Corp: invoice of 1 May 2027, $129.90" in answer.said
    assert "Managed user" in answer.said
    assert "Sales tax 8.25% on $120.00: $9.90" in answer.said
    assert "Names on full: 3 users" in answer.said


async def test_a_preview_takes_a_date_as_people_say_it(office: Office) -> None:
    answer = await office.ask(VIEWER, "/invoice", "globex preview 1 june")
    assert "invoice of 1 Jun 2027" in answer.said


async def test_rollcall_takes_the_other_commands_as_its_first_word(office: Office) -> None:
    direct = await office.ask(VIEWER, "/invoice", "globex preview")
    assert (await office.ask(VIEWER, "/rollcall", "invoice globex preview")).said == direct.said


async def test_answers_are_for_the_asking_user_only(office: Office) -> None:
    await office.ask(VIEWER, "/users", "acme")
    assert await office.slack.messages(ACME) == []


async def test_an_ambiguous_client_gets_a_menu_that_answers_the_question(office: Office) -> None:
    asked = await office.ask(VIEWER, "/invoice", "corp preview")
    assert "'corp' fits 2 clients. Which one?" in asked.said
    await office.slack.choose(VIEWER, ACME, asked.ts, "client.pick", "invoice globex preview")
    await office.edge.work.drain(5)
    assert "Globex Corp: invoice of" in (await office.answer(VIEWER)).said


async def test_an_unknown_client_is_told_which_ones_there_are(office: Office) -> None:
    answer = await office.ask(VIEWER, "/users", "initech")
    assert answer.said == "No client is called 'initech'. There: acme, globex."


async def test_a_name_behind_the_clients_is_told_the_command_that_takes_one(office: Office) -> None:
    answer = await office.ask(VIEWER, "/users", "acme corp nora nash")
    assert answer.said == (
        "No client is called 'acme corp nora nash'. There: acme, globex. About one person: /users acme why nora nash"
    )


async def test_what_a_phone_makes_of_quotes_and_apostrophes_is_read_as_it_was_meant(office: Office) -> None:
    await office.first_count("Ann O'Hara", "Bo")
    answer = await office.ask(VIEWER, "/users", "\u201cAcme Corp\u201d why \u201cAnn O\u2019Hara\u201d")
    assert answer.said.startswith("Ann O'Hara at acme: counts")


async def test_a_malformed_date_is_told_the_forms_of_dates(office: Office) -> None:
    answer = await office.ask(VIEWER, "/invoice", "acme preview tomorrowish")
    assert "“tomorrowish” is no date that I understand" in answer.said


async def test_an_unknown_word_is_told_what_is_possible(office: Office) -> None:
    answer = await office.ask(VIEWER, "/invoice", "acme show")
    assert answer.said.startswith("There is no “show”. Possible: /invoice acme preview [date] [xlsx]")


async def test_a_misspelt_word_behind_the_clients_name_is_told_the_one_that_was_meant(office: Office) -> None:
    answer = await office.ask(VIEWER, "/invoice", "acme corp prevew")
    assert answer.said.startswith(
        "There is no “prevew”; did you mean preview? Possible: /invoice acme preview [date] [xlsx]"
    )
    answer = await office.ask(VIEWER, "/users", "acme histroy")
    assert "There is no “histroy”; did you mean history? About one person: /users acme why histroy" in answer.said


async def test_a_word_behind_nobodys_name_is_told_what_was_understood(office: Office) -> None:
    answer = await office.ask(VIEWER, "/invoice", "initech prevew")
    assert answer.said.startswith("I understood the client “initech prevew”, but not what to show.")


async def test_what_rollcall_cant_do_points_to_its_help(office: Office) -> None:
    answer = await office.ask(VIEWER, "/rollcall", "frobnicate")
    assert answer.said.endswith(
        "Possible: invoice, users, changes, reconcile, quote, run, client, help, status, roles, digest. "
        "/rollcall help says what each does."
    )


async def test_the_help_has_examples_of_the_client_whose_channel_it_is_and_else_of_the_first(office: Office) -> None:
    assert "/quote acme +3 full" in (await office.ask(VIEWER, "/rollcall", "help")).said
    assert "/quote acme +3 full" in (await office.ask(VIEWER, "/rollcall", "help", channel=HOUSE)).said


async def test_every_example_of_the_help_is_answered(office: Office) -> None:
    await office.first_count("Ann", "Bo")
    said = (await office.ask(BILLER, "/rollcall", "help")).said
    typed = said.partition("For example\n")[2].partition("\nA client is named")[0].splitlines()
    assert {"/users acme why Ann", "/quote acme +3 full", "/run 2027-05-01 start", "/client acme"} <= set(typed)
    for example in typed:
        command, _, words = example.partition(" ")
        answer = await office.ask(BILLER, command, words)
        assert not [wrong for wrong in ("Possible:", "How many", "No client") if wrong in answer.said], example


async def test_the_help_names_no_client_to_somebody_without_a_role(office: Office) -> None:
    await office.slack.add_user("stranger", user_id="U0STRANGER")
    answer = await office.ask("U0STRANGER", "/rollcall", "help")
    assert "/run" in answer.said
    assert "/quote acme" not in answer.said


async def test_who_may_do_what_is_shown_to_whoever_has_a_role(office: Office) -> None:
    answer = await office.ask(VIEWER, "/rollcall", "roles")
    assert answer.said.index("admin: ") < answer.said.index("biller: ") < answer.said.index("viewer: ")
    await office.slack.add_user("stranger", user_id="U0STRANGER")
    assert "takes the role viewer" in (await office.ask("U0STRANGER", "/rollcall", "roles")).said


async def test_somebody_without_any_role_sees_nothing(office: Office) -> None:
    await office.slack.add_user("stranger", user_id="U0STRANGER")
    answer = await office.ask("U0STRANGER", "/users", "acme")
    assert "takes the role viewer; you have none" in answer.said


async def test_a_role_of_a_user_group_is_everybodys_in_it(office: Office) -> None:
    await office.slack.add_user("stranger", user_id="U0STRANGER")
    await office.slack.set_group("S0TEAM", ["U0STRANGER"])
    grant(office.rollcall.database, SHELL, "S0TEAM", "viewer")
    assert "Acme Corp on" in (await office.ask("U0STRANGER", "/users", "acme")).said


async def test_users_lists_names_and_why_tells_a_verdict(office: Office) -> None:
    await office.first_count("Ann", "Bo")
    assert "full (2)\nAnn, Bo" in (await office.ask(VIEWER, "/users", "acme")).said
    assert "counts" in (await office.ask(VIEWER, "/users", "acme why ann")).said


async def test_reconcile_tells_what_holds_an_invoice(office: Office) -> None:
    answer = await office.ask(VIEWER, "/reconcile", "acme")
    assert "holding an invoice" in answer.said
    assert "R01 acme: holds the invoice" in answer.said


async def test_history_is_empty_before_anything_was_issued(office: Office) -> None:
    assert (await office.ask(VIEWER, "/invoice", "acme history")).text == "Nothing was issued to acme yet."


async def test_help_lists_every_command(office: Office) -> None:
    said = (await office.ask(VIEWER, "/rollcall")).said
    assert all(name in said for name in ("/invoice", "/users", "/changes", "/reconcile", "/run", "/rollcall status"))


async def test_status_says_what_waits_and_that_the_date_is_fixed(office: Office) -> None:
    office.hire("Ann")
    await office.sync()
    said = (await office.ask(VIEWER, "/rollcall", "status")).said
    assert "Changes waiting for approval: 1" in said
    assert "The business date is fixed to 11 Apr 2027 by ROLLCALL_TODAY" in said
