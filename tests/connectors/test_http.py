"""What every client that reaches out over HTTP shares."""

import sys
from collections.abc import AsyncIterator, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from connectors.http import HttpFactory, HttpSettings
from sandbox.serving import serve


@pytest.fixture
async def base_url() -> AsyncIterator[str]:
    async def hello(_request: Request) -> PlainTextResponse:
        return PlainTextResponse("hello")

    async with serve(Starlette(routes=[Route("/hello", hello)])) as url:
        yield url


class Witness:
    """Sees which modules Python looks for, and finds none."""

    def __init__(self) -> None:
        self.looked_for: list[str] = []

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        self.looked_for.append(name)
        return None


async def test_no_request_looks_for_a_module_once_all_are_loaded(
    base_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    http, witness = HttpFactory(HttpSettings()), Witness()
    async with http.client("first") as client:
        await client.get(f"{base_url}/hello")
    monkeypatch.setattr(sys, "meta_path", [witness, *sys.meta_path])
    async with http.client("second") as client:
        await client.get(f"{base_url}/hello")
    assert witness.looked_for == []
