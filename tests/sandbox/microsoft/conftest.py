"""A pretend Microsoft that is served and controlled over HTTP, and a plain client signed in to it."""

import ssl
from collections.abc import AsyncIterator

import httpx
import pytest

from sandbox.microsoft.app import create_app
from sandbox.microsoft.certificate import Certificate, throw_away_certificate
from sandbox.microsoft.client import MicrosoftClient, TenantClient
from sandbox.microsoft.cloud import Cloud
from sandbox.serving import serve
from tests.support.graph_caller import Caller
from tests.support.microsoft import CLIENT_ID, TENANT


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return throw_away_certificate(tmp_path_factory.mktemp("ca"))


@pytest.fixture
async def url(certificate: Certificate) -> AsyncIterator[str]:
    async with serve(create_app(Cloud()), ssl=certificate.server) as base:
        yield base


@pytest.fixture
async def microsoft(url: str, certificate: Certificate) -> AsyncIterator[MicrosoftClient]:
    async with MicrosoftClient(url, certificate.ca_bundle) as client:
        await client.register(CLIENT_ID, secret="right")
        yield client


@pytest.fixture
async def tenant(microsoft: MicrosoftClient) -> TenantClient:
    return await microsoft.add_tenant(TENANT, "acme.example")


@pytest.fixture
async def caller(url: str, certificate: Certificate, tenant: TenantClient) -> AsyncIterator[Caller]:
    trust = ssl.create_default_context(cafile=certificate.ca_bundle)
    async with httpx.AsyncClient(base_url=url, verify=trust) as http:
        one = Caller(http)
        await one.sign_in()
        yield one
