"""The page that plays Slack, on the same server as the pretend Slack: `/`, its calls below `/page/`, and its files."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from billing.errors import WrongInput
from sandbox.page.backstage import Backstage
from sandbox.page.backstage_deeds import BACKSTAGE_DEEDS
from sandbox.page.channel_view import title
from sandbox.page.completion import complete
from sandbox.page.deeds import DEEDS
from sandbox.page.desk import Desk, open_desk
from sandbox.page.events import events
from sandbox.page.files import served
from sandbox.page.panel_view import hiring, suggested_name
from sandbox.page.regions import REGIONS
from sandbox.page.tour import sentences
from sandbox.page.visit import Visit
from sandbox.workspace.interactions import Interactions
from sandbox.workspace.sending import sender_of
from sandbox.workspace.state import Workspace
from sandbox.workspace.wishes import Wishes

_STATIC = Path(__file__).with_name("static")
_FONTS = "documents", "fonts"
_GUARD = "X-Rollcall-Page"
_SAFE = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}

Handler = Callable[[Request], Awaitable[Response]]


class _Static(StaticFiles):
    """Files that a browser asks after each time, since another version of the demo may be served there next."""

    def file_response(self, *given: Any, **named: Any) -> Response:
        response = super().file_response(*given, **named)
        response.headers["Cache-Control"] = "no-cache"
        return response


def with_page(app: Starlette, workspace: Workspace, backstage: Backstage | None = None) -> Starlette:
    """The same application, with the page on it."""
    desk = open_desk(workspace, backstage)
    app.router.routes += [
        Route("/", _safely(_whole, desk)),
        Route("/page/region/{name}", _safely(_region, desk)),
        Route("/page/events", _safely(_events, desk)),
        Route("/page/complete", _safely(_complete, desk)),
        Route("/page/suggest", _safely(_suggest, desk)),
        Route("/page/files/{file_id}/{name}", _safely(_file, desk)),
        Route("/page/do/{what}", _safely(_do, desk), methods=["POST"]),
        Mount("/static/fonts", _Static(packages=[_FONTS])),
        Mount("/static", _Static(directory=_STATIC)),
    ]
    return app


def _safely(handler: Callable[[Desk, Request], Awaitable[Response]], desk: Desk) -> Handler:
    """The handler, its answers with headers that let a browser run and load nothing but our own."""

    async def safe(request: Request) -> Response:
        try:
            response = await handler(desk, request)
        except WrongInput as wrong:
            response = JSONResponse({"error": str(wrong)}, status_code=400)
        for name, value in _SAFE.items():
            response.headers.setdefault(name, value)
        return response

    return safe


async def _whole(desk: Desk, request: Request) -> Response:
    try:
        visit = _visit(desk, request)
    except WrongInput:
        # A tab that is open since an earlier demo names what isn't there any more.
        return RedirectResponse("/")
    regions = {name: region(desk, visit) for name, region in REGIONS.items()}
    html = desk.render(
        "page.html",
        visit=visit,
        title=title(desk, visit.channel),
        regions=regions,
        hiring=hiring(desk, visit),
        name=suggested_name(desk, visit),
        tour=sentences(desk.backstage) if desk.backstage else (),
        has_backstage=desk.backstage is not None,
    )
    return HTMLResponse(html)


async def _region(desk: Desk, request: Request) -> Response:
    region = REGIONS.get(request.path_params["name"])
    if region is None:
        raise WrongInput(f"The page has no such region. It has {', '.join(REGIONS)}.")
    fragment = region(desk, _visit(desk, request))
    return HTMLResponse(fragment.html, headers={"X-Version": fragment.version})


async def _events(desk: Desk, request: Request) -> Response:
    _visit(desk, request)
    return events(desk, request)


async def _complete(desk: Desk, request: Request) -> Response:
    clients = desk.backstage.clients() if desk.backstage else ()
    following = desk.backstage.clock().next_bill_date if desk.backstage else None
    found = complete(request.query_params.get("text", ""), clients, following)
    return JSONResponse([asdict(one) for one in found])


async def _suggest(desk: Desk, request: Request) -> Response:
    query = request.query_params
    ts = query.get("ts")
    suggested = await _person(desk, request).suggest(
        query["as"],
        query["control"],
        query.get("query", ""),
        channel=query.get("channel") if ts else None,
        ts=ts,
    )
    return JSONResponse(asdict(suggested))


async def _file(desk: Desk, request: Request) -> Response:
    return served(desk.workspace.files.get(request.path_params["file_id"]))


async def _do(desk: Desk, request: Request) -> Response:
    if _GUARD not in request.headers:
        # Another site's page could post a form to here, but no header of its own without our leave.
        raise WrongInput(f"Only the page itself may do that; it says so with the header {_GUARD}.")
    what, wishes = request.path_params["what"], Wishes.of(await request.body())
    if what in DEEDS:
        return JSONResponse(await DEEDS[what](desk, _person(desk, request), wishes))
    if what in BACKSTAGE_DEEDS and desk.backstage is not None:
        done = BACKSTAGE_DEEDS[what](desk.backstage, wishes)
        desk.workspace.pulse.beat()
        return JSONResponse(done)
    raise WrongInput(f"Nothing here is called {what}. Possible: {', '.join((*DEEDS, *BACKSTAGE_DEEDS))}.")


def _visit(desk: Desk, request: Request) -> Visit:
    return Visit.of(desk.workspace.places, request.query_params, request.cookies)


def _person(desk: Desk, request: Request) -> Interactions:
    sender = sender_of(desk.workspace, request.state.http)
    return Interactions(desk.workspace, sender, str(request.base_url).rstrip("/"))
