import pytest

from storage.database import Database
from tests.billing.build import per_unit
from tests.support.books import client
from tests.support.msp import Msp, played_once


@pytest.fixture
def msp(database: Database) -> Msp:
    """An MSP that has just begun, on 1 January 2027."""
    return Msp(database)


@pytest.fixture
@played_once
def counted(msp: Msp) -> Msp:
    """Acme pays 10 dollars a user, and its three users, Ann, Bo and Cy, were counted on 1 January."""
    msp.imports(client(per_unit("10")))
    msp.count("ann", "bo", "cy")
    return msp
