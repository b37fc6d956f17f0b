"""Opening a directory from what a book says, and the small parts that all kinds share."""

import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from connectors.directories import open_directory, settings_model
from connectors.directories.entra.app import EntraApp
from connectors.directories.entra.credentials import EntraCredentials
from connectors.directories.entries import Entry, Removal, Sighting, Told
from connectors.directories.kinds import Surroundings
from connectors.directories.patience import TryAgain
from connectors.directories.spool import Spool
from connectors.directories.waiting import seconds_to_wait
from connectors.errors import Cause, DirectoryNotRead, DirectorySettingsMakeNoSense
from connectors.http import HttpFactory, HttpSettings
from connectors.trust import CaBundleIsUnreadable
from rosters.rules import Account
from tests.support.microsoft import Pauses

ENTRIES: list[Entry] = [
    Sighting("a", {"name": "Ann\n\u2028", "licences": ("A", "B"), "enabled": True}),
    Removal("b", permanent=True),
    Removal("c", permanent=False),
    Sighting("d", {}),
]


@pytest.mark.parametrize(
    ("kind", "settings", "words"),
    [
        ("ldap3", {}, "possible kinds are csv, entra"),
        ("entra", {}, "tenant"),
        ("entra", {"tenant": "acme.example", "tenat": "x"}, "tenat"),
        ("entra", {"tenant": "common"}, "every tenant"),
        ("entra", {"tenant": "a/../b"}, "tenant"),
        ("entra", {"tenant": "https://acme"}, r"tenant: expected the tenant's id, such as .* or one of its domains"),
        ("entra", {"tenant": "1111111-2222-3333-4444-555555555555"}, "expected the tenant's id"),
        ("entra", {"tenant": "acme.example."}, "expected the tenant's id"),
        ("entra", {"tenant": "acme.example", "graph_url": "http://graph.example"}, "graph_url"),
        ("csv", {}, "path"),
        ("csv", {"path": "x.csv", "format": "excel"}, "format"),
        ("csv", {"path": "x.csv", "columns": {"salary": "Pay"}}, "columns"),
    ],
)
def test_settings_that_make_no_sense_are_refused_by_name(kind: str, settings: dict[str, Any], words: str) -> None:
    with pytest.raises(DirectorySettingsMakeNoSense, match=words):
        open_directory(kind, settings)


def test_an_entra_directory_without_the_app_names_the_settings() -> None:
    with pytest.raises(DirectorySettingsMakeNoSense, match="ROLLCALL_ENTRA_CLIENT_ID"):
        open_directory("entra", {"tenant": "acme.example"})


WORLD_WIDE = ("https://login.microsoftonline.com", "https://graph.microsoft.com")
GCC_HIGH = ("https://login.microsoftonline.us", "https://graph.microsoft.us")
CHINA = ("https://login.chinacloudapi.cn", "https://microsoftgraph.chinacloudapi.cn")


def opened(authority_url: str | None, graph_url: str | None) -> None:
    app = EntraApp(EntraCredentials("id", secret="s"), HttpFactory(HttpSettings()))
    settings = {"tenant": "acme.example", "authority_url": authority_url, "graph_url": graph_url}
    try:
        open_directory("entra", settings, Surroundings(app=lambda: app))
    finally:
        app.close()


@pytest.mark.parametrize(
    ("authority_url", "graph_url"),
    [
        (None, None),
        WORLD_WIDE,
        GCC_HIGH,
        CHINA,
        (GCC_HIGH[0], "https://dod-graph.microsoft.us"),
        ("https://login.partner.microsoftonline.cn", CHINA[1]),
        ("https://login.gateway.example", "https://graph.gateway.example/microsoft"),
    ],
)
def test_the_addresses_of_one_cloud_belong_together(authority_url: str | None, graph_url: str | None) -> None:
    opened(authority_url, graph_url)


@pytest.mark.parametrize(
    ("authority_url", "graph_url"),
    [(GCC_HIGH[0], None), (None, GCC_HIGH[1]), (CHINA[0], GCC_HIGH[1])],
)
def test_addresses_of_two_clouds_are_refused_with_those_that_belong_together(
    authority_url: str | None, graph_url: str | None
) -> None:
    with pytest.raises(DirectorySettingsMakeNoSense) as refusal:
        opened(authority_url, graph_url)
    said = str(refusal.value)
    assert f"sign in at {authority_url or WORLD_WIDE[0]} (" in said
    assert f"read {graph_url or WORLD_WIDE[1]} (" in said
    assert "`authority_url` and `graph_url` in the book" in said
    assert f"{CHINA[0]} with {CHINA[1]}" in said


@pytest.mark.parametrize(
    ("authority_url", "graph_url", "words"),
    [
        (
            None,
            "https://graph.microsoft.com/v1.0",
            r"graph_url is .*/v1\.0; write https://graph\.microsoft\.com, without",
        ),
        (
            "https://login.microsoftonline.us/common",
            GCC_HIGH[1],
            r"authority_url is .*; write https://login\.micro.*\.us,",
        ),
    ],
)
def test_an_address_of_microsoft_with_more_than_its_host_is_refused(
    authority_url: str | None, graph_url: str | None, words: str
) -> None:
    with pytest.raises(DirectorySettingsMakeNoSense, match=words):
        opened(authority_url, graph_url)


def test_opening_an_entra_directory_sends_nothing() -> None:
    calls: list[str] = []
    app = EntraApp(EntraCredentials("id", secret="s"), HttpFactory(HttpSettings(on_call=calls.append)))
    open_directory("entra", {"tenant": "acme.example"}, Surroundings(app=lambda: app))
    app.close()
    assert calls == []


def test_the_ports_and_the_shapes_of_settings_load_without_the_libraries_of_sources() -> None:
    program = "import sys, connectors.directories.port; print({'msal', 'httpx', 'ldap3'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_each_kind_has_a_model_of_its_settings() -> None:
    assert set(settings_model("entra").model_fields) == {"tenant", "authority_url", "graph_url", "sign_ins"}


def test_a_ca_bundle_that_is_none_is_refused_with_the_name_of_its_setting(tmp_path: Path) -> None:
    bundle = tmp_path / "bundle.pem"
    bundle.write_text("not a certificate")
    with pytest.raises(CaBundleIsUnreadable, match="ROLLCALL_CA_BUNDLE"):
        HttpFactory(HttpSettings(ca_bundle=bundle))


def test_a_spool_gives_back_what_it_was_given_in_order_and_as_often_as_asked() -> None:
    with Spool() as spool:
        spool.append(ENTRIES[:2])
        spool.append(ENTRIES[2:])
        assert list(spool) == ENTRIES
        assert list(spool) == ENTRIES


def test_a_spool_that_restarts_has_forgotten_everything() -> None:
    with Spool() as spool:
        spool.append(ENTRIES)
        spool.restart()
        spool.append(ENTRIES[:1])
        assert list(spool) == ENTRIES[:1]
        assert spool.contradicted() == set()


def test_a_spool_tells_entries_as_bare_pairs_and_by_their_ids_alone() -> None:
    with Spool() as spool:
        spool.append([Sighting("a", {"name": "Ann"}), Removal("b", permanent=True)])
        spool.append([Sighting("a", {})])
        assert list(spool.told()) == [("a", Told(name="Ann")), ("b", None), ("a", Told())]
        assert list(spool.object_ids()) == ["a", "b", "a"]


def test_what_is_told_has_the_fields_of_an_account() -> None:
    assert set(Told.__struct_fields__) == {each.name for each in fields(Account)} - {"object_id"}


def test_a_long_list_comes_back_by_the_beginnings_of_its_ids_and_what_is_said_of_one_account_in_its_order() -> None:
    ids = [f"{number * 7_919 % 9_973:04d}" for number in range(9_000)]
    with Spool() as spool:
        for start in range(0, len(ids), 500):
            spool.append(Sighting(each, {"name": f"First {each}"}) for each in ids[start : start + 500])
        spool.append([Removal("0001", permanent=True), Sighting("9000", {"name": "Second"})])
        back = list(spool.object_ids())
        late = [each[0] for each in back[5_000:]]
        assert back[:5_000] == ids[:5_000]
        assert late == sorted(late)
        assert sorted(back) == sorted([*ids, "0001", "9000"])
        told = list(spool.told())
        assert [said for each, said in told if each == "9000"] == [Told(name="First 9000"), Told(name="Second")]
        assert [said for each, said in told if each == "0001"] == [Told(name="First 0001"), None]
        assert spool.contradicted() == {"0001", "9000"}
        spool.restart()
        assert list(spool) == []


def test_whoever_is_said_to_be_different_things_is_contradicted_and_who_is_repeated_is_not() -> None:
    with Spool() as spool:
        spool.append([Sighting("same", {"name": "Ann", "enabled": True}), Sighting("other", {"name": "Bo"})])
        spool.append([Removal("gone", permanent=False), Removal("worse", permanent=False), Sighting("once", {})])
        spool.append([Sighting("same", {"enabled": True, "name": "Ann"}), Sighting("other", {"name": "Beau"})])
        spool.append([Removal("gone", permanent=False), Removal("worse", permanent=True), Sighting("other", {})])
        assert spool.contradicted() == {"other", "worse"}


def test_who_goes_and_comes_back_in_one_reading_is_contradicted() -> None:
    with Spool() as spool:
        spool.append([Sighting("a", {"name": "Ann"}), Removal("a", permanent=False), Sighting("a", {"name": "Ann"})])
        assert spool.contradicted() == {"a"}


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "Sun, 22 Nov 2026 12:00:30 GMT", "Date": "Sun, 22 Nov 2026 12:00:00 GMT"}, 30),
        ({"Retry-After": "Sun, 22 Nov 2026 12:00:00 GMT", "Date": "Sun, 22 Nov 2026 12:00:30 GMT"}, 0),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "-1"}, None),
        ({}, None),
    ],
)
def test_the_pause_that_a_server_asks_for(headers: dict[str, str], seconds: int | None) -> None:
    assert seconds_to_wait(headers) == seconds


async def test_a_pause_of_no_seconds_still_lets_time_pass() -> None:
    pauses = Pauses()
    answers = iter([TryAgain(DirectoryNotRead(Cause.THROTTLED, "Busy."), 0), None])

    async def attempt() -> str:
        if (failure := next(answers)) is not None:
            raise failure
        return "done"

    assert await pauses.patience().begin().persist(attempt) == "done"
    assert pauses.slept == [1]
