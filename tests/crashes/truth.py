"""What a database holds, without what may differ between two courses of the same events: times, and who holds a lease.

Two runs of a story with the same truth decided the same things, billed the same cents and wrote the same audit log.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

Truth = dict[str, list[tuple[object, ...]]]

_TRUTH = {
    "clients": "SELECT slug, name, currency, channel FROM clients ORDER BY slug",
    "roles": "SELECT subject, role FROM roles ORDER BY subject",
    "rosters": "SELECT client_id, name, counted_from FROM rosters ORDER BY 1, 2",
    "directories": "SELECT client_id, name, failing_since, trips, accounts_seen FROM directories ORDER BY 1, 2",
    "accounts": "SELECT directory_id, object_id, present, roster, reason, since FROM accounts ORDER BY 1, 2",
    "changes": "SELECT id, revision, state, decided_by, decided_on, reason, monthly_minor FROM changes ORDER BY 1, 2",
    "items": "SELECT change_id, revision, position, kind, person_id, effective FROM change_items ORDER BY 1, 2, 3",
    "rejections": "SELECT client_id, kind, person_id, reason FROM rejections ORDER BY 1, 3",
    "seats": "SELECT client_id, roster, person_id, starts, ends, opened_by, closed_by FROM seats ORDER BY 1, 3, 4",
    "names": "SELECT person_id, name FROM identities ORDER BY 1, 2",
    "runs": "SELECT bill_date, state, started_by, approved_by, issued_by FROM runs ORDER BY 1",
    "run clients": "SELECT bill_date, client_id, state, held, overridden, total_minor FROM run_clients ORDER BY 1, 2",
    "overrides": 'SELECT client_id, code, "by", reason, until FROM overrides ORDER BY 1, 2',
    "invoices": "SELECT number_text, client_id, bill_date, document, state, total_minor FROM invoices ORDER BY 1, 2",
    "charges": "SELECT client_id, invoice_id, item, starts, ends, amount_minor FROM charges ORDER BY 1, 2, position",
    "series": "SELECT name, next FROM series ORDER BY 1",
    "links": "SELECT client_id, one_id, other_id, same, decided_by FROM links ORDER BY 1, 2, 3",
    "secrets": "SELECT name, updated_by FROM secrets ORDER BY 1",
    "credentials": "SELECT name, told FROM credentials ORDER BY 1",
    # Whoever exports again because the first copy was lost, or stores a secret again, has done so twice.
    "audit": "SELECT chain, actor, action, subject FROM audit"
    " WHERE action NOT IN ('book.export', 'secret.set') ORDER BY chain, seq",
    "turns": "SELECT job, slot FROM slots ORDER BY 1, 2",
    "cards": "SELECT kind, subject, channel FROM notices ORDER BY 1, 2",
}


def truth(file: Path) -> Truth:
    """What the database of a file holds."""
    return {name: rows(file, query) for name, query in _TRUTH.items()}


def differences(expected: Truth, found: Truth) -> list[str]:
    """What one truth has and the other doesn't, in sentences."""
    return [f"{name} are {found[name]}, not {expected[name]}" for name in expected if expected[name] != found[name]]


def damage(file: Path) -> list[str]:
    """What SQLite itself finds wrong."""
    said = [str(row[0]) for row in rows(file, "PRAGMA integrity_check")]
    broken = [f"a broken reference: {row}" for row in rows(file, "PRAGMA foreign_key_check")]
    return [sentence for sentence in said if sentence != "ok"] + broken


def rows(file: Path, query: str) -> list[tuple[object, ...]]:
    """What a query finds; nothing in a database that isn't made yet."""
    if not file.exists():
        return []
    with closing(sqlite3.connect(file, timeout=10)) as connection:
        return list(connection.execute(query))
