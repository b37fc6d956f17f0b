"""What a token says that the app may do, and what of it a reading needs."""

import base64
import json

import pytest

from connectors.directories.entra.permissions import needs, roles_in, used_for
from rosters.rules import Wanted

EVERYTHING = Wanted(licences=True, groups=("Staff",), mailboxes=True, units=True)


def token(said: object) -> str:
    part = base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")
    return f"head.{part}.seal"


def asked(wanted: Wanted, *, sign_ins: bool = False) -> list[str]:
    return [need.permission for need in needs(wanted, sign_ins=sign_ins)]


def test_the_permissions_of_a_token_are_its_roles() -> None:
    assert roles_in(token({"roles": ["User.Read.All"]})) == frozenset({"User.Read.All"})


def test_a_token_without_roles_has_no_permission() -> None:
    assert roles_in(token({"appid": "x"})) == frozenset()


@pytest.mark.parametrize("strange", ["", "opaque", "a.b.c", "a.ÿ.c", token([]), token({"roles": "all"})])
def test_a_token_that_can_not_be_looked_into_says_nothing(strange: str) -> None:
    assert roles_in(strange) is None


@pytest.mark.parametrize("role", ["Organization.Read.All", "LicenseAssignment.Read.All", "Directory.Read.All"])
def test_any_permission_that_includes_the_least_is_enough_for_licences(role: str) -> None:
    _, licences = needs(Wanted(licences=True), sign_ins=False)
    assert licences.met_by(frozenset({role}))
    assert not licences.met_by(frozenset({"User.Read.All"}))


@pytest.mark.parametrize(
    ("wanted", "more"),
    [
        (Wanted(), []),
        (Wanted(licences=True), ["Organization.Read.All"]),
        (Wanted(units=True), ["Organization.Read.All"]),
        (Wanted(groups=("Staff",)), ["GroupMember.Read.All"]),
        (Wanted(mailboxes=True), ["MailboxSettings.Read"]),
        (EVERYTHING, ["Organization.Read.All", "GroupMember.Read.All", "MailboxSettings.Read"]),
    ],
)
def test_a_permission_is_needed_only_with_its_feature(wanted: Wanted, more: list[str]) -> None:
    assert asked(wanted) == ["User.Read.All", *more]


def test_last_sign_ins_take_a_permission_without_which_a_reading_goes_on() -> None:
    assert asked(Wanted(), sign_ins=True) == ["User.Read.All", "AuditLog.Read.All"]
    assert [need.vital for need in needs(Wanted(), sign_ins=True)] == [True, False]


def test_what_each_permission_serves_is_told_and_nothing_of_one_without_use() -> None:
    roles = frozenset({"Directory.Read.All", "MailboxSettings.Read", "Mail.Read"})
    assert used_for(roles, needs(EVERYTHING, sign_ins=True)) == {
        "Directory.Read.All": "the accounts, licences, groups",
        "Mail.Read": "",
        "MailboxSettings.Read": "shared and room mailboxes",
    }
