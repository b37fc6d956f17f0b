"""Taking a complete reading of a directory into the accounts: a dict by object id, the last sighting wins."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlmodel import Session

from billing.accounts import Account
from billing.rules import Reason, Roster, Verdict, asks_for_licences, place
from storage import directories
from storage.ids import id_of
from storage.tables import AccountRow, DirectoryRow, IdentityRow, PersonRow

Fields = Mapping[str, Any]
_GONE = Verdict(counts=False, reason=Reason.GONE)
# Verdicts that were made by a name or mail: they stand once that name is erased, since nothing could make them again.
_NEEDS_NAMES = frozenset({Reason.EXCLUDED, Reason.OWN_STAFF})


def take(
    session: Session,
    directory: DirectoryRow,
    entries: Iterable[tuple[str, Fields | None]],
    on: date,
    sync_id: int,
    *,
    full: bool,
) -> int:
    """Stores what was seen (None: removed), and says how many accounts are present now.

    A property that the source didn't send keeps its value. After a full reading, accounts that weren't seen are gone.
    """
    held = directories.accounts(session, id_of(directory))
    seen: dict[str, Fields | None] = {}
    for object_id, fields in entries:
        before = seen.get(object_id)
        seen[object_id] = {**before, **fields} if before and fields else fields
    known = directories.identities(session, (row.identity_id for row in held.values()))
    renamed: list[tuple[AccountRow, Account]] = []
    for object_id, fields in seen.items():
        row = held.get(object_id)
        if row is not None:
            account = _update(row, known[row.identity_id], fields)
            if account is not None:
                renamed.append((row, account))
    if full:
        for object_id, row in held.items():
            row.present = row.present and seen.get(object_id) is not None
    new = {object_id: fields for object_id, fields in seen.items() if fields is not None and object_id not in held}
    _rename(session, renamed, on)
    _insert(session, directory, new, on, sync_id)
    session.flush()
    return sum(row.present for row in held.values()) + len(new)


def _update(row: AccountRow, identity: IdentityRow, fields: Fields | None) -> Account | None:
    """Alters the account in place; gives it back when what it is called has changed."""
    if fields is None:
        row.present = False
        return None
    before = directories.as_account(row, identity)
    account = replace(before, **fields)
    row.present, row.enabled, row.guest, row.mailbox = True, account.enabled, account.guest, account.mailbox
    row.licences = json.dumps(account.licences)
    called = (account.name, account.mail, account.upn) != (before.name, before.mail, before.upn)
    return account if called and not _is_erased(identity) else None


def _is_erased(identity: IdentityRow) -> bool:
    """Whether the name was erased; it isn't stored again, although the directory still shows it."""
    return not identity.salt


def _rename(session: Session, renamed: Sequence[tuple[AccountRow, Account]], on: date) -> None:
    rows = [directories.new_identity(row.person_id, account, on) for row, account in renamed]
    session.add_all(rows)
    session.flush()
    for (account, _), identity in zip(renamed, rows, strict=True):
        account.identity_id = id_of(identity)


def _insert(session: Session, directory: DirectoryRow, new: Mapping[str, Fields], on: date, sync_id: int) -> None:
    accounts = [Account(object_id=object_id, **fields) for object_id, fields in new.items()]
    people = [PersonRow(client_id=directory.client_id) for _ in accounts]
    session.add_all(people)
    session.flush()
    identities = [directories.new_identity(id_of(p), a, on) for p, a in zip(people, accounts, strict=True)]
    session.add_all(identities)
    session.flush()
    session.add_all(
        AccountRow(
            directory_id=id_of(directory),
            object_id=account.object_id,
            person_id=identity.person_id,
            identity_id=id_of(identity),
            enabled=account.enabled,
            guest=account.guest,
            licences=json.dumps(account.licences),
            mailbox=account.mailbox,
            since=on,
            first_seen=on,
            sync_id=sync_id,
        )
        for account, identity in zip(accounts, identities, strict=True)
    )
    session.flush()


def judge(
    session: Session,
    directory: DirectoryRow,
    rosters: Sequence[Roster],
    on: date,
    sync_id: int | None,
    first_seen: Mapping[str, date],
) -> int:
    """Gives every account of a directory its verdict, and says how many count.

    `since` moves only when the account goes to another roster or off it; `first_seen` has the days on which a held
    reading saw that first.
    """
    held = directories.accounts(session, id_of(directory))
    known = directories.identities(session, (row.identity_id for row in held.values()))
    needs_licences = asks_for_licences(rosters)
    for object_id, row in held.items():
        if row.present and needs_licences and directories.as_licences(row.licences) is None:
            # A rule began to ask for licences; until this directory is read with them, nothing new can be said.
            continue
        if row.present and row.reason in _NEEDS_NAMES and _is_erased(known[row.identity_id]):
            continue
        account = directories.as_account(row, known[row.identity_id])
        verdict = place(rosters, account) if row.present else _GONE
        if row.roster != verdict.roster or not row.reason:
            row.since, row.sync_id = first_seen.get(object_id, on), sync_id
        row.roster, row.reason, row.detail = verdict.roster, verdict.reason, verdict.detail
        session.add(row)
    session.flush()
    return sum(row.roster is not None for row in held.values())
