"""A pretend Microsoft for every test here that asks for one."""

from collections.abc import AsyncIterator

import pytest

from sandbox.microsoft.certificate import Certificate, throw_away_certificate
from tests.support.microsoft import Bench, bench


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return throw_away_certificate(tmp_path_factory.mktemp("ca"))


@pytest.fixture
async def microsoft(certificate: Certificate) -> AsyncIterator[Bench]:
    async with bench(certificate) as arranged:
        yield arranged
