"""A client in words, part by part, so that two states of it can be told apart."""

from collections.abc import Iterator
from dataclasses import replace

from billing.quantities import Reading, Step
from storage import clients, directories, invoices, links, quantities, readings
from storage.codec import encode
from storage.database import Session
from storage.ids import id_of
from storage.tables import ClientRow

# How the audit log begins to name the parts of a client that move its amounts.
AGREEMENT, LINE, STATED, READINGS = "agreement ", "line ", "stated numbers of ", "readings of "


def described(session: Session, row: ClientRow) -> dict[str, str]:
    """Each part of a client as text, so that two states can be told apart part by part."""
    client_id = id_of(row)
    parts = {
        "its own data": "|".join([row.name, row.currency, row.timezone, row.locale, str(row.channel), row.buyer]),
        "taxes": row.taxes,
        "payment terms": str(row.terms_days),
        "the day on which it is billed": str(row.bill_day),
        "costs": row.costs,
        "the hour of its nightly sync": row.sync_at,
        "the days without a sign-in": str(row.inactive_days),
    }
    for agreement in clients.terms(session, row).agreements:
        parts[f"{AGREEMENT}{agreement.name}"] = encode(replace(agreement, lines=()))
        parts |= {f"{LINE}{line.name}": encode(line) for line in agreement.lines}
    parts |= {f"roster {roster.name}": encode(roster.rule) for roster in clients.rosters_of(session, client_id)}
    parts |= {f"directory {d.name}": d.kind + d.settings + d.scope for d in directories.of_client(session, client_id)}
    for measure, steps in quantities.stated(session, client_id).items():
        parts[f"{STATED}{measure.name}"] = encode(steps, tuple[Step, ...])
    for meter, read in readings.of_client(session, client_id).items():
        parts[f"{READINGS}{meter}"] = encode(read, tuple[Reading, ...])
    groups = links.groups(session, client_id)
    if groups:
        parts["who is one person with several accounts"] = "|".join(str(sorted(group)) for group in groups)
    elsewhere = invoices.elsewhere(session, client_id)
    if elsewhere:
        parts["billed elsewhere"] = "|".join(f"{e.item} {e.starts} {e.ends} {e.amount_minor}" for e in elsewhere)
    return parts


def differences(slug: str, before: dict[str, str], after: dict[str, str]) -> Iterator[str]:
    if not before:
        lines = sum(part.startswith(LINE) for part in after)
        rosters = sum(part.startswith("roster ") for part in after)
        yield f"{slug}: new client, {_count(lines, 'line')}, {_count(rosters, 'roster')}"
        return
    for part in dict.fromkeys([*before, *after]):
        if part not in before:
            yield f"{slug}: {part} is new"
        elif part not in after:
            yield f"{slug}: {part} is gone"
        elif before[part] != after[part]:
            yield f"{slug}: {part} changed"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
