"""What a book may say of a directory behind LDAP."""

from pathlib import Path
from typing import Any

import pytest

from connectors.books.reader import read_book
from connectors.directories import open_directory
from connectors.directories.kinds import Surroundings
from connectors.directories.ldap.settings import Host, LdapSettings
from connectors.directories.spool import Spool
from connectors.errors import DirectorySettingsMakeNoSense
from rosters.rules import Wanted

USUAL = {"url": "ldaps://dc1.acme.example", "base": "DC=acme,DC=example", "user": "u", "password": {"secret": "ad"}}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"url": "ldap://dc1.acme.example"}, "Nothing is ever sent without TLS"),
        ({"starttls": True}, "don't fit"),
        ({"url": "https://dc1.acme.example"}, "each address is like ldaps://"),
        ({"url": "ldaps://dc1.acme.example:70000"}, "each address is like ldaps://"),
        ({"url": "ldaps://u:p@dc1.acme.example"}, "each address is like ldaps://"),
        ({"url": []}, "url"),
        ({"base": "acme.example"}, "base"),
        ({"password": "plain text"}, "password"),
        ({"filter": "department=Sales"}, "one LDAP filter in brackets"),
        ({"filter": "(a=b))(|(c=d)"}, "one LDAP filter in brackets"),
        ({"filter": "(a=b)(c=d)"}, "one LDAP filter in brackets"),
        ({"validate": False}, "validate"),
    ],
)
def test_settings_that_make_no_sense_are_refused(changed: dict[str, Any], words: str) -> None:
    with pytest.raises(DirectorySettingsMakeNoSense, match=words):
        open_directory("ldap", {**USUAL, **changed})


def test_addresses_become_hosts_with_the_usual_ports() -> None:
    settings = LdapSettings.model_validate({**USUAL, "url": ["ldaps://dc1.acme.example", "ldaps://[::1]:1636/"]})
    assert settings.hosts() == (Host("dc1.acme.example", 636, tls_first=True), Host("::1", 1636, tls_first=True))


def test_starttls_takes_the_port_of_plain_ldap() -> None:
    settings = LdapSettings.model_validate({**USUAL, "url": "ldap://dc1.acme.example", "starttls": True})
    assert settings.hosts() == (Host("dc1.acme.example", 389, tls_first=False),)


def test_a_book_takes_one_address_or_several(tmp_path: Path) -> None:
    (tmp_path / "book.yaml").write_text(
        "version: 1\nclients:\n  - name: Acme\n    slug: acme\n    currency: EUR\n    directories:\n"
        "      - {name: ad, kind: ldap, url: 'ldaps://dc1.acme.example', base: 'DC=acme,DC=example', user: u,"
        " password: {secret: acme-ad}}\n"
    )
    (directory,) = read_book(tmp_path / "book.yaml").clients[0].directories
    assert directory.settings == {**USUAL, "url": ["ldaps://dc1.acme.example"], "password": {"secret": "acme-ad"}}
    assert LdapSettings.model_validate(directory.settings).hosts()[0].name == "dc1.acme.example"


async def test_licences_are_refused_with_what_to_do_since_ldap_knows_none() -> None:
    directory = open_directory("ldap", USUAL, Surroundings(secret=lambda name: name))
    with Spool() as spool, pytest.raises(DirectorySettingsMakeNoSense, match="basis: enabled"):
        await directory.read(None, spool, wanted=Wanted(licences=True))


async def test_a_secret_that_is_not_stored_is_told_with_its_name() -> None:
    with Spool() as spool, pytest.raises(DirectorySettingsMakeNoSense, match="rollcall secret set ad"):
        await open_directory("ldap", USUAL).read(None, spool, wanted=Wanted())
