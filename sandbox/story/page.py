"""What stands at the workspace's address for a person with a browser: where things are, as plain text."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

_TEXT = """The pretended Slack of Rollcall's demo.

There is no page to click on yet: what people see and do here goes through calls below /control/.

  GET  /control/state                      everything
  GET  /control/messages?channel=acme      what is in a channel
  POST /control/do/command                 {"user": "approver", "channel": "acme", "command": "/users", "text": "acme"}
  POST /control/do/act                     {"user": "approver", "channel": "acme", "ts": "...", "named": "Approve"}
  POST /control/do/submit                  {"user": "approver", "values": {"From": "2027-01-01"}}
"""


def with_status_page(app: Starlette) -> Starlette:
    """The same application, with a few words at `/`."""

    async def page(_request: Request) -> Response:
        return PlainTextResponse(_TEXT)

    app.router.routes.append(Route("/", page))
    return app
