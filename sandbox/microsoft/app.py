"""The pretend Microsoft as one ASGI application: sign-in and Graph on one address, and a way to control them."""

from starlette.applications import Starlette

from sandbox.microsoft import control, graph, sign_in
from sandbox.microsoft.cloud import Cloud


def create_app(cloud: Cloud) -> Starlette:
    """The application over a cloud, which tests may also change directly."""
    return Starlette(routes=[*control.routes(cloud), *graph.routes(cloud), *sign_in.routes(cloud)])
