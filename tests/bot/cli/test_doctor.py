from bot.cli.doctor import lines
from commands.examinations.finding import Finding, Part, State, exit_code

WELL = Finding(Part.ROLES, State.OK, "roles", "1 admin")
FAILING = Finding(Part.ROLES, State.FAIL, "roles", "nobody is admin yet", "rollcall role grant U123 admin", 1)


def test_a_remedy_stands_behind_what_is_wrong_where_both_fit() -> None:
    assert list(lines([FAILING], in_colour=False)) == [
        "Roles",
        "FAIL  roles  nobody is admin yet  → rollcall role grant U123 admin",
        "",
        "1 failure.",
    ]


def test_a_pipe_gets_no_colours_and_a_terminal_does() -> None:
    assert "\033" not in "".join(lines([WELL, FAILING], in_colour=False))
    coloured = list(lines([WELL, FAILING], in_colour=True))
    assert coloured[1] == "\033[32mok    \033[0mroles  1 admin"
    assert coloured[2].startswith("\033[31m\033[1mFAIL  \033[0mroles")


def test_what_a_client_calls_itself_does_not_steer_the_terminal() -> None:
    (_, line, *_) = lines([Finding(Part.SLACK, State.OK, "channel", "#a\033[31mcme\n")], in_colour=False)
    assert "\033" not in line


def test_the_worst_code_that_was_found_is_the_commands() -> None:
    outside = Finding(Part.SLACK, State.FAIL, "bot token", "refused", "", 3)
    assert exit_code([WELL]) == 0
    assert exit_code([WELL, outside, FAILING]) == 3
