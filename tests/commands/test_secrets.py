"""Stored secrets: what is kept, who may, what is written into the audit log, and what never is."""

import traceback
from pathlib import Path

import pytest

from billing.errors import RollcallError
from commands import audit, imports
from commands.actors import Actor
from commands.keys import Keys, SecretCannotBeOpened
from commands.permissions import NotAllowed
from commands.secrets import (
    SecretIsEmpty,
    SecretIsInUse,
    SecretIsTooLong,
    SecretIsUnknown,
    SecretNameIsWrong,
    list_secrets,
    open_secret,
    remove_secret,
    rotate_secrets,
    set_secret,
)
from connectors.directories.kinds import secrets_named
from storage import secrets as stored
from storage.database import Database
from storage.schema import prepare
from tests.support.books import book, client
from tests.support.msp import ADA, Msp
from tests.support.secrets import NEW, OLD, VALUE, key

KEYS = Keys.of(OLD)
BOTH = Keys.of(f"{NEW},{OLD}")
PASSWORD = {"password": {"secret": "acme-ad"}}


def actions(database: Database) -> list[tuple[str, str, str]]:
    """The audit log, the oldest entry first."""
    return [(entry.action, entry.subject, entry.data) for entry in reversed(audit.entries(database, ADA))]


def test_a_secret_comes_back_as_it_was_stored(database: Database) -> None:
    pem = "-----BEGIN KEY-----\nä\n-----END KEY-----"
    assert set_secret(database, ADA, KEYS, "pem", pem) is False
    assert open_secret(database, KEYS, "pem") == pem


def test_a_secret_takes_the_place_of_the_one_before(database: Database) -> None:
    set_secret(database, ADA, KEYS, "acme-ad", "before")
    assert set_secret(database, ADA, KEYS, "acme-ad", VALUE) is True
    assert open_secret(database, KEYS, "acme-ad") == VALUE


@pytest.mark.parametrize("name", ["", "acme ad", "-acme", "a" * 101, "acme\n", VALUE])
def test_a_name_that_no_book_could_write_is_refused_without_being_repeated(database: Database, name: str) -> None:
    with pytest.raises(SecretNameIsWrong) as refused:
        set_secret(database, ADA, KEYS, name, VALUE)
    assert VALUE not in str(refused.value)


@pytest.mark.parametrize(("value", "refusal"), [(" \n", SecretIsEmpty), ("x" * 65_537, SecretIsTooLong)])
def test_what_is_no_secret_is_refused(database: Database, value: str, refusal: type[RollcallError]) -> None:
    with pytest.raises(refusal):
        set_secret(database, ADA, KEYS, "acme-ad", value)


def test_a_list_says_who_stored_what_by_which_key_and_for_which_directory(msp: Msp) -> None:
    msp.imports(client(settings=PASSWORD))
    set_secret(msp.database, ADA, KEYS, "acme-ad", VALUE, msp.clock)
    set_secret(msp.database, ADA, BOTH, "other", VALUE, msp.clock)
    listed = list_secrets(msp.database, ADA, KEYS)
    assert [(one.name, one.updated_by, one.key_id, one.opens, one.named_by) for one in listed] == [
        ("acme-ad", ADA.id, KEYS.newest, True, ("acme/hr",)),
        ("other", ADA.id, BOTH.newest, False, ()),
    ]


def test_a_secret_that_a_directory_names_is_not_removed(msp: Msp) -> None:
    msp.imports(client(settings=PASSWORD), client(slug="globex", settings={"tls": PASSWORD}))
    set_secret(msp.database, ADA, KEYS, "acme-ad", VALUE)
    with pytest.raises(SecretIsInUse, match=r"^acme/hr, globex/hr can't be read without the secret acme-ad"):
        remove_secret(msp.database, ADA, "acme-ad")
    assert open_secret(msp.database, KEYS, "acme-ad") == VALUE


def test_a_secret_that_nobody_needs_is_forgotten(database: Database) -> None:
    set_secret(database, ADA, KEYS, "acme-ad", VALUE)
    remove_secret(database, ADA, "acme-ad")
    assert list_secrets(database, ADA, KEYS) == ()


def test_a_secret_that_is_not_there_says_how_it_is_stored(database: Database) -> None:
    for attempt in (
        lambda: open_secret(database, KEYS, "acme-ad"),
        lambda: remove_secret(database, ADA, "acme-ad"),
        lambda: rotate_secrets(database, ADA, KEYS, "acme-ad"),
    ):
        with pytest.raises(SecretIsUnknown, match="There is no secret named acme-ad: rollcall secret set acme-ad"):
            attempt()


def test_rotating_moves_what_is_under_an_older_key_and_leaves_its_date(database: Database) -> None:
    set_secret(database, ADA, KEYS, "acme-ad", VALUE)
    set_secret(database, ADA, BOTH, "other", VALUE)
    before = [one.updated_at for one in list_secrets(database, ADA, BOTH)]
    done = rotate_secrets(database, ADA, BOTH)
    assert (done.moved, done.already, done.key_id) == (("acme-ad",), ("other",), BOTH.newest)
    assert open_secret(database, Keys.of(NEW), "acme-ad") == VALUE
    assert [one.updated_at for one in list_secrets(database, ADA, BOTH)] == before


def test_one_secret_can_be_rotated_by_itself(database: Database) -> None:
    for name in ("acme-ad", "other"):
        set_secret(database, ADA, KEYS, name, VALUE)
    assert rotate_secrets(database, ADA, BOTH, "other").moved == ("other",)
    assert [one.key_id for one in list_secrets(database, ADA, BOTH)] == [KEYS.newest, BOTH.newest]


def test_a_secret_that_no_key_opens_keeps_all_from_being_rotated(database: Database) -> None:
    set_secret(database, ADA, KEYS, "acme-ad", VALUE)
    set_secret(database, ADA, Keys.of(key("x")), "other", VALUE)
    with pytest.raises(SecretCannotBeOpened, match="The secret other"):
        rotate_secrets(database, ADA, BOTH)
    assert list_secrets(database, ADA, BOTH)[0].key_id == KEYS.newest


def test_only_an_admin_may(database: Database) -> None:
    user = Actor("U0USER", "slack")
    for attempt in (
        lambda: set_secret(database, user, KEYS, "acme-ad", VALUE),
        lambda: list_secrets(database, user, KEYS),
        lambda: remove_secret(database, user, "acme-ad"),
        lambda: rotate_secrets(database, user, KEYS),
    ):
        with pytest.raises(NotAllowed, match="To keep secrets takes the role admin"):
            attempt()


def test_each_deed_stands_in_the_audit_log_without_the_value(database: Database) -> None:
    set_secret(database, ADA, KEYS, "acme-ad", VALUE)
    rotate_secrets(database, ADA, BOTH)
    remove_secret(database, ADA, "acme-ad")
    assert actions(database) == [
        ("secret.set", "acme-ad", f'{{"key":"{KEYS.newest}"}}'),
        ("secret.rotate", "acme-ad", f'{{"key":"{BOTH.newest}"}}'),
        ("secret.remove", "acme-ad", "{}"),
    ]
    assert audit.verify(database).problems == ()


def test_the_value_is_in_no_repr_and_in_no_trace_of_an_error(database: Database) -> None:
    set_secret(database, ADA, KEYS, "acme-ad", VALUE)
    with database.read() as session:
        (row,) = stored.every(session)
        shown = f"{row!r} {list_secrets(database, ADA, KEYS)!r}"
    with pytest.raises(SecretCannotBeOpened) as refused:
        open_secret(database, Keys.of(NEW), "acme-ad")
    shown += "".join(traceback.format_exception(refused.value))
    assert VALUE not in shown
    assert row.encrypted[:20] not in shown


def test_the_value_is_in_no_file_of_the_database(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'one.db'}")
    prepare(database)
    set_secret(database, ADA, KEYS, "acme-ad", VALUE)
    found = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    database.close()
    assert b"acme-ad" in found
    assert VALUE.encode() not in found


def test_an_import_warns_of_a_secret_that_is_not_stored_and_goes_on(msp: Msp) -> None:
    named = book(client(settings=PASSWORD))
    plan = imports.plan_import(msp.database, ADA, named, msp.clock)
    assert plan.warnings == (
        "acme: the directory hr can't be read before its secret is stored: rollcall secret set acme-ad",
    )
    assert imports.apply_import(msp.database, ADA, named, msp.clock).warnings == plan.warnings
    set_secret(msp.database, ADA, KEYS, "acme-ad", VALUE)
    assert imports.plan_import(msp.database, ADA, named, msp.clock).warnings == ()


def test_a_setting_that_is_called_secret_is_no_stored_one() -> None:
    assert list(secrets_named({"secret": "plain", "a": {"secret": 1}, "b": {"secret": "x", "c": 2}})) == []
