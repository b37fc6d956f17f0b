"""What a token says that the app may do, and what of it a reading needs."""

import base64
import json

import pytest

from connectors.directories.entra.permissions import beyond_need, needs, roles_in


def token(said: object) -> str:
    part = base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")
    return f"head.{part}.seal"


def test_the_permissions_of_a_token_are_its_roles() -> None:
    assert roles_in(token({"roles": ["User.Read.All"]})) == frozenset({"User.Read.All"})


def test_a_token_without_roles_has_no_permission() -> None:
    assert roles_in(token({"appid": "x"})) == frozenset()


@pytest.mark.parametrize("strange", ["", "opaque", "a.b.c", "a.ÿ.c", token([]), token({"roles": "all"})])
def test_a_token_that_can_not_be_looked_into_says_nothing(strange: str) -> None:
    assert roles_in(strange) is None


@pytest.mark.parametrize("role", ["Organization.Read.All", "LicenseAssignment.Read.All", "Directory.Read.All"])
def test_any_permission_that_includes_the_least_is_enough_for_licences(role: str) -> None:
    _, licences = needs(licences=True)
    assert licences.met_by(frozenset({role}))
    assert not licences.met_by(frozenset({"User.Read.All"}))


def test_without_a_rule_for_licences_only_users_are_needed() -> None:
    assert [need.permission for need in needs(licences=False)] == ["User.Read.All"]
    roles = frozenset({"User.Read.All", "Organization.Read.All"})
    assert list(beyond_need(roles, licences=False)) == ["Organization.Read.All"]
