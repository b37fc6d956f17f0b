"""Reading a real OpenLDAP server."""

from dataclasses import replace

import pytest

from connectors.directories.port import Directory
from connectors.errors import Cause, DirectoryNotRead
from rosters.rules import Account, Wanted
from tests.support.ldap_lab import Course, Lab
from tests.support.ldap_stages import SlapdStage
from tests.support.slapd import LIMITED

pytestmark = pytest.mark.needs_tool("slapd")

ANN = Account("", "Ann Ames", "ann@acme.example", "ann@acme.example")
BO = Account("", "Bo Beck", "bo@acme.example", "bo@acme.example")
# More than slapd gives away at once to whom it wasn't told to give more.
MANY = 510


@pytest.fixture
def stage(tree: Lab) -> SlapdStage:
    return SlapdStage(tree)


async def test_every_field_is_read(stage: SlapdStage) -> None:
    ann = stage.hire(ANN, departmentNumber="Sales", employeeNumber="0042")
    course = Course(stage.directory())
    reading = await course.read()
    assert course.accounts == {ann.object_id: replace(ann, department="Sales", employee_id="0042")}
    assert (reading.full, reading.cursor) == (True, None)


async def test_only_a_lock_for_good_disables(stage: SlapdStage) -> None:
    ann, bo = stage.hire(ANN), stage.hire(BO)
    stage.lab.change(stage.dn(ann.object_id), {"pwdAccountLockedTime": "000001010000Z"})
    stage.lab.change(stage.dn(bo.object_id), {"pwdAccountLockedTime": "20260101000000Z"})
    course = Course(stage.directory())
    await course.read()
    assert (course.accounts[ann.object_id].enabled, course.accounts[bo.object_id].enabled) == (False, True)


async def test_a_renamed_entry_is_the_same_person(stage: SlapdStage) -> None:
    ann = stage.hire(ANN)
    course = Course(stage.directory())
    await course.read()
    stage.lab.admin.modify_dn(stage.dn(ann.object_id), "cn=somebody else")
    await course.read()
    assert course.accounts == {ann.object_id: ann}


async def test_starttls_reads_the_same(stage: SlapdStage) -> None:
    ann = stage.hire(ANN)
    course = Course(stage.lab.directory(url=stage.lab.server.plain_url, starttls=True))
    await course.read()
    assert course.accounts == {ann.object_id: ann}


async def test_groups_are_walked_also_where_they_refer_to_each_other(stage: SlapdStage) -> None:
    ann, bo = stage.hire(ANN), stage.hire(BO)
    stage.hire(replace(ANN, name="Cy Cole", upn="cy"))
    names = [f"{stage.lab.mark}-{name}" for name in ("inner", "outer", "unique", "posix")]
    inner, outer, unique, posix = (f"cn={name},{stage.lab.base}" for name in names)
    add = stage.lab.admin.add
    add(inner, "groupOfNames", {"member": [stage.dn(ann.object_id).upper(), outer]})
    add(outer, "groupOfNames", {"member": [stage.dn(bo.object_id), inner]})
    add(unique, "groupOfUniqueNames", {"uniqueMember": stage.dn(bo.object_id)})
    add(posix, "posixGroup", {"gidNumber": "7", "memberUid": [ann.upn, "nobody"]})
    reading = await Course(stage.directory(), Wanted(groups=(outer, names[2], names[3]))).read()
    assert reading.members == {
        outer: frozenset({ann.object_id, bo.object_id}),
        names[2]: frozenset({bo.object_id}),
        names[3]: frozenset({ann.object_id}),
    }


async def test_a_group_that_is_not_there_is_an_error(stage: SlapdStage) -> None:
    stage.hire(ANN)
    with pytest.raises(DirectoryNotRead, match="has no group 'cn=nobody,dc=acme,dc=example'"):
        await Course(stage.directory(), Wanted(groups=("cn=nobody,dc=acme,dc=example",))).read()


async def test_pages_come_to_their_end_and_a_limit_of_the_server_is_never_taken_for_it(stage: SlapdStage) -> None:
    for number in range(MANY):
        values = {"cn": f"p{number}", "sn": "x"}
        stage.lab.admin.add(f"cn=p{number},{stage.lab.base}", "inetOrgPerson", values)
    everybody = Course(stage.directory())
    reading = await everybody.read()
    assert (reading.people, reading.pages, len(everybody.accounts)) == (MANY, 2, MANY)
    failure = await _failure(stage.lab.directory(user=LIMITED))
    assert failure.cause is Cause.FORBIDDEN
    assert "sizeLimitExceeded" in str(failure)


async def test_a_base_that_is_not_there_is_an_error(stage: SlapdStage) -> None:
    failure = await _failure(stage.lab.directory(base=f"ou=nowhere,{stage.lab.base}"))
    assert failure.cause is Cause.NOT_FOUND
    assert "has no entry ou=nowhere" in str(failure)


async def test_a_filter_that_can_not_be_understood_is_an_error(stage: SlapdStage) -> None:
    failure = await _failure(stage.lab.directory(filter="(department~Sales)"))
    assert "filter" in str(failure)


async def _failure(directory: Directory) -> DirectoryNotRead:
    with pytest.raises(DirectoryNotRead) as failed:
        await Course(directory).read()
    return failed.value
