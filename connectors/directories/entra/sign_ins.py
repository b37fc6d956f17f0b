"""When people last signed in: only a premium tenant tells it, and only to an app with a permission of its own.

Failed attempts don't count. Graph has told the successful ones since December 2023.
"""

from datetime import UTC, date, datetime
from typing import Annotated

from msgspec import Meta, Struct, field
from msgspec.json import Decoder

from connectors.directories.entra.graph import Graph
from connectors.directories.entra.paging import however_often, pages
from connectors.directories.entra.shapes import ObjectId, Page

NEEDS = "AuditLog.Read.All"
# Graph gives no more on a page while this property is selected.
_PAGE_SIZE = 120
# Some accounts that never signed in have the first moment of all instead of none.
_NEVER = 1


class _Activity(Struct, frozen=True, gc=False):
    last_successful: Annotated[datetime, Meta(tz=True)] | None = field(
        default=None, name="lastSuccessfulSignInDateTime"
    )


class _User(Struct, frozen=True, gc=False, rename="camel"):
    id: ObjectId
    sign_in_activity: _Activity | None = None


USERS = Decoder(Page[_User])


def first_url(base_url: str, page_size: int = _PAGE_SIZE) -> str:
    """Where the list begins."""
    return f"{base_url}/v1.0/users?$select=id,signInActivity&$top={page_size}"


async def sign_ins(graph: Graph) -> dict[str, date]:
    """The day (UTC) of everybody's last successful sign-in by object id, without those who have none."""

    async def attempt() -> dict[str, date]:
        found: dict[str, date] = {}
        async for page in pages(graph, first_url(graph.base_url), USERS, needs=NEEDS):
            found.update((user.id, day) for user in page.value if (day := _day(user)) is not None)
        return found

    return await however_often("the list of sign-ins", attempt)


def _day(user: _User) -> date | None:
    moment = user.sign_in_activity.last_successful if user.sign_in_activity else None
    return moment.astimezone(UTC).date() if moment and moment.year > _NEVER else None
