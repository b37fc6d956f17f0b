"""What a pretend source can be told to do wrong: answers that are twisted, once or several times, at one endpoint."""

from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

from sandbox.microsoft.answers import Dropped, truncated

Twist = Callable[[Request, Response], Response]


@dataclass(slots=True)
class Order:
    """One fault to come: it lets `after` requests to the endpoint pass, then happens `times` times."""

    endpoint: str
    twist: Twist
    after: int = 0
    times: int = 1


@dataclass(slots=True)
class Faults:
    """The orders of one source, first come first served at each endpoint."""

    orders: list[Order] = field(default_factory=list)

    def order(self, endpoint: str, twist: Twist, *, after: int = 0, times: int = 1) -> None:
        """Adds one."""
        self.orders.append(Order(endpoint, twist, after, times))

    def applied(self, endpoint: str, request: Request, answer: Response) -> Response:
        """The answer as the fault leaves it that the request meets, if any."""
        order = next((order for order in self.orders if order.endpoint == endpoint), None)
        if order is None:
            return answer
        if order.after > 0:
            order.after -= 1
            return answer
        order.times -= 1
        if order.times == 0:
            self.orders.remove(order)
        return order.twist(request, answer)


def instead(response: Response) -> Twist:
    """Something else is sent."""
    return lambda _, __: response


def broken_off(_: Request, answer: Response) -> Response:
    """Half of the answer comes, as if it were the whole."""
    return truncated(answer)


def dropped(_: Request, answer: Response) -> Response:
    """The connection breaks in the middle of the answer."""
    return Dropped(bytes(answer.body), answer.status_code, dict(answer.headers), media_type="application/json")
