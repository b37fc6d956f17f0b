"""A pretend Microsoft, a real domain controller and a real OpenLDAP for every test here that asks for one."""

from collections.abc import AsyncIterator, Iterator

import pytest
from ldap3 import Connection

from sandbox.microsoft.certificate import Certificate, throw_away_certificate
from tests.support.certificates import certificate_files
from tests.support.google import Google
from tests.support.google import google as served_google
from tests.support.ldap_lab import Lab, LdapServer
from tests.support.microsoft import Bench, bench
from tests.support.okta import Okta
from tests.support.okta import okta as served_okta
from tests.support.samba import running_controller
from tests.support.slapd import running_slapd


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return throw_away_certificate(tmp_path_factory.mktemp("ca"))


@pytest.fixture
async def microsoft(certificate: Certificate) -> AsyncIterator[Bench]:
    async with bench(certificate) as arranged:
        yield arranged


@pytest.fixture(scope="session")
def samba() -> Iterator[LdapServer]:
    with running_controller() as server:
        yield server


@pytest.fixture(scope="session")
def samba_admin(samba: LdapServer) -> Iterator[Connection]:
    with samba.administered() as admin:
        yield admin


@pytest.fixture
def domain(samba: LdapServer, samba_admin: Connection) -> Lab:
    """An empty unit of the domain."""
    return Lab(samba, samba_admin)


@pytest.fixture(scope="session")
def slapd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LdapServer]:
    folder = tmp_path_factory.mktemp("slapd")
    with running_slapd(folder, certificate_files(folder, "127.0.0.1")) as server:
        yield server


@pytest.fixture(scope="session")
def slapd_admin(slapd: LdapServer) -> Iterator[Connection]:
    with slapd.administered() as admin:
        yield admin


@pytest.fixture
def tree(slapd: LdapServer, slapd_admin: Connection) -> Lab:
    """An empty unit of the tree."""
    return Lab(slapd, slapd_admin)


@pytest.fixture
async def okta(certificate: Certificate) -> AsyncIterator[Okta]:
    async with served_okta(certificate) as arranged:
        yield arranged


@pytest.fixture
async def google(certificate: Certificate) -> AsyncIterator[Google]:
    async with served_google(certificate) as arranged:
        yield arranged
