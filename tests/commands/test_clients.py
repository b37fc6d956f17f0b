"""A client by what a person typed."""

import pytest

from commands import clients, links
from commands.actors import Actor
from commands.clients import ClientIsAmbiguous, ClientIsUnknown
from tests.support.books import client
from tests.support.msp import ADA, Msp, played_once


@pytest.fixture
@played_once
def several(msp: Msp) -> Msp:
    msp.imports(
        client(slug="acme", name="Acme Corp"),
        client(slug="acme-uk", name="Acme Limited"),
        client(slug="globex", name="Straße & Söhne"),
    )
    return msp


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("acme", "acme"),
        ("ACME", "acme"),
        ("acme corp", "acme"),
        ("  Acme   Limited ", "acme-uk"),
        ("uk", "acme-uk"),
        ("limit", "acme-uk"),
        ("glo", "globex"),
        ("STRASSE", "globex"),
        ("globx", "globex"),
        ("amce crop", "acme"),
        ("söhen", "globex"),
    ],
)
def test_a_client_is_found_by_slug_name_or_unique_part(several: Msp, text: str, expected: str) -> None:
    assert clients.find(several.database, ADA, text).slug == expected


@pytest.mark.parametrize("text", ["", "  ", "initech", "%", "_", "acme bob", "glob us", "gloabx"])
def test_what_nobody_is_called_is_refused_with_who_there_is(several: Msp, text: str) -> None:
    with pytest.raises(ClientIsUnknown, match="There: acme, acme-uk, globex"):
        clients.find(several.database, ADA, text)


def test_what_several_are_called_is_refused_with_the_candidates(several: Msp) -> None:
    with pytest.raises(ClientIsAmbiguous, match=r"acme \(Acme Corp\), acme-uk \(Acme Limited\)") as refusal:
        clients.find(several.database, ADA, "acm")
    assert [candidate.slug for candidate in refusal.value.candidates] == ["acme", "acme-uk"]


def test_a_slip_that_several_may_be_meant_by_is_refused_with_the_candidates(several: Msp) -> None:
    with pytest.raises(ClientIsAmbiguous, match="'acne' fits 2 clients"):
        clients.find(several.database, ADA, "acne")


@pytest.mark.parametrize(
    ("names", "place"),
    [
        (["acm", "acme-uk"], 1),
        (["acme", "acme-uk"], 0),
        (["initech", "limit", "glo"], 1),
        (["initech", "acm"], 1),
        ([None, "limit"], 0),
        ([None, "Acme  limited"], 1),
        (["initech", "", None], 2),
        (["initech"], None),
        ([], None),
    ],
)
def test_the_likeliest_reading_has_a_whole_name_or_else_comes_first(
    several: Msp, names: list[str | None], place: int | None
) -> None:
    assert clients.likeliest(several.database, ADA, names) == place


def test_no_reading_is_the_likeliest_for_whoever_may_see_no_client(several: Msp) -> None:
    assert clients.likeliest(several.database, Actor("U0NOBODY", "slack"), ["acme"]) is None


def test_who_is_only_nearly_called_so_is_not_altered(several: Msp) -> None:
    with pytest.raises(
        ClientIsUnknown, match=r"No client is called 'globx'\. Did you mean globex \(Straße & Söhne\)\?"
    ):
        links.link(several.database, ADA, several.clock, "globx", "hr/ann", "shop/ann7", same=True)


def test_without_any_client_the_way_to_bring_one_is_named(msp: Msp) -> None:
    with pytest.raises(ClientIsUnknown, match="rollcall import BOOK --apply"):
        clients.find(msp.database, ADA, "acme")


def test_a_long_list_of_candidates_is_cut(msp: Msp) -> None:
    msp.imports(*(client(slug=f"client{number:02d}") for number in range(12)))
    with pytest.raises(ClientIsAmbiguous, match="and 2 more"):
        clients.find(msp.database, ADA, "client")
