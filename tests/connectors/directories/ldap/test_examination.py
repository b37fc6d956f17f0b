"""What the doctor sees of a directory behind LDAP."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from connectors.directories.examined import Examined, Observation
from connectors.directories.port import Directory
from rosters.rules import Wanted
from tests.support.ldap_lab import Lab
from tests.support.ldap_stages import SambaStage
from tests.support.samba import ORDINARY

NOTHING_MORE = Wanted()


def now() -> datetime:
    return datetime.now(UTC)


async def look(
    directory: Directory, wanted: Wanted = NOTHING_MORE, clock: Callable[[], datetime] = now
) -> dict[str, Observation]:
    examined = await directory.examine(wanted=wanted, now=clock)
    return {observation.what: observation for observation in examined.observations}


@pytest.mark.needs_tool("samba")
class TestActiveDirectory:
    async def test_the_controller_and_who_signed_in_are_named(self, domain: Lab) -> None:
        seen = (await look(domain.directory()))["sign-in 127.0.0.1:636"]
        assert seen.state == "well"
        assert seen.text.startswith("reader@lab.example, ")
        assert seen.text.endswith(".lab.example, Active Directory, functional level 2008 R2")

    async def test_the_clock_of_the_controller_is_compared_with_ours(self, domain: Lab) -> None:
        examined: Examined = await domain.directory().examine(
            wanted=NOTHING_MORE, now=lambda: now() - timedelta(hours=1)
        )
        assert examined.ahead is not None
        assert timedelta(minutes=59) < examined.ahead < timedelta(minutes=61)

    @pytest.mark.parametrize(
        ("user", "words"),
        [
            ("reader@lab.example", "are seen: a day's first reading is full"),
            (ORDINARY, "aren't seen: every reading is full"),
        ],
    )
    async def test_whether_deleted_accounts_are_seen_is_said(self, domain: Lab, user: str, words: str) -> None:
        assert (await look(domain.directory(user=user)))["deleted accounts"].text == words

    async def test_a_group_of_a_rule_is_looked_up(self, domain: Lab) -> None:
        group = SambaStage(domain).group("known", [])
        seen = await look(domain.directory(), Wanted(groups=(group, "unknown")))
        assert (seen[f"group {group}"].state, seen[f"group {group}"].text) == ("well", group)
        assert seen["group unknown"].state == "broken"

    async def test_a_wrong_password_is_told_and_not_raised(self, domain: Lab) -> None:
        domain.secrets["reader"] = "wrong"
        seen = (await look(domain.directory()))["sign-in 127.0.0.1:636"]
        assert (seen.state, "data 52e" in seen.text) == ("broken", True)
        assert "rollcall secret set reader" in seen.remedy

    async def test_every_controller_is_looked_at(self, domain: Lab) -> None:
        seen = await look(domain.directory(url=["ldaps://127.0.0.1:9", domain.server.url]))
        assert (seen["sign-in 127.0.0.1:9"].state, seen["sign-in 127.0.0.1:636"].state) == ("broken", "well")

    async def test_licences_are_told_to_be_unknown(self, domain: Lab) -> None:
        seen = (await look(domain.directory(), Wanted(licences=True)))["licences"]
        assert (seen.state, "basis: enabled" in seen.remedy) == ("broken", True)

    async def test_a_base_that_is_not_there_is_told(self, domain: Lab) -> None:
        seen = await look(domain.directory(base=f"OU=nowhere,{domain.base}"))
        assert any(one.state == "broken" and "OU=nowhere" in one.text for one in seen.values())


@pytest.mark.needs_tool("slapd")
class TestOpenLdap:
    async def test_the_server_is_described(self, tree: Lab) -> None:
        seen = await look(tree.directory())
        assert [one.state for one in seen.values()] == ["well", "well"]
        assert next(iter(seen.values())).text.endswith("a server with entryUUID, such as OpenLDAP")

    async def test_a_certificate_that_ends_soon_is_doubtful(self, tree: Lab) -> None:
        first = await look(tree.directory())
        what, seen = next((what, one) for what, one in first.items() if what.startswith("certificate"))
        ends = datetime.fromisoformat(seen.text.split()[2].rstrip(",")).replace(tzinfo=UTC)
        later = (await look(tree.directory(), clock=lambda: ends - timedelta(days=20)))[what]
        assert later.state == "doubtful"
        assert "Renew the certificate" in later.remedy
