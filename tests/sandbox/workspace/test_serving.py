"""The server that carries the sandbox's applications."""

import asyncio
import ssl

import httpx
import pytest
import trustme
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from sandbox.serving import drop_connection, serve


async def _hello(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("hello")


async def _hang_up(request: Request) -> PlainTextResponse:
    drop_connection(request.scope)
    return PlainTextResponse("never read")


async def _take_your_time(request: Request) -> PlainTextResponse:
    request.app.state.begun.set()
    await asyncio.sleep(0.1)
    return PlainTextResponse("at last")


@pytest.fixture
def app() -> Starlette:
    made = Starlette(
        routes=[Route("/hello", _hello), Route("/hang-up", _hang_up), Route("/take-your-time", _take_your_time)]
    )
    made.state.begun = asyncio.Event()
    return made


async def test_an_application_answers_at_the_address_that_is_yielded(app: Starlette) -> None:
    async with serve(app) as base_url, httpx.AsyncClient(base_url=base_url) as http:
        assert (await http.get("/hello")).text == "hello"


async def test_after_the_block_nothing_listens_any_more(app: Starlette) -> None:
    async with serve(app) as base_url:
        pass
    async with httpx.AsyncClient(base_url=base_url) as http:
        with pytest.raises(httpx.ConnectError):
            await http.get("/hello")


async def test_a_request_that_is_running_when_the_block_is_left_is_answered(app: Starlette) -> None:
    async with httpx.AsyncClient() as http:
        async with serve(app) as base_url:
            asked = asyncio.create_task(http.get(f"{base_url}/take-your-time"))
            await app.state.begun.wait()
        assert (await asked).text == "at last"


async def test_an_address_that_is_taken_is_an_error_of_the_caller(app: Starlette) -> None:
    async with serve(app) as base_url:
        with pytest.raises(OSError, match="in use"):
            async with serve(app, port=httpx.URL(base_url).port or 0):
                pass


async def test_a_dropped_connection_ends_before_the_answer(app: Starlette) -> None:
    async with serve(app) as base_url, httpx.AsyncClient(base_url=base_url) as http:
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            await http.get("/hang-up")


async def test_a_certificate_makes_it_https(app: Starlette) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    async with serve(app, ssl=context) as base_url, httpx.AsyncClient(base_url=base_url, verify=trusting) as http:
        assert base_url.startswith("https://")
        assert (await http.get("/hello")).text == "hello"
