"""What is said when a server refuses, can't be trusted or goes silent; nobody is ever concluded to be gone by that."""

from pathlib import Path

import pytest

from connectors.directories import open_directory
from connectors.directories.ldap.refusals import Asked, refusal
from connectors.directories.patience import TryAgain
from connectors.directories.port import Directory
from connectors.errors import Cause, DirectoryNotRead
from tests.support.cable import cable
from tests.support.certificates import certificate_files
from tests.support.ldap_lab import Course, Lab, LdapServer, surroundings
from tests.support.slapd import running_slapd

ASKED = Asked("dc1.acme.example:636", "rollcall@acme.example", "DC=acme,DC=example", "acme-ad")
BIND = "80090308: LdapErr: DSID-0C09042A, comment: AcceptSecurityContext error, data {}, v3839"
needs_samba = pytest.mark.needs_tool("samba")
needs_slapd = pytest.mark.needs_tool("slapd")


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("525", "no such account"),
        ("52e", "the name or the password is wrong .* rollcall secret set acme-ad"),
        ("530", "at this hour"),
        ("531", "from this machine"),
        ("532", "password has expired"),
        ("533", "is disabled"),
        ("701", "the account has expired"),
        ("773", "must change its password"),
        ("775", "locked out"),
        ("999", "refused the password of rollcall@acme.example"),
    ],
)
def test_windows_own_reason_for_a_refused_sign_in_is_told_in_words(reason: str, words: str) -> None:
    failure = refusal({"result": 49, "message": BIND.format(reason)}, ASKED)
    assert isinstance(failure, DirectoryNotRead)
    assert failure.cause is Cause.SECRET
    with pytest.raises(DirectoryNotRead, match=words):
        raise failure


@pytest.mark.parametrize("code", [1, 3, 4, 8, 10, 11, 12, 13, 18, 32, 34, 48, 50, 53, 99])
def test_every_code_has_a_sentence_and_a_remedy_without_gaps(code: int) -> None:
    failure = refusal({"result": code, "message": "secret words of the server"}, ASKED)
    assert isinstance(failure, DirectoryNotRead)
    assert ". " in str(failure)
    assert "{" not in str(failure)
    assert "secret words" not in str(failure)


@pytest.mark.parametrize("code", [51, 52, 80])
def test_what_may_pass_by_itself_is_tried_again(code: int) -> None:
    assert isinstance(refusal({"result": code, "message": ""}, ASKED), TryAgain)


@needs_samba
async def test_a_wrong_password_is_told_with_the_name_of_the_secret(domain: Lab) -> None:
    domain.secrets["reader"] = "wrong"
    failure = await _failure(domain.directory())
    assert failure.cause is Cause.SECRET
    assert "data 52e" in str(failure)
    assert "wrong." not in str(failure)


@needs_samba
async def test_a_disabled_or_mistyped_account_never_reads_as_somebody_else(domain: Lab) -> None:
    assert (await _failure(domain.directory(user="nobody@lab.example"))).cause is Cause.SECRET


@needs_samba
async def test_an_empty_password_is_never_sent_since_servers_take_it_for_nobody_in_particular(domain: Lab) -> None:
    domain.secrets["reader"] = ""
    failure = await _failure(domain.directory())
    assert failure.cause is Cause.SECRET
    assert "is empty" in str(failure)


@needs_samba
async def test_a_base_that_is_not_there_is_an_error(domain: Lab) -> None:
    failure = await _failure(domain.directory(base=f"OU=nowhere,{domain.base}"))
    assert failure.cause is Cause.NOT_FOUND


@needs_samba
@pytest.mark.parametrize("starttls", [False, True])
async def test_a_certificate_of_an_unknown_authority_is_refused(domain: Lab, tmp_path: Path, starttls: bool) -> None:  # noqa: FBT001 - a parameter
    other = certificate_files(tmp_path, "127.0.0.1")
    url = domain.server.plain_url if starttls else domain.server.url
    settings = domain.settings(url=url, starttls=starttls)
    failure = await _failure(open_directory("ldap", settings, surroundings(other.ca_bundle, domain.secrets)))
    assert failure.cause is Cause.TLS
    assert "ROLLCALL_CA_BUNDLE" in str(failure)


@needs_samba
@pytest.mark.parametrize("starttls", [False, True])
async def test_a_certificate_for_another_name_is_refused(domain: Lab, starttls: bool) -> None:  # noqa: FBT001 - a parameter
    url = f"{'ldap' if starttls else 'ldaps'}://localhost"
    failure = await _failure(domain.directory(url=url, starttls=starttls))
    assert failure.cause is Cause.TLS
    assert "is for another name" in str(failure)


@needs_samba
async def test_a_port_without_tls_is_told(domain: Lab) -> None:
    failure = await _failure(domain.directory(url=f"{domain.server.url}:389"))
    assert failure.cause in {Cause.TLS, Cause.NETWORK}


@needs_slapd
async def test_a_server_that_knows_no_starttls_is_sent_no_password(tmp_path: Path) -> None:
    with running_slapd(tmp_path, None) as server:
        async with cable(int(server.plain_url.rpartition(":")[2])) as tapped:
            failure = await _failure(_directory(server, f"ldap://127.0.0.1:{tapped.port}", starttls=True))
    assert failure.cause is Cause.TLS
    assert "password was not sent" in str(failure)
    assert tapped.heard
    assert server.password.encode() not in b"".join(tapped.heard)


async def test_a_server_that_is_off_is_told_with_what_to_look_at() -> None:
    settings = {"url": "ldaps://127.0.0.1:9", "base": "dc=acme", "user": "u", "password": {"secret": "reader"}}
    failure = await _failure(open_directory("ldap", settings, surroundings(None, {"reader": "x"})))
    assert failure.cause is Cause.NETWORK
    assert "127.0.0.1:9" in str(failure)


@needs_slapd
@pytest.mark.parametrize("after", [0, 100, 3000, 8000, 20000])
async def test_a_line_that_is_cut_in_the_middle_is_an_error_and_never_a_shorter_list(tree: Lab, after: int) -> None:
    _fill(tree)
    async with cable(_port(tree.server), cut_after=after) as cut:
        failure = await _failure(_directory(tree.server, f"ldaps://127.0.0.1:{cut.port}", base=tree.base))
    assert failure.cause in {Cause.NETWORK, Cause.TLS}


@needs_slapd
async def test_a_server_that_goes_silent_in_the_middle_is_given_up(tree: Lab) -> None:
    _fill(tree)
    async with cable(_port(tree.server), dead_after=20000) as dead:
        failure = await _failure(_directory(tree.server, f"ldaps://127.0.0.1:{dead.port}", base=tree.base))
    assert failure.cause is Cause.NETWORK
    assert "went silent" in str(failure)


def _fill(tree: Lab) -> None:
    for number in range(200):
        values = {"cn": f"p{number}", "sn": "x", "displayName": "x" * 100}
        tree.admin.add(f"cn=p{number},{tree.base}", "inetOrgPerson", values)


def _port(server: LdapServer) -> int:
    return int(server.url.rpartition(":")[2])


def _directory(server: LdapServer, url: str, *, base: str = "", starttls: bool = False) -> Directory:
    settings = {"url": url, "starttls": starttls, "base": base or server.context, "user": server.reader}
    around = surroundings(
        server.ca_bundle if server.ca_bundle.exists() else None, {"reader": server.password}, read_timeout_seconds=1
    )
    return open_directory("ldap", {**settings, "password": {"secret": "reader"}}, around)


async def _failure(directory: Directory) -> DirectoryNotRead:
    with pytest.raises(DirectoryNotRead) as failed:
        await Course(directory).read()
    return failed.value
