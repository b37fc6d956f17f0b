from collections.abc import Iterator

import pytest

from commands.replay import replay
from storage.database import Database
from tests.billing.build import per_unit
from tests.support.books import client
from tests.support.msp import Msp, played_once


@pytest.fixture
def msp(database: Database) -> Iterator[Msp]:
    """An MSP that has just begun, on 1 January 2027; whatever it issues comes out the same when it is drafted again."""
    msp = Msp(database)
    yield msp
    assert msp.is_tampered_with or replay(database).problems == ()


@pytest.fixture
@played_once
def counted(msp: Msp) -> Msp:
    """Acme pays 10 dollars a user, and its three users, Ann, Bo and Cy, were counted on 1 January."""
    msp.imports(client(per_unit("10")))
    msp.count("ann", "bo", "cy")
    return msp
