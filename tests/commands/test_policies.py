"""Approval policies at work: what nobody is asked for, what takes two people, and who is told that it isn't theirs."""

import json
from dataclasses import replace

import pytest

from commands import audit, changes, links, roles, users
from commands.actors import Actor, person_of
from commands.approvals import OthersDecide, ProposedByYou, SecondPersonIsMissing
from commands.change_cards import ChangeView
from commands.changes import AlreadyDecided, ChangeWasReplaced, to_be_decided
from commands.exports import export_book
from commands.permissions import NotAllowed
from connectors.books.values import Book, BookClient
from rosters.policies import Automatic, Policies, TwoPeople
from rosters.rules import Roster, Rule
from tests.billing.build import day, per_unit
from tests.support.books import book, client, excluding
from tests.support.msp import ADA, BOB, Msp, crowd, somebody

AUTOMATIC = Policies(automatic=Automatic(2, {"USD": 50_00}))
TWO = Policies(two_people=TwoPeople(people=2))
DANA, EVE = Actor("U0DANA", "slack"), Actor("U0EVE", "slack", ("S0LEADS",))


def with_policies(policies: Policies, of_client: Policies | None = None, *changed: BookClient) -> Book:
    """Acme, which pays 10 dollars a user, with policies of the house and of its own."""
    acme = changed[0] if changed else client(per_unit("10"))
    return replace(book(replace(acme, approvals=of_client or Policies())), approvals=policies)


@pytest.fixture
def acme(counted: Msp) -> Msp:
    """January is billed for Ann, Bo and Cy; Slack's Dana and Eve may approve."""
    counted.bill("2027-01-01")
    for subject in ("U0DANA", "U0EVE"):
        roles.grant(counted.database, ADA, subject, "approver")
    return counted.on("2027-01-11")


def joined(msp: Msp, *people: str) -> None:
    msp.hire(*people)
    msp.sync()


def approve(msp: Msp, actor: Actor, **choices: object) -> ChangeView:
    return changes.approve(msp.database, actor, msp.clock, 2, **choices)  # type: ignore[arg-type] # by name


def newest(msp: Msp) -> ChangeView:
    return changes.show(msp.database, changes.pending(msp.database, ADA, every=True)[-1].id)


def seated(msp: Msp) -> int:
    view = users.rosters(msp.database, ADA, msp.clock, "acme")
    return sum(len(roster.seats) for roster in view.rosters)


# Approved by itself.


def test_a_small_change_is_approved_as_it_is_proposed(acme: Msp) -> None:
    acme.imports(with_policies(AUTOMATIC))
    joined(acme, "dee")
    view = newest(acme)
    assert (view.state, view.decided_by, seated(acme), acme.waits()) == ("approved", "policy", 4, False)
    assert acme.preview("2027-02-01")["subtotal"] == "46.77"


def test_a_reading_says_that_its_change_was_approved_by_policy(acme: Msp) -> None:
    acme.imports(with_policies(AUTOMATIC))
    acme.hire("dee")
    assert acme.sync_one().message.endswith("change 2 was approved by policy")


def test_the_audit_log_names_the_policy_and_its_limits(acme: Msp) -> None:
    acme.imports(with_policies(AUTOMATIC))
    joined(acme, "dee")
    entry = audit.entries(acme.database, ADA, "acme")[0]
    assert (entry.action, entry.actor, entry.subject) == ("change.approve", "policy", "2:1")
    assert json.loads(entry.data)["policy"] == {
        "name": "automatic",
        "of": "the house",
        "people": 2,
        "money_minor": 5000,
        "currency": "USD",
        "rule_changes": False,
    }


def test_the_card_has_the_limits_that_held_then(acme: Msp) -> None:
    acme.imports(with_policies(Policies(), AUTOMATIC))
    joined(acme, "dee")
    acme.imports(with_policies(Policies(), Policies()))
    policy = newest(acme).policy
    assert policy is not None
    assert (policy.people, policy.money_minor, policy.of) == (2, 50_00, "acme")


@pytest.mark.parametrize(
    ("policies", "people"),
    [
        (AUTOMATIC, ("dee", "eve", "fay")),
        (Policies(automatic=Automatic(5, {"USD": 9_99})), ("dee",)),
        (Policies(automatic=Automatic(5, {"EUR": 1_000_00})), ("dee",)),
        (replace(AUTOMATIC, two_people=TwoPeople(money={"USD": 5_00})), ("dee",)),
        (Policies(), ("dee",)),
    ],
)
def test_what_exceeds_a_limit_waits_for_people(acme: Msp, policies: Policies, people: tuple[str, ...]) -> None:
    acme.imports(with_policies(policies))
    joined(acme, *people)
    assert (acme.pending().state, seated(acme)) == ("pending", 3)


def test_a_client_may_do_without_the_policy_of_the_house(acme: Msp) -> None:
    acme.imports(with_policies(AUTOMATIC, Policies(automatic=False)))
    joined(acme, "dee")
    assert acme.waits()


def test_a_first_count_is_never_approved_by_itself(msp: Msp) -> None:
    msp.imports(with_policies(Policies(automatic=Automatic(100, {"USD": 10**9}))))
    joined(msp, "ann")
    assert msp.waits()


def test_what_the_safety_catch_held_is_never_approved_by_itself(acme: Msp) -> None:
    acme.imports(with_policies(Policies(automatic=Automatic(100, {"USD": 10**9}))))
    acme.hire(*crowd(8))
    assert [outcome.outcome for outcome in acme.sync()] == ["held"]
    acme.sync(let_through="A new branch.")
    assert acme.waits()


def test_what_was_held_yesterday_and_passes_today_waits_for_people(acme: Msp) -> None:
    acme.imports(with_policies(Policies(automatic=Automatic(100, {"USD": 10**9}))))
    acme.hire(*crowd(8))
    acme.sync()
    acme.fire(*crowd(8)[1:])
    acme.on("2027-01-12").sync()
    assert [item.name for item in acme.pending().items] == ["P001"]


def test_who_was_rejected_before_is_never_approved_by_itself(acme: Msp) -> None:
    joined(acme, "dee")
    acme.reject()
    acme.imports(with_policies(AUTOMATIC))
    acme.fire("dee")
    acme.on("2027-01-12").sync()
    joined(acme.on("2027-01-13"), "dee")
    assert acme.waits()


def test_who_was_left_out_of_an_approval_is_never_approved_by_itself(acme: Msp) -> None:
    joined(acme, "dee", "eve")
    approve(acme, ADA, left_out={1: ""}, reason="Dee is a trainee")
    acme.imports(with_policies(AUTOMATIC))
    acme.fire("dee")
    acme.on("2027-01-12").sync()
    joined(acme.on("2027-01-13"), "dee")
    assert acme.waits()


def test_another_rule_waits_for_people_unless_the_policy_says_otherwise(acme: Msp) -> None:
    acme.imports(with_policies(AUTOMATIC))
    acme.imports(with_policies(AUTOMATIC, None, client(per_unit("10"), rosters=(excluding("bo*"),))))
    assert [item.name for item in acme.pending().items] == ["Bo"]


def test_another_rule_is_approved_by_itself_where_the_policy_says_so(acme: Msp) -> None:
    policies = Policies(automatic=Automatic(2, {"USD": 50_00}, rule_changes=True))
    acme.imports(with_policies(policies))
    plan = acme.imports(with_policies(policies, None, client(per_unit("10"), rosters=(excluding("bo*"),))))
    assert "acme: change 2 was approved by policy, as revision 1" in plan.changes
    assert (acme.waits(), seated(acme)) == (False, 2)


def test_a_rule_that_the_safety_catch_held_back_is_no_reading_later(acme: Msp) -> None:
    joined(acme, *crowd(5))
    acme.approve()
    policies = Policies(automatic=Automatic(100, {"USD": 10**9}, rule_changes=True))
    acme.imports(with_policies(policies, None, client(per_unit("10"), rosters=(excluding("p*"),))))
    acme.sync(let_through="They are machines.")
    assert len(acme.pending().items) == 5


def test_a_mailbox_that_another_rule_began_to_ask_for_waits_for_people(acme: Msp) -> None:
    by_mailbox = client(per_unit("10"), rosters=(Roster("full", Rule(basis="enabled", mailboxes=True)),))
    acme.on("2027-01-12").imports(with_policies(AUTOMATIC, None, by_mailbox))
    acme.hire(replace(somebody("bo"), mailbox="shared"))
    acme.sync()
    assert [item.kind for item in acme.pending().items] == ["leave"]


def test_a_mailbox_that_becomes_a_shared_one_later_is_no_matter_of_rules(acme: Msp) -> None:
    by_mailbox = client(per_unit("10"), rosters=(Roster("full", Rule(basis="enabled", mailboxes=True)),))
    acme.on("2027-01-12").imports(with_policies(AUTOMATIC, None, by_mailbox))
    acme.sync()
    acme.on("2027-01-13").hire(replace(somebody("bo"), mailbox="shared"))
    acme.sync()
    assert not acme.waits()


def test_one_person_of_two_accounts_is_proposed_by_hand(acme: Msp) -> None:
    policies = Policies(automatic=Automatic(100, {"USD": 10**9}, rule_changes=True))
    acme.imports(with_policies(policies))
    links.link(acme.database, BOB, acme.clock, "acme", "ann", "bo", same=True)
    assert acme.waits()


def test_what_waits_already_is_not_approved_by_a_policy_that_comes_later(acme: Msp) -> None:
    joined(acme, "dee")
    acme.imports(with_policies(AUTOMATIC))
    acme.on("2027-01-12").sync()
    assert acme.waits()


def test_a_new_revision_within_the_limits_is_approved_by_itself(acme: Msp) -> None:
    acme.imports(with_policies(AUTOMATIC))
    joined(acme, "dee", "eve", "fay")
    acme.fire("eve", "fay")
    acme.on("2027-01-12").sync()
    assert (newest(acme).state, newest(acme).revision, seated(acme)) == ("approved", 2, 4)


def test_an_outdated_click_never_lets_the_policy_answer_for_whoever_clicked(acme: Msp) -> None:
    acme.imports(with_policies(Policies(automatic=Automatic(2, {"USD": 15_00}))))
    joined(acme, "dee", "eve")
    acme.imports(with_policies(AUTOMATIC, None, client(per_unit("10"))))
    shown = acme.pending()
    # A month later the same people cost otherwise on the next invoice, so that the card is outdated.
    acme.on("2027-02-11")
    with pytest.raises(ChangeWasReplaced):
        changes.reject(acme.database, ADA, acme.clock, 2, revision=shown.revision, reason="No.")
    assert acme.waits()


# Two people.


def test_the_first_of_two_approvals_is_kept_and_the_change_waits_on(acme: Msp) -> None:
    acme.imports(with_policies(TWO))
    joined(acme, "dee", "eve", "fay")
    assert acme.pending().takes_two
    view = approve(acme, DANA)
    assert (view.state, view.first_approval and view.first_approval.by, seated(acme)) == ("pending", "U0DANA", 3)
    entry = audit.entries(acme.database, ADA, "acme")[0]
    assert (entry.action, entry.actor) == ("change.approve_first", "U0DANA")


def test_the_second_person_decides(acme: Msp) -> None:
    acme.imports(with_policies(TWO))
    joined(acme, "dee", "eve", "fay")
    approve(acme, DANA)
    view = approve(acme, EVE)
    assert (view.state, view.decided_by, view.first_approval and view.first_approval.by, seated(acme)) == (
        *("approved", "U0EVE"),
        *("U0DANA", 6),
    )
    assert json.loads(audit.entries(acme.database, ADA, "acme")[0].data)["first_approved_by"] == "U0DANA"


def test_the_same_person_twice_is_told_so(acme: Msp) -> None:
    acme.imports(with_policies(TWO))
    joined(acme, "dee", "eve", "fay")
    approve(acme, DANA)
    with pytest.raises(SecondPersonIsMissing, match="You approved change 2 of acme on 11 Jan 2027 already"):
        approve(acme, DANA)
    assert (acme.waits(), seated(acme)) == (True, 3)


def test_at_the_shell_whoever_is_named_counts(acme: Msp) -> None:
    acme.imports(with_policies(TWO))
    joined(acme, "dee", "eve", "fay")
    approve(acme, ADA)
    with pytest.raises(SecondPersonIsMissing):
        approve(acme, Actor("cli:other for ada", "cli"))
    assert approve(acme, BOB).state == "approved"


def test_a_new_revision_voids_the_first_approval(acme: Msp) -> None:
    acme.imports(with_policies(TWO))
    joined(acme, "dee", "eve", "fay")
    approve(acme, DANA)
    joined(acme, "gus")
    assert acme.pending().first_approval is None
    assert approve(acme, EVE).state == "pending"
    assert approve(acme, DANA).state == "approved"


def test_within_the_limits_one_person_is_enough(acme: Msp) -> None:
    acme.imports(with_policies(TWO))
    joined(acme, "dee", "eve")
    assert (acme.pending().takes_two, approve(acme, DANA).state) == (False, "approved")


def test_the_second_person_approves_what_the_first_one_said(acme: Msp) -> None:
    acme.imports(with_policies(TWO))
    joined(acme, "dee", "eve", "fay")
    approve(acme, DANA, effective=day("2027-01-21"), left_out={1: ""}, reason="Dee is a trainee")
    view = approve(acme, EVE)
    assert (view.state, view.reason, seated(acme.on("2027-01-21"))) == ("approved", "Dee is a trainee", 5)
    assert [(item.name, str(item.effective), item.excepted) for item in view.items] == [
        ("Dee", "2027-01-11", True),
        ("Eve", "2027-01-21", False),
        ("Fay", "2027-01-21", False),
    ]


def test_other_terms_are_a_first_approval_of_their_own(acme: Msp) -> None:
    acme.imports(with_policies(TWO))
    joined(acme, "dee", "eve", "fay")
    approve(acme, DANA, left_out={1: ""}, reason="Dee is a trainee")
    view = approve(acme, EVE, effective=day("2027-01-21"))
    assert (view.state, view.first_approval and view.first_approval.by) == ("pending", "U0EVE")
    assert [item.excepted for item in view.items] == [False, False, False]
    assert approve(acme, DANA).state == "approved"


def test_leaving_people_out_does_not_make_a_large_change_small(acme: Msp) -> None:
    acme.imports(with_policies(TWO))
    joined(acme, "dee", "eve", "fay")
    assert approve(acme, DANA, left_out={1: "", 2: ""}, reason="They are trainees").state == "pending"


def test_an_earlier_first_day_counts_with_what_it_costs(acme: Msp) -> None:
    acme.imports(with_policies(Policies(two_people=TwoPeople(money={"USD": 18_00}))))
    joined(acme, "dee")
    assert acme.pending().takes_two is False
    assert approve(acme, DANA, effective=day("2027-01-01")).state == "pending"


def test_leaving_those_out_who_balance_the_money_counts_with_what_is_left(acme: Msp) -> None:
    acme.imports(with_policies(Policies(two_people=TwoPeople(money={"USD": 18_00}))))
    acme.fire("ann", "bo")
    joined(acme, "dee", "eve")
    leavers = tuple(item.number for item in acme.pending().items if item.kind == "leave")
    assert acme.pending().takes_two is False
    assert approve(acme, DANA, left_out=dict.fromkeys(leavers, ""), reason="They are on leave").state == "pending"


def test_one_person_may_reject_what_takes_two_and_nobody_stays_left_out(acme: Msp) -> None:
    acme.imports(with_policies(TWO))
    joined(acme, "dee", "eve", "fay")
    approve(acme, DANA, left_out={1: ""}, reason="Dee is a trainee")
    view = changes.reject(acme.database, EVE, acme.clock, 2, reason="Not yet")
    assert (view.state, [item.excepted for item in view.items]) == ("rejected", [False, False, False])


def test_after_the_second_approval_a_third_is_told_who_decided(acme: Msp) -> None:
    acme.imports(with_policies(TWO))
    joined(acme, "dee", "eve", "fay")
    approve(acme, DANA)
    approve(acme, EVE)
    with pytest.raises(AlreadyDecided, match="already approved by Slack user U0EVE"):
        approve(acme, DANA)


# One's own proposals.


def test_nobody_approves_the_rule_that_they_imported(acme: Msp) -> None:
    policies = Policies(own_proposals=False)
    acme.imports(with_policies(policies, None, client(per_unit("10"), rosters=(excluding("bo*"),))))
    with pytest.raises(ProposedByYou, match="somebody else has to approve it"):
        approve(acme, ADA)
    assert approve(acme, DANA).state == "approved"


def test_nobody_approves_the_link_that_they_made(acme: Msp) -> None:
    acme.imports(with_policies(Policies(own_proposals=False)))
    links.link(acme.database, DANA, acme.clock, "acme", "ann", "bo", same=True)
    with pytest.raises(ProposedByYou):
        approve(acme, DANA)
    assert approve(acme, EVE).state == "approved"


def test_a_later_reading_does_not_hide_who_proposed_a_part_by_hand(acme: Msp) -> None:
    policies = Policies(own_proposals=False)
    acme.imports(with_policies(policies, None, client(per_unit("10"), rosters=(excluding("bo*"),))))
    joined(acme, "dee")
    assert len(acme.pending().items) == 2
    with pytest.raises(ProposedByYou):
        approve(acme, ADA)


def test_who_leaves_their_own_part_out_may_approve_the_rest(acme: Msp) -> None:
    policies = Policies(own_proposals=False)
    acme.imports(with_policies(policies, None, client(per_unit("10"), rosters=(excluding("bo*"),))))
    joined(acme, "dee")
    (own,) = [item.number for item in acme.pending().items if item.name == "Bo"]
    assert approve(acme, ADA, left_out={own: ""}, reason="Others decide that").state == "approved"


def test_whoever_reads_a_directory_proposes_nothing_by_hand(acme: Msp) -> None:
    acme.imports(with_policies(Policies(own_proposals=False)))
    joined(acme, "dee")
    assert approve(acme, ADA).state == "approved"


def test_a_rule_that_takes_effect_with_a_reading_is_still_its_importers(acme: Msp) -> None:
    by_group = Roster("full", Rule(basis="group", groups=("Staff",)))
    acme.imports(with_policies(Policies(own_proposals=False), None, client(per_unit("10"), rosters=(by_group,))))
    assert not acme.waits()
    for person, groups in (("ann", ("Staff",)), ("bo", ("Staff",)), ("cy", ())):
        acme.hire(replace(somebody(person), groups=groups))
    acme.sync()
    assert [item.name for item in acme.pending().items] == ["Cy"]
    with pytest.raises(ProposedByYou):
        approve(acme, ADA)


def test_without_a_word_in_the_book_ones_own_proposal_may_be_approved(acme: Msp) -> None:
    acme.imports(client(per_unit("10"), rosters=(excluding("bo*"),)))
    assert approve(acme, ADA).state == "approved"


# Who decides.


@pytest.mark.parametrize("by", [("U0DANA",), ("S0OTHER", "U0DANA")])
def test_whoever_is_not_named_is_told_who_is(acme: Msp, by: tuple[str, ...]) -> None:
    acme.imports(with_policies(Policies(), Policies(by=by)))
    joined(acme, "dee")
    with pytest.raises(OthersDecide, match=r"isn't yours to decide.* Slack user U0DANA, or an admin"):
        approve(acme, EVE)
    with pytest.raises(OthersDecide):
        changes.reject(acme.database, EVE, acme.clock, 2, reason="No")
    with pytest.raises(OthersDecide):
        to_be_decided(acme.database, EVE, 2)
    assert approve(acme, DANA).state == "approved"


def test_a_user_group_may_be_named(acme: Msp) -> None:
    acme.imports(with_policies(Policies(by=("S0LEADS",))))
    joined(acme, "dee")
    with pytest.raises(OthersDecide, match="Slack user group S0LEADS"):
        approve(acme, DANA)
    assert approve(acme, EVE).state == "approved"


def test_the_shell_is_admin_and_always_decides(acme: Msp) -> None:
    acme.imports(with_policies(Policies(by=("U0DANA",))))
    joined(acme, "dee")
    assert approve(acme, BOB).state == "approved"


def test_being_named_gives_no_role(acme: Msp) -> None:
    acme.imports(with_policies(Policies(by=("U0FAY",))))
    joined(acme, "dee")
    with pytest.raises(NotAllowed, match="takes the role approver; you have none"):
        approve(acme, Actor("U0FAY", "slack"))


def test_the_groups_that_a_book_names_are_asked_for(acme: Msp) -> None:
    roles.grant(acme.database, ADA, "S0OPS", "viewer")
    acme.imports(with_policies(Policies(by=("S0LEADS", "U0DANA")), Policies(by=("S0ACME",))))
    assert roles.groups_asked(acme.database) == ("S0ACME", "S0LEADS", "S0OPS")


@pytest.mark.parametrize(
    ("actor_id", "person"),
    [
        ("cli:ops for Ada", "ada"),
        ("cli:ops", "ops"),
        ("U0DANA", "u0dana"),
        ("cli:ops for U0DANA", "u0dana"),
        ("cli:ops for Jose\u0301", "jos\u00e9"),
    ],
)
def test_who_a_person_is_goes_by_the_name_that_is_given(actor_id: str, person: str) -> None:
    assert person_of(actor_id) == person


# The book.

EVERY = Policies(Automatic(3, {"USD": 250_00, "EUR": 200_00}), TwoPeople(20, {"USD": 2_000_00}), False, ("U0DANA",))  # noqa: FBT003 - the fields in their order


def test_an_import_says_which_policy_is_another_and_what_it_was(acme: Msp) -> None:
    plan = acme.imports(with_policies(EVERY, Policies(by=())))
    assert plan.changes == (
        "approvals: approved automatically: up to 3 people and 250.00 USD or 200.00 EUR (before: not said)",
        "approvals: takes two people: more than 20 people or 2000.00 USD (before: not said)",
        "approvals: one's own proposals may be approved: no (before: not said)",
        "approvals: who decides: U0DANA (before: not said)",
        "acme: who decides: everybody with the role (before: not said)",
    )
    assert acme.imports(with_policies(EVERY, Policies(by=()))).changes == ()


def test_policies_are_kept_in_the_audit_log(acme: Msp) -> None:
    acme.imports(with_policies(Policies(own_proposals=False), Policies(own_proposals=True)))
    (house,) = [entry for entry in audit.entries(acme.database, ADA) if entry.subject == "approvals"]
    assert json.loads(house.data) == {
        "changes": ["approvals: one's own proposals may be approved: no (before: not said)"]
    }
    own = audit.entries(acme.database, ADA, "acme")[0]
    assert "acme: one's own proposals may be approved: yes (before: not said)" in json.loads(own.data)["changes"]


def test_policies_are_exported_again(acme: Msp) -> None:
    acme.imports(with_policies(EVERY, Policies(automatic=False, own_proposals=True)))
    exported = export_book(acme.database, ADA, acme.clock)
    assert (exported.approvals, exported.clients[0].approvals) == (
        *(EVERY, Policies(automatic=False, own_proposals=True)),
    )


def test_a_book_that_says_nothing_of_approvals_leaves_the_houses_and_takes_the_clients_away(acme: Msp) -> None:
    acme.imports(with_policies(EVERY, Policies(own_proposals=True)))
    acme.imports(client(per_unit("10")))
    exported = export_book(acme.database, ADA, acme.clock)
    assert (exported.approvals, exported.clients[0].approvals) == (EVERY, Policies())


def test_an_empty_word_takes_the_houses_policies_away(acme: Msp) -> None:
    acme.imports(with_policies(EVERY))
    acme.imports(with_policies(Policies()))
    assert export_book(acme.database, ADA, acme.clock).approvals is None
