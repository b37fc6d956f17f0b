"""Reading a real domain controller: who is there, and what has changed since."""

import json
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from connectors.directories.ldap.directory import LdapDirectory
from connectors.directories.ldap.settings import LdapSettings
from connectors.errors import DirectoryNotRead
from rosters.rules import Account, Wanted
from tests.support.ldap_lab import Course, Lab
from tests.support.ldap_stages import SambaStage
from tests.support.samba import ORDINARY, hire_many

pytestmark = pytest.mark.needs_tool("samba")

ANN = Account("", "Ann Ames", "ann@acme.example", "ann@acme.example")
BO = Account("", "Bo Beck", "bo@acme.example", "bo@acme.example")
MANY = 1050
# The sign-in, what the server says about itself, a deleted account, and which controller it is come before.
PAGES_BEGIN_AT = 5


@pytest.fixture
def stage(domain: Lab) -> SambaStage:
    return SambaStage(domain)


async def test_every_field_is_read(stage: SambaStage) -> None:
    ann = stage.hire(ANN, department="Sales", employeeID="0042")
    course = Course(stage.directory())
    await course.read()
    assert course.accounts == {ann.object_id: replace(ann, department="Sales", employee_id="0042")}


async def test_the_key_is_the_objectguid_as_microsoft_writes_it(stage: SambaStage) -> None:
    ann = stage.hire(ANN)
    raw = stage.lab.attribute(stage.dn(ann.object_id), "objectGUID")
    assert UUID(bytes_le=raw) == UUID(ann.object_id)


async def test_an_account_without_a_principal_name_is_known_by_the_one_it_signs_in_by(stage: SambaStage) -> None:
    ann = stage.hire(ANN)
    stage.lab.change(stage.dn(ann.object_id), {"userPrincipalName": ""})
    course = Course(stage.directory())
    await course.read()
    assert course.accounts[ann.object_id].upn == ann.upn.partition(".")[0]


async def test_the_disabled_bit_counts_whatever_else_is_set(stage: SambaStage) -> None:
    ann = stage.hire(ANN)
    course = Course(stage.directory())
    await course.read()
    stage.lab.change(stage.dn(ann.object_id), {"userAccountControl": str(512 | 32 | 2 | 65536)})
    await course.read()
    assert not course.accounts[ann.object_id].enabled


async def test_contacts_computers_and_what_windows_brings_are_nobody(stage: SambaStage) -> None:
    ann = stage.hire(ANN)
    stage.lab.admin.add(f"CN=contact,{stage.lab.base}", "contact", {"mail": "c@acme.example"})
    computer = {"sAMAccountName": f"{ann.upn[:8]}$", "userAccountControl": "4096"}
    stage.lab.admin.add(f"CN=computer,{stage.lab.base}", "computer", computer)
    course = Course(stage.lab.directory(base=stage.lab.server.context))
    await course.read()
    assert ann.object_id in course.accounts
    assert not {"contact", "computer", "Administrator", "Guest", "krbtgt"} & course.names


async def test_a_new_name_and_a_new_sign_in_name_are_the_same_person(stage: SambaStage) -> None:
    ann = stage.hire(ANN)
    course = Course(stage.directory())
    await course.read()
    dn = stage.lab.unit("elsewhere")
    stage.lab.change(stage.dn(ann.object_id), {"displayName": "Ann Adler", "userPrincipalName": f"x{ann.upn}"})
    stage.lab.move(f"CN={ann.upn.partition('.')[0]},{stage.lab.base}", dn)
    reading = await course.read()
    assert not reading.full
    assert course.accounts == {ann.object_id: replace(ann, name="Ann Adler", upn=f"x{ann.upn}")}


async def test_a_second_reading_has_only_what_changed(stage: SambaStage) -> None:
    stage.hire(ANN)
    bo = stage.hire(BO)
    course = Course(stage.directory())
    first = await course.read()
    stage.rename(bo.object_id, "Bo Byrd")
    second = await course.read()
    assert (first.full, first.people) == (True, 2)
    assert (second.full, second.people) == (False, 1)
    assert course.names == {"Ann Ames", "Bo Byrd"}


async def test_a_deleted_account_leaves_by_what_it_left_behind(stage: SambaStage) -> None:
    ann, bo = stage.hire(ANN), stage.hire(BO)
    course = Course(stage.directory())
    await course.read()
    stage.fire(bo.object_id)
    reading = await course.read()
    assert not reading.full
    assert set(course.accounts) == {ann.object_id}


async def test_who_may_not_see_deleted_accounts_reads_everybody_each_time(stage: SambaStage) -> None:
    ann, bo = stage.hire(ANN), stage.hire(BO)
    course = Course(stage.lab.directory(user=ORDINARY))
    first = await course.read()
    stage.fire(bo.object_id)
    second = await course.read()
    assert (first.full, first.cursor, second.full) == (True, None, True)
    assert set(course.accounts) == {ann.object_id}


async def test_an_account_that_is_moved_out_of_the_base_leaves_with_the_next_day(stage: SambaStage) -> None:
    inside, outside = stage.lab.unit("inside"), stage.lab.unit("outside")
    ann = stage.hire(ANN)
    mark = ann.upn.partition(".")[0]
    stage.lab.move(f"CN={mark},{stage.lab.base}", inside)
    course = Course(stage.lab.directory(base=inside))
    await course.read()
    stage.lab.move(f"CN={mark},{inside}", outside)
    course.cursor = _changed(course.cursor, full="2026-01-01")
    reading = await course.read()
    assert reading.full
    assert course.accounts == {}


@pytest.mark.parametrize(
    "elsewhere",
    [{"controller": "another"}, {"usn": 2**60}, {"scope": "OU=Other"}, {"full": str(date.min)}],
    ids=["another controller", "a controller set back to its past", "another base", "another day"],
)
async def test_a_cursor_that_no_longer_says_the_whole_difference_leads_to_a_full_reading(
    stage: SambaStage, elsewhere: dict[str, object]
) -> None:
    stage.hire(ANN)
    course = Course(stage.directory())
    await course.read()
    course.cursor = _changed(course.cursor, **elsewhere)
    assert (await course.read()).full


@pytest.mark.parametrize("cursor", ["", "https://graph.microsoft.com/…", "{}", "[1]"])
async def test_a_cursor_of_another_source_leads_to_a_full_reading(stage: SambaStage, cursor: str) -> None:
    stage.hire(ANN)
    course = Course(stage.directory(), cursor=cursor)
    assert (await course.read()).full


async def test_a_thousand_people_come_page_by_page_and_each_once(stage: SambaStage) -> None:
    lab = stage.lab
    hire_many(lab.server, ((f"CN=p{number},{lab.base}", f"{lab.mark}{number}") for number in range(MANY)))
    settings = LdapSettings.model_validate(lab.settings())
    course = Course(LdapDirectory(settings, lab.surroundings(), page_size=100))
    reading = await course.read()
    assert reading.people == len(course.accounts) == MANY
    assert reading.pages == 12


async def test_who_is_moved_while_the_pages_come_is_not_missed(stage: SambaStage) -> None:
    people = [stage.hire(replace(ANN, name=f"Ann {number}")) for number in range(4)]
    calls: list[str] = []

    def move(point: str) -> None:
        calls.append(point)
        # By then the first page of one has come, and the server knows who is on the others.
        if point == "ldap:before" and calls.count(point) == PAGES_BEGIN_AT + 1:
            for one in people:
                mark = one.upn.partition(".")[0]
                stage.lab.move(f"CN={mark},{stage.lab.base}", elsewhere)
                stage.rename(one.object_id, "Somebody Else")

    elsewhere = stage.lab.unit("elsewhere")
    settings = LdapSettings.model_validate(stage.lab.settings())
    course = Course(LdapDirectory(settings, stage.lab.surroundings(move), page_size=1))
    await course.read()
    assert {one.object_id for one in people} == set(course.accounts)
    assert course.names == {"Somebody Else"}


async def test_groups_count_with_those_within_them_and_those_whose_primary_group_it_is(stage: SambaStage) -> None:
    ann, bo, cy = stage.hire(ANN), stage.hire(BO), stage.hire(replace(ANN, name="Cy Cole"))
    stage.hire(replace(ANN, name="Di Dunn"))
    inner = stage.group("inner", [ann.object_id])
    stage.group("outer", [bo.object_id], within=[inner])
    primary = stage.group("primary", [cy.object_id])
    token = int.from_bytes(stage.lab.attribute(primary, "objectSid")[-4:], "little")
    stage.lab.change(stage.dn(cy.object_id), {"primaryGroupID": str(token)})
    names = (stage.account_name("outer"), inner, primary)
    course = Course(stage.directory(), Wanted(groups=names))
    reading = await course.read()
    assert reading.members == {
        names[0]: frozenset({ann.object_id, bo.object_id}),
        inner: frozenset({ann.object_id}),
        primary: frozenset({cy.object_id}),
    }


async def test_a_group_that_loses_a_member_is_known_though_the_account_did_not_change(stage: SambaStage) -> None:
    ann = stage.hire(ANN)
    group = stage.group("leaving", [ann.object_id])
    course = Course(stage.directory(), Wanted(groups=(group,)))
    await course.read()
    stage.lab.change(group, {"member": ""})
    reading = await course.read()
    assert reading.members == {group: frozenset()}


async def test_a_group_that_is_not_there_is_an_error(stage: SambaStage) -> None:
    stage.hire(ANN)
    with pytest.raises(DirectoryNotRead, match="has no group 'Bil\\*ing'"):
        await Course(stage.directory(), Wanted(groups=("Bil*ing",))).read()


async def test_a_name_that_two_groups_share_is_an_error_that_names_both(stage: SambaStage) -> None:
    stage.hire(ANN)
    stage.group("twice", [], unit=stage.lab.unit("one"))
    stage.group("twice", [], unit=stage.lab.unit("two"))
    with pytest.raises(DirectoryNotRead, match=r"2 groups .*OU=one.*OU=two.*full distinguished name"):
        await Course(stage.directory(), Wanted(groups=(f"{stage.lab.mark}-twice",))).read()


async def test_the_filter_of_the_book_narrows_who_is_seen(stage: SambaStage) -> None:
    stage.hire(ANN, department="Interns")
    stage.hire(BO)
    course = Course(stage.lab.directory(filter="(!(department=Interns))"))
    await course.read()
    assert course.names == {"Bo Beck"}


async def test_starttls_reads_the_same(stage: SambaStage) -> None:
    stage.hire(ANN)
    course = Course(stage.lab.directory(url=stage.lab.server.plain_url, starttls=True))
    await course.read()
    assert course.names == {"Ann Ames"}


async def test_another_controller_answers_when_the_first_is_off(stage: SambaStage) -> None:
    stage.hire(ANN)
    course = Course(stage.lab.directory(url=["ldaps://127.0.0.1:9", stage.lab.server.url]))
    await course.read()
    assert course.names == {"Ann Ames"}
    assert json.loads(course.cursor or "{}")["host"] == "127.0.0.1:636"


def _changed(cursor: str | None, **values: object) -> str:
    assert cursor is not None, "the reader may see deleted accounts, so there is a cursor"
    return json.dumps({**json.loads(cursor), **values})
