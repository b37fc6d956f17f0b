"""One chain a client and one for the house, each entry sealed over the one before."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from storage import audit
from storage.database import Database
from storage.tables import AuditRow
from tests.storage.rows import NOW


def append(database: Database, subject: str, chain: str = "acme") -> None:
    with database.write("test") as session:
        audit.append(session, chain, NOW, "cli:ops for Ada", "test", subject, {"b": 1, "a": [subject]})


def chain(database: Database, name: str = "acme") -> list[AuditRow]:
    with database.read() as session:
        return list(audit.entries(session, name))


def test_entries_follow_each_other(database: Database) -> None:
    for subject in ("one", "two", "three"):
        append(database, subject)
    assert [(entry.seq, entry.subject) for entry in chain(database)] == [(1, "one"), (2, "two"), (3, "three")]


def test_an_entry_is_sealed_over_the_one_before(database: Database) -> None:
    append(database, "one")
    append(database, "two")
    first, second = chain(database)
    assert (first.previous, second.previous) == ("", first.hash)


@pytest.mark.parametrize("field", ["previous", "chain", "at", "actor", "action", "subject", "data"])
def test_the_seal_covers_every_field(database: Database, field: str) -> None:
    append(database, "one")
    (entry,) = chain(database)
    setattr(entry, field, "altered")
    assert audit.seal(entry) != entry.hash


def test_the_seal_covers_the_position(database: Database) -> None:
    append(database, "one")
    (entry,) = chain(database)
    entry.seq = 2
    assert audit.seal(entry) != entry.hash


def test_the_seal_is_the_same_when_read_back(database: Database) -> None:
    append(database, 'ünïcode <!channel> "quoted" | piped')
    (entry,) = chain(database)
    assert audit.seal(entry) == entry.hash


def test_clients_have_chains_of_their_own(database: Database) -> None:
    append(database, "one", "acme")
    append(database, "two", "globex")
    assert [entry.seq for entry in (*chain(database, "acme"), *chain(database, "globex"))] == [1, 1]


def test_the_head_is_the_newest_entry(database: Database) -> None:
    append(database, "one")
    append(database, "two")
    with database.read() as session:
        (head,) = audit.chains(session)
    assert (head.seq, head.hash) == (2, chain(database)[-1].hash)


def test_many_writers_of_one_chain_stand_in_line(database: Database) -> None:
    with ThreadPoolExecutor(6) as writers:
        list(writers.map(lambda number: append(database, str(number)), range(24)))
    entries = chain(database)
    assert [entry.seq for entry in entries] == list(range(1, 25))
    assert [entry.previous for entry in entries[1:]] == [entry.hash for entry in entries[:-1]]


def test_the_newest_entries_come_first(database: Database) -> None:
    for subject in ("one", "two", "three"):
        append(database, subject, chain="globex" if subject == "two" else "acme")
    with database.read() as session:
        assert [entry.subject for entry in audit.latest(session, None, 2)] == ["three", "two"]
        assert [entry.subject for entry in audit.latest(session, "acme", 5)] == ["three", "one"]
