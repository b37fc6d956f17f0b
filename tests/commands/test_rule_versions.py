"""Another rule is a proposed change: its effect is shown before it is applied, and every version of it is kept."""

from dataclasses import replace

from commands import imports
from commands.import_book import ImportPlan
from connectors.books.values import BookClient, BookDirectory
from rosters.rules import Account, Exclusion, Roster, Rule
from rosters.split import Scope
from storage import clients, directories, rules
from storage.codec import decode
from storage.ids import id_of
from storage.tables import AccountRow, RuleVersionRow
from tests.billing.build import FULL, agreement, line, per_unit
from tests.support.books import EVERYBODY, book, client, counting, excluding
from tests.support.msp import ADA, Msp, crowd, somebody

WITHOUT_CY = client(per_unit("10"), rosters=(excluding("cy@*"),))


def plan(msp: Msp, wanted: BookClient) -> ImportPlan:
    return imports.plan_import(msp.database, ADA, book(wanted), msp.clock)


def versions(msp: Msp) -> list[RuleVersionRow]:
    with msp.database.read() as session:
        client_id = id_of(clients.every(session)[0])
        found = rules.by_number(session, client_id, range(1, 10))
        return [found[number] for number in sorted(found)]


def account(msp: Msp, object_id: str) -> AccountRow:
    with msp.database.read() as session:
        (directory,) = directories.of_client(session, id_of(clients.every(session)[0]))
        return directories.accounts(session, id_of(directory))[object_id]


def test_a_plan_shows_who_another_rule_takes_off_and_what_that_costs(counted: Msp) -> None:
    (effect,) = plan(counted, WITHOUT_CY).by_rule
    (roster,) = effect.rosters
    assert (effect.client, roster.roster, roster.on, roster.off) == ("acme", "full", (), ("Cy",))
    assert effect.monthly_minor == -1000


def test_a_plan_shows_who_goes_from_one_roster_to_the_other(msp: Msp) -> None:
    lines = (line(per_unit("50"), count=FULL), counting("frontline", per_unit("10")))
    terms = agreement(*lines)
    msp.imports(client(terms))
    msp.count("ann", "bo")
    frontline = Roster("frontline", Rule(basis="enabled", exclude=(Exclusion("name", "Bo", "not at the front"),)))
    (effect,) = plan(msp, client(terms, rosters=(frontline, EVERYBODY))).by_rule
    moves = [(roster.roster, roster.on, roster.off) for roster in effect.rosters]
    assert moves == [("frontline", ("Ann",), ()), ("full", (), ("Ann",))]
    assert effect.monthly_minor == -4000


def test_a_plan_shows_the_effect_also_where_the_safety_catch_would_hold_it(msp: Msp) -> None:
    msp.imports(client(per_unit("10")))
    msp.count(*crowd(20))
    (effect,) = plan(msp, client(per_unit("10"), rosters=(excluding("p00*"),))).by_rule
    assert (len(effect.rosters[0].off), effect.monthly_minor) == (9, -9000)


def test_an_import_without_another_rule_has_no_effect_by_rule(counted: Msp) -> None:
    assert plan(counted, client(per_unit("12"))).by_rule == ()


def test_the_seats_stay_until_the_change_of_the_rule_is_approved(counted: Msp) -> None:
    counted.on("2027-01-05").imports(WITHOUT_CY)
    assert counted.preview("2027-02-01")["subtotal"] == "60.00"
    counted.approve()
    assert counted.preview("2027-02-01")["subtotal"] == "41.29"


def test_every_rule_is_kept_with_its_day_and_whoever_brought_it(counted: Msp) -> None:
    counted.on("2027-01-05").imports(WITHOUT_CY)
    assert [(row.version, str(row.since), row.by) for row in versions(counted)] == [
        (1, "2027-01-01", ADA.id),
        (2, "2027-01-05", ADA.id),
    ]
    assert decode(rules.Rules, versions(counted)[1].rules).rosters == WITHOUT_CY.rosters


def test_a_book_that_says_the_same_makes_no_version(counted: Msp) -> None:
    counted.on("2027-01-05").imports(client(per_unit("99")))
    assert len(versions(counted)) == 1


def test_an_account_remembers_the_version_by_which_it_was_judged(counted: Msp) -> None:
    assert account(counted, "cy").rule_version == 1
    counted.on("2027-01-05").imports(WITHOUT_CY)
    assert (account(counted, "cy").rule_version, account(counted, "cy").reason) == (2, "EXCLUDED")


def test_rules_that_come_back_after_others_were_held_back_are_what_everybody_is_judged_by(msp: Msp) -> None:
    msp.imports(client())
    msp.count(*crowd(20))
    msp.imports(client(rosters=(excluding("p00*"),)))
    said = msp.imports(client()).changes
    assert not [sentence for sentence in said if "stay as before" in sentence]
    assert account(msp, "p001").rule_version == 3


def test_who_was_not_read_with_what_another_rule_asks_for_stays_as_before(counted: Msp) -> None:
    by_group = Roster("full", Rule(basis="group", groups=("Staff",)))
    said = plan(counted, client(per_unit("10"), rosters=(by_group,)))
    assert said.by_rule == ()
    assert said.changes[-1] == (
        "acme: 3 accounts stay as before until read with what the new rule asks for: rollcall sync acme"
    )


def test_a_group_whose_members_nobody_asked_for_yet_takes_nobody_off(msp: Msp) -> None:
    def by(group: str) -> BookClient:
        return client(per_unit("10"), rosters=(Roster("full", Rule(basis="group", groups=(group,))),))

    msp.directory().members = {"Staff": frozenset({"ann"}), "Board": frozenset({"ann"})}
    msp.imports(by("Staff"))
    msp.count("ann")
    said = msp.imports(by("Board"))
    assert (said.by_rule, msp.waits(), account(msp, "ann").roster) == ((), False, "full")
    msp.sync()
    assert (msp.waits(), account(msp, "ann").detail) == (False, "Board")


ASKING = client(per_unit("10"), rosters=(Roster("full", Rule(basis="enabled", mailboxes=True)),))


def test_mailboxes_that_nobody_asked_for_yet_leave_everybody_as_before_and_the_import_says_so(counted: Msp) -> None:
    said = plan(counted, ASKING)
    assert said.by_rule == ()
    assert said.changes[-1] == (
        "acme: 3 accounts stay as before until read with what the new rule asks for: rollcall sync acme"
    )


def test_a_rule_that_begins_to_ask_for_mailboxes_takes_nobody_on_whose_mailbox_was_not_read(counted: Msp) -> None:
    """A licence was needed so far; without one, a shared mailbox would count until somebody asks what it is."""
    licensed = client(per_unit("10"), rosters=(Roster("full"),))
    counted.imports(licensed)
    counted.hire(somebody("desk"))
    counted.sync()
    counted.hire(replace(somebody("desk"), mailbox="shared"))
    said = counted.on("2027-01-05").imports(ASKING)
    assert (said.by_rule, account(counted, "desk").roster) == ((), None)
    counted.sync()
    assert account(counted, "desk").reason == "SHARED_MAILBOX"


def test_everybody_is_judged_once_mailboxes_were_read_also_who_was_not_mentioned(counted: Msp) -> None:
    counted.imports(ASKING)
    counted.on("2027-01-05").sync()
    assert {account(counted, who).rule_version for who in ("ann", "bo", "cy")} == {2}
    assert "stay as before" not in str(plan(counted, replace(ASKING, name="Acme International")).changes)


def test_a_directory_that_was_read_with_mailboxes_is_judged_at_once_by_another_rule(counted: Msp) -> None:
    counted.imports(ASKING)
    counted.sync()
    without_cy = Rule(basis="enabled", mailboxes=True, exclude=(Exclusion("upn", "cy@*", "a robot"),))
    said = plan(counted, client(per_unit("10"), rosters=(Roster("full", without_cy),)))
    assert said.by_rule[0].rosters[0].off == ("Cy",)
    assert "stay as before" not in str(said.changes)


def test_a_directory_that_was_read_without_mailboxes_since_is_asked_anew(counted: Msp) -> None:
    counted.imports(ASKING)
    counted.sync()
    counted.imports(client(per_unit("10")))
    counted.sync()
    assert "3 accounts stay as before" in plan(counted, ASKING).changes[-1]


def test_a_directory_that_moved_was_read_with_nothing(counted: Msp) -> None:
    counted.imports(ASKING)
    counted.sync()
    counted.imports(replace(ASKING, directories=(BookDirectory("hr", "memory", {"of": "elsewhere"}),)))
    other = Roster("full", Rule(basis="enabled", mailboxes=True, own_domains=("nw.example",)))
    moved = replace(ASKING, directories=(BookDirectory("hr", "memory", {"of": "elsewhere"}),), rosters=(other,))
    assert "3 accounts stay as before" in plan(counted, moved).changes[-1]


def test_another_part_of_a_directory_is_another_version_of_the_rules(counted: Msp) -> None:
    sales = BookDirectory("hr", "memory", {}, Scope(departments=("Sales",)))
    counted.on("2027-01-05").hire(Account("ann", "Ann", department="sales"))
    counted.sync()
    wanted = replace(client(per_unit("10")), directories=(sales,))
    (effect,) = plan(counted, wanted).by_rule
    assert (effect.rosters[0].off, effect.monthly_minor) == (("Bo", "Cy"), -2000)
    counted.imports(wanted)
    assert (len(versions(counted)), account(counted, "bo").reason) == (2, "ELSEWHERE")
