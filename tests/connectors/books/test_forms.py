"""A client by a form is the client that a book would make, or is refused at its field."""

from pathlib import Path

import pytest

from connectors.books.forms import FormIsWrong, client_by_form, settings_of, slug_of
from connectors.books.reader import read_book
from connectors.books.values import BookTemplate, Catalogue
from connectors.directories import KINDS

LINE = {
    "name": "mu",
    "text": "Managed user",
    "count": {"roster": "full"},
    "price": {"model": "per_unit", "unit": "40.00"},
}
STORED = Catalogue(
    {}, {"Standard": BookTemplate("Standard", {"cycle": {"months": 1, "anchor": "2027-01-01"}, "lines": [LINE]})}
)
TENANT = "11111111-2222-3333-4444-555555555555"
ANSWERS = {
    "name": "Initech GmbH",
    "slug": "",
    "currency": "EUR",
    "timezone": "Europe/Berlin",
    "channel": "C0INIT",
    "address": "Hauptstr. 1\n\n10115 Berlin ",
    "tax": "USt 19 %",
    "kind": "entra",
    "setting.tenant": TENANT,
    "basis": "licensed",
    "template": "Standard",
    "start": "2027-05-01",
    "bills_from": "2027-06-01",
}
BOOK = f"""
version: 1
clients:
  - slug: initech-gmbh
    name: Initech GmbH
    currency: EUR
    timezone: Europe/Berlin
    channel: C0INIT
    address: [Hauptstr. 1, 10115 Berlin]
    taxes: {{standard: [{{name: USt, rate: "19"}}], none: []}}
    directories: [{{name: entra, kind: entra, tenant: {TENANT}}}]
    rosters: [{{name: full, rule: {{basis: licensed}}}}]
    agreements: [{{name: Standard, template: Standard, start: 2027-05-01, bills_from: 2027-06-01}}]
"""


def test_a_form_makes_the_client_that_its_book_would_make(tmp_path: Path) -> None:
    (tmp_path / "book.yaml").write_text(BOOK, encoding="utf-8")
    (client,) = client_by_form(ANSWERS, STORED).clients
    assert client == read_book(tmp_path / "book.yaml", STORED).clients[0]
    assert [line.name for line in client.terms.lines()] == ["mu"]


def test_what_is_left_open_is_not_there() -> None:
    (client,) = client_by_form({"name": "Initech", "currency": "EUR", "kind": "none"}, STORED).clients
    assert (client.directories, client.terms.agreements, client.buyer.address) == ((), (), ())
    assert [roster.name for roster in client.rosters] == ["full"]


@pytest.mark.parametrize(
    ("field", "answer", "told"),
    [
        ("name", "", "the key 'name' is missing"),
        ("slug", "Not A Slug!", "found 'Not A Slug!'"),
        ("currency", "EUX", "found 'EUX', expected an ISO 4217 code"),
        ("timezone", "Europe/Berlyn", "found 'Europe/Berlyn', expected a time zone"),
        ("tax", "a lot", "found 'a lot'; expected a name and a rate, such as Sales tax 8.25"),
        ("kind", "ldap", "the key 'url' is missing"),
        ("setting.tenant", "a b", "found 'a b'"),
        ("basis", "group", "groups"),
        ("template", "Standart", "found the unknown template 'Standart'"),
        ("bills_from", "soon", "found 'soon'"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(field: str, answer: str, told: str) -> None:
    with pytest.raises(FormIsWrong) as refusal:
        client_by_form({**ANSWERS, field: answer}, STORED)
    assert told in refusal.value.faults[field]


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(FormIsWrong) as refusal:
        client_by_form({**ANSWERS, "currency": "EUX", "timezone": "Mars", "tax": "?"}, STORED)
    assert refusal.value.faults.keys() == {"currency", "timezone", "tax"}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_of_directory_can_be_asked_for(kind: str) -> None:
    required = [key for key, field in KINDS[kind].settings.model_fields.items() if field.is_required()]
    assert [setting.key for setting in settings_of(kind)] == required


def test_a_secret_and_several_addresses_are_written_in_one_line() -> None:
    ldap = {
        "kind": "ldap",
        "setting.url": "ldaps://dc1.example ldaps://dc2.example",
        "setting.base": "dc=example",
        "setting.user": "reader@example",
        "setting.password": "acme-ad",
    }
    (client,) = client_by_form({"name": "Initech", "currency": "EUR", **ldap}, STORED).clients
    settings = client.directories[0].settings
    assert settings["url"] == ["ldaps://dc1.example", "ldaps://dc2.example"]
    assert settings["password"] == {"secret": "acme-ad"}


@pytest.mark.parametrize(("name", "slug"), [("Acme Corp.", "acme-corp"), ("  B&B  ", "b-b"), ("漢字", "")])
def test_a_slug_is_made_of_the_name(name: str, slug: str) -> None:
    assert slug_of(name) == slug
