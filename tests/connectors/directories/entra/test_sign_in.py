"""Signing in: by secret or certificate, and what each refusal of Microsoft tells a person to do."""

import re
from pathlib import Path
from typing import Any

import pytest
import trustme

from connectors.directories import open_directory
from connectors.directories.entra.app import EntraApp
from connectors.directories.entra.credentials import EntraCredentials
from connectors.directories.entra.refusals import SignIn, refusal
from connectors.directories.kinds import Surroundings
from connectors.directories.patience import TryAgain
from connectors.directories.spool import Spool
from connectors.errors import Cause, DirectoryNotRead, DirectorySettingsMakeNoSense
from connectors.http import HttpFactory, HttpSettings
from rosters.rules import Wanted
from sandbox.microsoft.certificate import Certificate
from sandbox.microsoft.faults import Endpoint, Fault
from tests.support.microsoft import CLIENT_ID, TENANT, Bench, bench

SIGN_IN = SignIn(TENANT, CLIENT_ID, "https://login.example")


async def read(arranged: Bench, **settings: Any) -> int:
    with Spool() as spool:
        return (await arranged.directory(**settings).read(None, spool, wanted=Wanted(licences=True))).people


async def cause_of(arranged: Bench, **settings: Any) -> tuple[Cause, str]:
    with pytest.raises(DirectoryNotRead) as failed:
        await read(arranged, **settings)
    return failed.value.cause, str(failed.value)


async def test_a_wrong_secret_says_where_the_right_one_goes(microsoft: Bench) -> None:
    microsoft.cloud.register(CLIENT_ID, secret="another")
    cause, message = await cause_of(microsoft)
    assert cause == Cause.SECRET
    assert "AADSTS7000215" in message
    assert "ROLLCALL_ENTRA_CLIENT_SECRET" in message


async def test_a_secret_that_has_expired_says_so(microsoft: Bench) -> None:
    microsoft.cloud.register(CLIENT_ID, secret="right", secret_expires="2026-01-01T00:00:00Z")
    cause, message = await cause_of(microsoft)
    assert cause == Cause.SECRET
    assert "has expired (AADSTS7000222). Make a new one" in message


async def test_a_tenant_without_consent_names_the_page_to_consent_on(microsoft: Bench) -> None:
    microsoft.tenant.consented = False
    cause, message = await cause_of(microsoft)
    assert cause == Cause.CONSENT
    assert f"/{TENANT}/adminconsent?client_id={CLIENT_ID}" in message


async def test_a_consent_given_just_now_works_at_once(microsoft: Bench) -> None:
    microsoft.tenant.consented = False
    await cause_of(microsoft)
    microsoft.tenant.consented = True
    assert await read(microsoft) == 0


async def test_a_tenant_that_does_not_exist_points_to_the_book(microsoft: Bench) -> None:
    cause, message = await cause_of(microsoft, tenant="99999999-2222-3333-4444-555555555555")
    assert cause == Cause.TENANT
    assert "AADSTS90002" in message
    assert "`tenant` in the book" in message


@pytest.mark.parametrize("rest", ["/v1.0", "/beta"])
async def test_a_graph_that_the_sign_in_does_not_know_points_to_its_address(microsoft: Bench, rest: str) -> None:
    cause, message = await cause_of(microsoft, graph_url=microsoft.url + rest)
    assert cause == Cause.TENANT
    assert "(AADSTS500011). Set the directory's `graph_url` to that of the same cloud" in message


@pytest.mark.parametrize("fault", [Fault.THROTTLED, Fault.UNAVAILABLE])
async def test_a_busy_token_endpoint_is_waited_for_as_long_as_it_says(microsoft: Bench, fault: Fault) -> None:
    microsoft.tenant.faults.order(Endpoint.TOKEN, fault, times=2, seconds=11)
    assert await read(microsoft) == 0
    assert microsoft.pauses.slept == [11, 11]


async def test_a_token_endpoint_that_drops_the_line_is_asked_again(microsoft: Bench) -> None:
    microsoft.tenant.faults.order(Endpoint.TOKEN, Fault.DROPPED)
    assert await read(microsoft) == 0


async def test_a_token_endpoint_that_stays_busy_ends_the_reading(microsoft: Bench) -> None:
    microsoft.tenant.faults.order(Endpoint.TOKEN, Fault.UNAVAILABLE, times=100)
    assert (await cause_of(microsoft))[0] == Cause.UNAVAILABLE


async def test_a_certificate_signs_in_as_well_as_a_secret(certificate: Certificate) -> None:
    issued = trustme.CA(key_type=trustme.KeyType.RSA).issue_cert("rollcall.example", key_type=trustme.KeyType.RSA)
    public = issued.cert_chain_pems[0].bytes().decode()
    credentials = EntraCredentials(CLIENT_ID, certificate_pem=public + issued.private_key_pem.bytes().decode())
    async with bench(certificate, credentials) as arranged:
        arranged.cloud.register(CLIENT_ID, certificate_pem=public)
        assert await read(arranged) == 0


async def test_a_certificate_that_is_not_registered_is_refused(certificate: Certificate) -> None:
    issued = trustme.CA(key_type=trustme.KeyType.RSA).issue_cert("rollcall.example", key_type=trustme.KeyType.RSA)
    other = trustme.CA(key_type=trustme.KeyType.RSA).issue_cert("rollcall.example", key_type=trustme.KeyType.RSA)
    both = issued.cert_chain_pems[0].bytes() + issued.private_key_pem.bytes()
    async with bench(certificate, EntraCredentials(CLIENT_ID, certificate_pem=both.decode())) as arranged:
        arranged.cloud.register(CLIENT_ID, certificate_pem=other.cert_chain_pems[0].bytes().decode())
        cause, message = await cause_of(arranged)
    assert cause == Cause.CERTIFICATE
    assert "ROLLCALL_ENTRA_CLIENT_CERTIFICATE" in message


async def test_a_certificate_file_without_its_key_is_refused_before_anything_is_sent(certificate: Certificate) -> None:
    public = trustme.CA().cert_pem.bytes().decode()
    async with bench(certificate, EntraCredentials(CLIENT_ID, certificate_pem=public)) as arranged:
        with pytest.raises(DirectorySettingsMakeNoSense, match="its private key"):
            await read(arranged)
        assert arranged.calls == []


async def test_the_environment_cannot_replace_the_trust_store(
    microsoft: Bench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "none.pem"))
    monkeypatch.setenv("CURL_CA_BUNDLE", str(tmp_path / "none.pem"))
    assert await read(microsoft) == 0


async def test_a_server_that_nobody_vouches_for_points_to_the_ca_bundle(microsoft: Bench) -> None:
    app = EntraApp(
        EntraCredentials(CLIENT_ID, secret="right"), HttpFactory(HttpSettings()), microsoft.url, microsoft.url
    )
    around = Surroundings(app=lambda: app, patience=microsoft.pauses.patience())
    directory = open_directory("entra", {"tenant": TENANT}, around)
    with Spool() as spool, pytest.raises(DirectoryNotRead, match="ROLLCALL_CA_BUNDLE") as failed:
        await directory.read(None, spool, wanted=Wanted(licences=True))
    app.close()
    assert failed.value.cause == Cause.TLS
    assert microsoft.pauses.slept == []


async def test_a_machine_without_a_network_says_so(microsoft: Bench) -> None:
    nowhere = "https://127.0.0.1:1"
    cause, message = await cause_of(microsoft, authority_url=nowhere, graph_url=nowhere)
    assert cause == Cause.NETWORK
    assert "network" in message


def test_secrets_are_not_shown() -> None:
    shown = repr(EntraCredentials(CLIENT_ID, secret="s3cr3t")) + repr(
        EntraCredentials(CLIENT_ID, certificate_pem="K3Y")
    )
    assert "s3cr3t" not in shown
    assert "K3Y" not in shown


@pytest.mark.parametrize("given", [{}, {"secret": "a", "certificate_pem": "b"}])
def test_an_app_has_exactly_one_way_to_sign_in(given: dict[str, str]) -> None:
    with pytest.raises(DirectorySettingsMakeNoSense, match="exactly one way"):
        EntraCredentials(CLIENT_ID, **given)


@pytest.mark.parametrize(
    ("error", "code", "cause"),
    [
        ("invalid_client", 7000215, Cause.SECRET),
        ("invalid_client", 7000222, Cause.SECRET),
        ("unauthorized_client", 700016, Cause.CONSENT),
        ("unauthorized_client", 7000112, Cause.CONSENT),
        ("invalid_request", 90002, Cause.TENANT),
        ("invalid_request", 90038, Cause.TENANT),
        ("invalid_request", 900382, Cause.TENANT),
        ("invalid_resource", 500011, Cause.TENANT),
        ("invalid_request", 900021, Cause.TENANT),
        ("invalid_grant", 65001, Cause.CONSENT),
        ("invalid_grant", 53003, Cause.FORBIDDEN),
        ("invalid_client", 700024, Cause.CERTIFICATE),
        ("invalid_client", 700027, Cause.CERTIFICATE),
        ("invalid_client", 1, Cause.SECRET),
        ("invalid_grant", 1, Cause.CONSENT),
        ("something_new", 1, Cause.TOKEN),
    ],
)
def test_a_refusal_has_its_cause_by_number_or_else_by_word(error: str, code: int, cause: Cause) -> None:
    failure = refusal({"error": error, "error_codes": [code], "error_description": "words"}, SIGN_IN)
    assert isinstance(failure, DirectoryNotRead)
    assert failure.cause == cause
    assert f"AADSTS{code}" in str(failure)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (
            900382,
            r"is in another cloud than https://login\.example \(AADSTS900382\)\. Set .* a registration of its own",
        ),
        (
            500011,
            r"https://login\.example knows no Microsoft Graph at .* \(AADSTS500011\)\. Set the directory's `graph_url`",
        ),
    ],
)
def test_a_refusal_between_two_clouds_names_the_settings_to_set(code: int, words: str) -> None:
    failure = refusal({"error": "invalid_request", "error_codes": [code]}, SIGN_IN)
    assert re.search(words, str(failure))


@pytest.mark.parametrize("answer", [{"error": "temporarily_unavailable"}, {"error": "x", "error_codes": [90033]}])
def test_a_refusal_that_may_pass_is_tried_again(answer: dict[str, Any]) -> None:
    assert isinstance(refusal(answer, SIGN_IN), TryAgain)
