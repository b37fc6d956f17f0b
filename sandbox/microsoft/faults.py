"""What the pretend Microsoft can be told to do wrong, once or several times, at the endpoint that is named."""

from dataclasses import dataclass, field
from enum import StrEnum


class Endpoint(StrEnum):
    """Where a fault happens."""

    TOKEN = "token"
    DELTA = "delta"
    SKUS = "skus"
    USER = "user"
    APPLICATIONS = "applications"
    USERS = "users"
    GROUPS = "groups"
    MEMBERS = "members"
    BATCH = "batch"
    MAILBOX = "mailbox"


class Fault(StrEnum):
    """What happens there. Those of the last group change a page of a list and do nothing elsewhere."""

    FORBIDDEN = "forbidden"
    TOKEN_REVOKED = "token_revoked"
    CLAIMS_WANTED = "claims_wanted"
    THROTTLED = "throttled"
    SERVER_ERROR = "server_error"
    UNAVAILABLE = "unavailable"
    GATEWAY_TIMEOUT = "gateway_timeout"
    NOT_FOUND = "not_found"
    FAILED_DEPENDENCY = "failed_dependency"
    GONE = "gone"
    GONE_WITHOUT_LOCATION = "gone_without_location"
    RESYNC_APPLY = "resync_apply"
    RESYNC_UPLOAD = "resync_upload"
    SYNC_STATE_NOT_FOUND = "sync_state_not_found"
    PAGE_TOKEN_EXPIRED = "page_token_expired"
    DROPPED = "dropped"
    TRUNCATED = "truncated"
    SLOW = "slow"

    EMPTY_PAGE = "empty_page"
    EMPTY_DIRECTORY = "empty_directory"
    PARTIAL_DIRECTORY = "partial_directory"
    STALE_REPLAY = "stale_replay"
    FOREIGN_LINK = "foreign_link"
    LOOPING_LINK = "looping_link"
    MISSING_LINK = "missing_link"
    MANGLED_USER = "mangled_user"


@dataclass(slots=True)
class Order:
    """One fault to come: it lets `after` requests pass, then happens `times` times.

    `seconds` is what `Retry-After` says (left out when None), or how long a slow answer takes.
    """

    endpoint: Endpoint
    fault: Fault
    after: int = 0
    times: int = 1
    seconds: float | None = None


@dataclass(slots=True)
class Faults:
    """The orders of one tenant, first come first served at each endpoint."""

    orders: list[Order] = field(default_factory=list)

    def order(
        self, endpoint: Endpoint, fault: Fault, *, after: int = 0, times: int = 1, seconds: float | None = None
    ) -> None:
        """Adds one."""
        self.orders.append(Order(endpoint, fault, after, times, seconds))

    def take(self, endpoint: Endpoint) -> Order | None:
        """The fault that the request just arrived meets, if any."""
        order = next((order for order in self.orders if order.endpoint == endpoint), None)
        if order is None:
            return None
        if order.after > 0:
            order.after -= 1
            return None
        order.times -= 1
        if order.times == 0:
            self.orders.remove(order)
        return order
