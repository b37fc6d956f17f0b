"""Who counts: the verdict of a rule on an account, and why."""

import time
from dataclasses import replace

import pytest

from billing.quantities import Measure
from rosters.rules import (
    Account,
    Exclusion,
    Naming,
    Roster,
    Rule,
    RuleMakesNoSense,
    Wanted,
    about,
    others_know,
    wanted,
)
from rosters.split import Scope
from rosters.verdicts import Reason, Verdict, is_named, judge, place

PAID = Account("1", "Jane Doe", "jane@acme.com", "jane@acme.com", licences=("SPB",))


def _account(**differences: object) -> Account:
    facts: dict[str, object] = {
        "object_id": "1", "name": "Jane Doe", "mail": "jane@acme.com", "upn": "jane@acme.com", "licences": ("SPB",)
    }  # fmt: skip
    return Account(**{**facts, **differences})  # type: ignore[arg-type]  # A table's columns have many types.


@pytest.mark.parametrize(
    ("account", "reason"),
    [
        (_account(), Reason.LICENSED),
        (_account(guest=True), Reason.GUEST),
        (_account(enabled=False), Reason.DISABLED),
        (_account(licences=()), Reason.NO_LICENCE),
        (_account(licences=("FLOW_FREE",)), Reason.FREE_LICENCE_ONLY),
        (_account(licences=("FLOW_FREE", "SPB")), Reason.LICENSED),
        (_account(mailbox="shared"), Reason.SHARED_MAILBOX),
        (_account(mailbox="room"), Reason.ROOM),
        (_account(mailbox="equipment"), Reason.ROOM),
        (_account(upn="ops@northwind.example"), Reason.OWN_STAFF),
        (_account(mail="ops@NORTHWIND.example"), Reason.OWN_STAFF),
        (_account(mail='"ops@desk"@northwind.example'), Reason.OWN_STAFF),
        (_account(upn="svc-scan@acme.com"), Reason.EXCLUDED),
    ],
)
def test_each_account_gets_one_verdict_with_its_reason(account: Account, reason: Reason) -> None:
    rule = Rule(exclude=(Exclusion("upn", "svc-*", "service account", "ops"),), own_domains=("Northwind.example",))
    verdict = judge(rule, account)
    assert verdict.reason is reason
    assert verdict.counts is (reason is Reason.LICENSED)


def test_everybody_enabled_counts_under_the_basis_enabled() -> None:
    rule = Rule(basis="enabled")
    assert judge(rule, _account(licences=())) == Verdict(counts=True, reason=Reason.ENABLED)
    assert judge(rule, _account(licences=(), enabled=False)).reason is Reason.DISABLED
    assert judge(rule, _account(licences=(), guest=True)).reason is Reason.GUEST


@pytest.mark.parametrize(
    "licence",
    [
        "FLOW_FREE",
        "POWER_BI_STANDARD",
        "TEAMS_FREE_TIER",
        "CCIBOTS_PRIVPREV_VIRAL",
        "DYN365_TRIAL_X",
        "Microsoft Power Automate Free (free)",
        "Office 365 E3 Trial",
        "Microsoft Teams Exploratory",
        "flow_free",
        "Microsoft_Teams_Rooms_Basic",
        "Microsoft_Teams_Rooms_Basic_without_Audio_Conferencing",
        "Microsoft Teams Rooms Basic without Audio Conferencing",
        "DEVELOPERPACK_E5",
        "Microsoft 365 E5 Developer (without Windows and Audio Conferencing)",
    ],
)
def test_a_free_or_trial_licence_makes_nobody_a_user(licence: str) -> None:
    verdict = judge(Rule(), _account(licences=(licence,)))
    assert (verdict.counts, verdict.reason, verdict.detail) == (False, Reason.FREE_LICENCE_ONLY, licence)


@pytest.mark.parametrize(
    "licence",
    [
        "SPB",
        "SPE_E5",
        "Microsoft 365 Business Premium",
        "STREAMLINE",
        "O365_BUSINESS",
        "Microsoft_Teams_Rooms_Pro",
        "Microsoft Teams Rooms Standard",
        "Microsoft 365 E5",
    ],
)
def test_a_paid_licence_counts_and_is_named(licence: str) -> None:
    assert judge(Rule(), _account(licences=(licence,))) == Verdict(counts=True, reason=Reason.LICENSED, detail=licence)


def test_an_account_without_a_licence_has_none_to_name() -> None:
    assert judge(Rule(), _account(licences=())) == Verdict(counts=False, reason=Reason.NO_LICENCE)


def test_only_the_licences_that_count_make_an_account_count() -> None:
    rule = Rule(counted_licences=("SPE_*",))
    assert judge(rule, _account(licences=("SPE_E3",))).counts
    assert judge(rule, _account(licences=("SPB",))) == Verdict(counts=False, reason=Reason.NO_LICENCE, detail="SPB")


def test_a_licence_that_counts_by_name_counts_although_it_is_free() -> None:
    assert judge(Rule(counted_licences=("FLOW_FREE",)), _account(licences=("FLOW_FREE",))).counts


def test_a_free_licence_is_still_called_free_where_others_count() -> None:
    verdict = judge(Rule(counted_licences=("SPE_*",)), _account(licences=("FLOW_FREE",)))
    assert verdict.reason is Reason.FREE_LICENCE_ONLY


def test_an_ignored_licence_is_as_good_as_none() -> None:
    rule = Rule(ignored_licences=("VISIO*",))
    assert judge(rule, _account(licences=("VISIOCLIENT",))).reason is Reason.NO_LICENCE
    assert judge(rule, _account(licences=("VISIOCLIENT", "SPB"))).detail == "SPB"


@pytest.mark.parametrize(
    ("field", "pattern", "matches"),
    [
        ("upn", "JANE@*", True),
        ("upn", "j?ne@acme.com", True),
        ("upn", "jane", False),
        ("mail", "*@acme.com", True),
        ("name", "jane*", True),
        ("name", "*DOE", True),
        ("id", "1", True),
        ("id", "2", False),
    ],
)
def test_an_exclusion_is_compared_whole_and_without_regard_to_case(
    field: str,
    pattern: str,
    matches: bool,  # noqa: FBT001 - a table's column
) -> None:
    exclusion = Exclusion(field, pattern, "asked by the client")  # type: ignore[arg-type]  # A table's column is a str.
    assert exclusion.takes(PAID) is matches


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("Room [2nd floor]", "Room [2nd floor]"),
        ("[a-z]*", "[a-z] printer"),
        ("a.c", "a.c"),
        ("(shared) ^desk$", "(shared) ^desk$"),
        ("back\\slash", "back\\slash"),
        ("[!x", "[!x"),
        ("line*break", "line\nbreak"),
    ],
)
def test_only_star_and_question_mark_have_a_meaning_in_a_pattern(pattern: str, name: str) -> None:
    exclusion = Exclusion("name", pattern, "not a person")
    assert exclusion.takes(_account(name=name))


@pytest.mark.parametrize(("pattern", "name"), [("[abc]", "a"), ("a.c", "abc"), ("a|b", "a"), (".*", "anything")])
def test_what_means_something_elsewhere_matches_only_itself(pattern: str, name: str) -> None:
    assert not Exclusion("name", pattern, "not a person").takes(_account(name=name))


def test_a_hostile_pattern_takes_no_longer_than_an_honest_one() -> None:
    exclusion = Exclusion("name", "*a" * 40 + "b", "hostile")
    started = time.process_time()
    assert not exclusion.takes(_account(name="a" * 5000))
    assert time.process_time() - started < 2


@pytest.mark.parametrize("name", ["<!channel> *free*", "=cmd|' /C calc'!A0", "<script>", "\u202eeman", "x" * 200, ""])
def test_a_hostile_name_is_a_name_like_any_other(name: str) -> None:
    assert judge(Rule(), _account(name=name)).reason is Reason.LICENSED


def test_an_exclusion_comes_first_and_gives_its_own_reason() -> None:
    rule = Rule(exclude=(Exclusion("upn", "jane@*", "on parental leave"),))
    assert judge(rule, _account(enabled=False)) == Verdict(
        counts=False, reason=Reason.EXCLUDED, detail="on parental leave"
    )


@pytest.mark.parametrize(("pattern", "reason"), [("", "why"), ("svc-*", "")])
def test_an_exclusion_that_nobody_explained_is_refused(pattern: str, reason: str) -> None:
    with pytest.raises(RuleMakesNoSense, match=r"^An exclusion needs a pattern and a reason"):
        Exclusion("upn", pattern, reason)


def test_an_account_is_placed_on_the_first_roster_that_takes_it() -> None:
    rosters = (Roster("full", Rule(counted_licences=("SPE_E*",))), Roster("rest", Rule()))
    for licence, roster in (("SPE_E3", "full"), ("SPE_F1", "rest")):
        placed = place(rosters, _account(licences=(licence,)))
        assert placed == Verdict(counts=True, reason=Reason.LICENSED, detail=licence, roster=roster)


def test_an_account_that_no_roster_takes_keeps_the_last_refusal() -> None:
    rosters = (Roster("full", Rule(counted_licences=("SPE_E*",))), Roster("rest", Rule(basis="enabled")))
    verdict = place(rosters, _account(enabled=False))
    assert (verdict.counts, verdict.roster, verdict.reason) == (False, None, Reason.DISABLED)


def test_without_a_roster_nobody_counts() -> None:
    verdict = place((), PAID)
    assert verdict == Verdict(counts=False, reason=Reason.NO_ROSTER)


UNKNOWN = Account("u1", "Uma", upn="uma@acme.example", licences=None)


def test_whose_licences_are_unknown_is_not_judged_by_them() -> None:
    assert place((Roster("full"),), UNKNOWN) == Verdict(counts=False, reason=Reason.LICENCES_UNKNOWN)


def test_unknown_licences_come_before_what_a_later_roster_says_and_after_a_roster_that_takes() -> None:
    shop, rest = Roster("shop", Rule(basis="group", groups=("Shop",))), Roster("rest", Rule(basis="enabled"))
    assert place((Roster("full"), shop), UNKNOWN).reason is Reason.LICENCES_UNKNOWN
    assert place((Roster("full"), rest), UNKNOWN).roster == "rest"


def test_a_guest_is_a_guest_whatever_the_licences() -> None:
    assert place((Roster("full"),), replace(UNKNOWN, guest=True)).reason is Reason.GUEST


BY_LICENCE = Roster("full", Rule())
OF_ONE = Roster("one", Rule(directories=("m365",)))


@pytest.mark.parametrize(
    ("rosters", "directory", "names"),
    [((BY_LICENCE,), "ad", ["full"]), ((OF_ONE,), "ad", []), ((OF_ONE, BY_LICENCE), "m365", ["one", "full"])],
)
def test_a_rule_that_names_directories_is_about_those_alone(
    rosters: tuple[Roster, ...], directory: str, names: list[str]
) -> None:
    assert [roster.name for roster in about(rosters, directory)] == names


@pytest.mark.parametrize(
    ("roster", "knowing", "known"),
    [
        (BY_LICENCE, ("m365",), True),
        (BY_LICENCE, ("ad",), False),
        (BY_LICENCE, (), False),
        (Roster("one", Rule(directories=("ad", "m365"))), ("m365",), True),
        (Roster("one", Rule(directories=("ad",))), ("m365",), False),
        (OF_ONE, (), True),
        (Roster("shop", Rule(basis="enabled")), (), True),
    ],
)
def test_licences_are_known_elsewhere_where_each_rule_about_a_directory_is_about_one_that_knows_them(
    roster: Roster, knowing: tuple[str, ...], *, known: bool
) -> None:
    assert others_know((roster,), "ad", knowing) is known


def test_licences_are_needed_unless_another_source_may_know_them() -> None:
    assert wanted((BY_LICENCE,)).needs_licences
    assert not wanted((BY_LICENCE,), or_without_licences=True).needs_licences
    assert not wanted((Roster("shop", Rule(basis="enabled")),)).needs_licences


def test_licences_are_asked_for_where_any_roster_goes_by_them() -> None:
    by_account, by_licence = Roster("full", Rule(basis="enabled")), Roster("rest", Rule())
    assert wanted((by_account, by_licence)) == Wanted(licences=True)
    assert wanted((by_account,)) == Wanted()


def test_bought_units_are_asked_for_where_a_line_counts_a_licence() -> None:
    assert wanted((), (Measure("roster", "full"), Measure("licence", "SPB"))) == Wanted(units=True)
    assert wanted((), (Measure("roster", "full"), Measure("device", "server"))) == Wanted()


@pytest.mark.parametrize(
    ("asked", "enough"),
    [
        (Wanted(), True),
        (Wanted(licences=True, groups=("Staff",)), True),
        (Wanted(licences=True, groups=("Board", "Staff")), True),
        (Wanted(groups=("Other",)), False),
        (Wanted(mailboxes=True), False),
        (Wanted(units=True), False),
    ],
)
def test_a_reading_is_enough_for_what_asks_for_no_more(asked: Wanted, *, enough: bool) -> None:
    assert Wanted(licences=True, groups=("Staff", "Board")).covers(asked) is enough


STAFF = ("Staff", "Board")


def test_under_the_basis_group_whoever_is_in_one_of_the_groups_counts() -> None:
    rule = Rule(basis="group", groups=STAFF)
    inside = _account(licences=(), groups=("Other", "Board"))
    assert judge(rule, inside) == Verdict(counts=True, reason=Reason.IN_GROUP, detail="Board")
    assert judge(rule, _account(groups=("Other",))) == Verdict(
        counts=False, reason=Reason.NOT_IN_GROUP, detail="Staff, Board"
    )


def test_the_first_group_of_the_rule_is_the_one_that_decides() -> None:
    verdict = judge(Rule(basis="group", groups=STAFF), _account(groups=("Board", "Staff")))
    assert verdict.detail == "Staff"


def test_a_group_whose_members_were_not_read_has_nobody_in_it() -> None:
    assert judge(Rule(basis="group", groups=STAFF), _account(groups=None)).reason is Reason.NOT_IN_GROUP


@pytest.mark.parametrize("basis", ["licensed", "enabled"])
def test_groups_narrow_every_other_basis(basis: str) -> None:
    rule = Rule(basis=basis, groups=STAFF)  # type: ignore[arg-type]  # A table's column is a str.
    assert judge(rule, _account(groups=("Staff",))).counts
    assert judge(rule, _account(groups=())).reason is Reason.NOT_IN_GROUP


def test_a_member_of_a_group_still_needs_the_licence_that_the_basis_goes_by() -> None:
    assert judge(Rule(groups=STAFF), _account(groups=("Staff",), licences=())).reason is Reason.NO_LICENCE


def test_a_guest_or_disabled_member_of_a_group_does_not_count() -> None:
    rule = Rule(basis="group", groups=STAFF)
    assert judge(rule, _account(groups=STAFF, guest=True)).reason is Reason.GUEST
    assert judge(rule, _account(groups=STAFF, enabled=False)).reason is Reason.DISABLED


def test_under_the_basis_manual_only_who_is_named_counts() -> None:
    rule = Rule(basis="manual", include=(Naming("mail", "jane@*"), Naming("department", "board")))
    assert judge(rule, _account(licences=())) == Verdict(counts=True, reason=Reason.NAMED)
    assert judge(rule, _account(mail="bo@acme.com", department="Board")).reason is Reason.NAMED
    assert judge(rule, _account(mail="bo@acme.com")) == Verdict(counts=False, reason=Reason.NOT_NAMED)


def test_who_is_named_does_not_count_once_disabled() -> None:
    rule = Rule(basis="manual", include=(Naming("id", "1"),))
    assert judge(rule, _account(enabled=False)).reason is Reason.DISABLED


def test_groups_narrow_who_is_named() -> None:
    rule = Rule(basis="manual", include=(Naming("id", "1"),), groups=STAFF)
    assert judge(rule, _account(groups=())).reason is Reason.NOT_IN_GROUP
    assert judge(rule, _account(groups=("Staff",))).reason is Reason.NAMED


def test_an_exclusion_may_say_that_it_is_a_service_account() -> None:
    rule = Rule(exclude=(Exclusion("department", "IT services", "scans to mail", service_account=True),))
    verdict = judge(rule, _account(department="it SERVICES"))
    assert verdict == Verdict(counts=False, reason=Reason.SERVICE_ACCOUNT, detail="scans to mail")


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"basis": "group"}, r"^The basis group needs groups: "),
        ({"basis": "manual"}, r"^The basis manual needs include: "),
        ({"include": (Naming("id", "1"),)}, r"^The basis licensed doesn't look at include: "),
    ],
)
def test_a_basis_without_what_it_goes_by_is_refused(facts: dict[str, object], sentence: str) -> None:
    with pytest.raises(RuleMakesNoSense, match=sentence):
        Rule(**facts)  # type: ignore[arg-type]  # A table's columns have many types.


def test_a_naming_without_a_pattern_is_refused() -> None:
    with pytest.raises(RuleMakesNoSense, match=r"^An entry of include needs a pattern"):
        Naming("upn", "")


def test_groups_and_mailboxes_are_asked_for_where_a_rule_goes_by_them() -> None:
    rosters = (
        Roster("board", Rule(basis="group", groups=("Board",))),
        Roster("rest", Rule(basis="enabled", groups=STAFF, mailboxes=True)),
    )
    assert wanted(rosters) == Wanted(groups=("Board", "Staff"), mailboxes=True)


def test_the_groups_of_a_part_of_a_directory_are_asked_for_first_and_once() -> None:
    rosters = (Roster("full", Rule(basis="group", groups=STAFF)),)
    assert wanted(rosters, groups=("North", "Staff")) == Wanted(groups=("North", "Staff", "Board"))


def test_who_is_in_another_part_of_the_directory_is_on_no_roster() -> None:
    rosters = (Roster("full", Rule()),)
    verdict = place(rosters, _account(department="Sales"), Scope(departments=("Works", "Yard")))
    assert verdict == Verdict(counts=False, reason=Reason.ELSEWHERE, detail="department Works or Yard")
    assert place(rosters, _account(department="WORKS"), Scope(departments=("Works",))).roster == "full"


def test_whom_a_rule_leaves_out_by_name_is_left_out_in_every_part_of_the_directory() -> None:
    rosters = (Roster("full", Rule()), Roster("rest", Rule(exclude=(Exclusion("upn", "jane@*", "a robot"),))))
    outside = Scope(departments=("Works",))
    assert place(rosters, PAID, outside) == Verdict(counts=False, reason=Reason.EXCLUDED, detail="a robot")
    own = (Roster("full", Rule(own_domains=("acme.com",))),)
    assert place(own, PAID, outside).reason is Reason.OWN_STAFF


def test_a_rule_names_the_licences_that_it_counts_or_ignores() -> None:
    rule = Rule(counted_licences=("SPE_*",), ignored_licences=("VISIO*",))
    assert [is_named(licence, rule) for licence in ("SPE_E3", "VISIOCLIENT", "SPB")] == [True, True, False]
