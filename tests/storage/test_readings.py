"""What meters read is kept once under its key."""

from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError

from billing.quantities import Reading
from storage import readings
from storage.database import Database
from tests.billing.build import day
from tests.storage.rows import a_client

FIRST = Reading(day("2027-01-05"), Decimal("812.50"), "a")
SECOND = Reading(day("2027-01-04"), Decimal(0), "b")


def test_readings_are_read_back_as_they_came(database: Database) -> None:
    with database.write("test") as session:
        client_id, other = a_client(session), a_client(session, "birch")
        readings.add(session, client_id, [("gb", FIRST), ("calls", FIRST)])
        readings.add(session, client_id, [("gb", SECOND)])
        readings.add(session, other, [("gb", SECOND)])
    with database.read() as session:
        assert readings.of_client(session, client_id) == {"gb": (FIRST, SECOND), "calls": (FIRST,)}


def test_one_key_of_a_meter_has_one_reading(database: Database) -> None:
    with database.write("test") as session:
        client_id = a_client(session)
        readings.add(session, client_id, [("gb", FIRST)])
        again = Reading(FIRST.on, Decimal(1), FIRST.key)
        with pytest.raises(IntegrityError):
            readings.add(session, client_id, [("gb", again)])
        session.rollback()
