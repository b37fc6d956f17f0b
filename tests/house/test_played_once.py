"""A beginning that many tests share is played once and then put back, as if it had been played again."""

from commands.audit import verify
from documents.canonical import Json
from storage.database import Database
from tests.billing.build import day, per_unit
from tests.support.books import client
from tests.support.databases import contents
from tests.support.msp import Msp, played_once


def go_on(msp: Msp) -> tuple[Json, dict[str, list[object]]]:
    """Bills another month; what is on the invoice, and the numbers of all rows, which go on from those before."""
    msp.on("2027-01-11").count("cy")
    msp.bill("2027-02-01")
    rows = contents(msp.database).rows
    return msp.document("NW-000002"), {table: [row.get("id") for row in found] for table, found in rows.items()}


def test_what_is_put_back_is_what_was_played_and_goes_on_alike(database: Database) -> None:
    played = []

    @played_once
    def billed(msp: Msp) -> Msp:
        played.append(msp)
        msp.imports(client(per_unit("10")))
        msp.count("ann", "bo")
        msp.bill("2027-01-01")
        return msp

    first = billed(msp=Msp(database))
    after_playing = contents(database)
    went_on = go_on(first)

    again = Msp(database)
    assert billed(msp=again) is again
    assert (len(played), contents(database)) == (1, after_playing)
    assert (again.today, set(again.directory().accounts)) == (day("2027-01-01"), {"ann", "bo"})
    assert go_on(again) == went_on
    assert verify(database).problems == ()
