"""The page over a bare workspace: what each reader is shown, what a tab hears of, and what only the page may do."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from sandbox.page.app import with_page
from sandbox.page.channel_view import size
from sandbox.page.regions import REGIONS
from sandbox.serving import NO_TLS, serve
from sandbox.workspace.app import create_app
from sandbox.workspace.model import Content
from sandbox.workspace.state import BOT_USER, Workspace
from tests.support.workspace import SECRET, TOKEN

PAGE = {"X-Rollcall-Page": "1"}
ALMA = {"as": "U0APPROVER", "channel": "C0ACME"}
MODAL = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Reason"},
    "submit": {"type": "plain_text", "text": "Reject"},
    "blocks": [
        {
            "type": "input",
            "block_id": "why",
            "label": {"type": "plain_text", "text": "Why?"},
            "element": {"type": "plain_text_input", "action_id": "why"},
        }
    ],
}


@pytest.fixture
def workspace() -> Workspace:
    workspace = Workspace(bot_token=TOKEN, signing_secret=SECRET, told_again_after=(), now=lambda: 1_800_000_000.0)
    workspace.places.add_channel("acme", "C0ACME")
    workspace.places.add_channel("birch", "C0BIRCH")
    return workspace


@pytest.fixture
async def http(workspace: Workspace) -> AsyncIterator[httpx.AsyncClient]:
    app = with_page(create_app(workspace), workspace)
    async with serve(app) as url, httpx.AsyncClient(base_url=url, trust_env=False, verify=NO_TLS) as client:
        yield client


async def region(http: httpx.AsyncClient, name: str, **query: str) -> str:
    response = await http.get(f"/page/region/{name}", params=ALMA | query)
    assert response.status_code == 200, response.text
    return re.sub(r"\s+", " ", response.text)


async def do(http: httpx.AsyncClient, what: str, **given: object) -> httpx.Response:
    return await http.post(f"/page/do/{what}", json={"user": "U0APPROVER", "channel": "C0ACME", **given}, headers=PAGE)


@pytest.mark.parametrize("name", REGIONS)
async def test_every_region_can_be_fetched_alone(http: httpx.AsyncClient, name: str) -> None:
    assert isinstance(await region(http, name), str)


async def test_the_page_runs_and_loads_nothing_but_its_own(http: httpx.AsyncClient) -> None:
    response = await http.get("/", params=ALMA)
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?![^>]*src=)|<style|\son[a-z]+=|\sstyle=|https?://", response.text)


async def test_everything_that_the_page_names_is_served(http: httpx.AsyncClient) -> None:
    page = (await http.get("/", params=ALMA)).text
    named = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page))
    assert len(named) >= 6
    script = (await http.get("/static/page.js")).text
    named |= {f"/static/{module}" for module in re.findall(r'from "./([\w.]+)"', script)}
    tokens = (await http.get("/static/tokens.css")).text
    named |= set(re.findall(r'url\("([^"]+)"\)', tokens))
    assert [path for path in named if (await http.get(path)).status_code != 200] == []


async def test_an_answer_for_one_reader_is_marked_and_shown_to_nobody_else(
    http: httpx.AsyncClient, workspace: Workspace
) -> None:
    workspace.messages.post("C0ACME", BOT_USER, Content("The total is $1,805.00"), only_for="U0APPROVER")
    assert "Only visible to you" in await region(http, "messages")
    assert "$1,805.00" not in await region(http, "messages", **{"as": "U0VIEWER"})


async def test_a_message_says_its_author_its_time_in_the_readers_zone_and_that_it_was_edited(
    http: httpx.AsyncClient, workspace: Workspace
) -> None:
    message = workspace.messages.post("C0ACME", BOT_USER, Content("First"))
    workspace.messages.edit(message, Content("Second"), marks=True)
    # As the page's script writes it.
    http.cookies.set("zone", "America%2FNew_York")
    shown = await region(http, "messages")
    assert all(word in shown for word in (">Rollcall<", ">App<", ">03:00<", ">(edited)<", "Second"))
    assert "First" not in shown


async def test_a_zone_that_there_is_not_is_read_as_utc(http: httpx.AsyncClient, workspace: Workspace) -> None:
    workspace.messages.post("C0ACME", BOT_USER, Content("Hello"))
    http.cookies.set("zone", "../../etc/passwd")
    assert ">08:00<" in await region(http, "messages")


async def test_what_is_new_is_counted_until_it_is_read_by_the_one_who_looks(
    http: httpx.AsyncClient, workspace: Workspace
) -> None:
    workspace.messages.post("C0BIRCH", BOT_USER, Content("One"))
    newest = workspace.messages.post("C0BIRCH", BOT_USER, Content("Two"))
    workspace.messages.post("C0ACME", "U0APPROVER", Content("My own words are no news to me"))
    assert ">2<span" in await region(http, "sidebar")
    await do(http, "read", channel="C0BIRCH", ts=newest.ts)
    assert "badge" not in await region(http, "sidebar")
    assert ">2<span" in await region(http, "sidebar", **{"as": "U0VIEWER"})
    assert ">1<span" in await region(http, "sidebar", **{"as": "U0VIEWER"})


async def test_a_thread_is_counted_below_its_message_and_opened_beside_it(
    http: httpx.AsyncClient, workspace: Workspace
) -> None:
    root = workspace.messages.post("C0ACME", BOT_USER, Content("A card"))
    said = await do(http, "say", text="Who is <Otto>?", thread=root.ts)
    assert said.status_code == 200
    shown = await region(http, "messages")
    assert "1 reply" in shown
    assert "Otto" not in shown
    assert "Who is &lt;Otto&gt;?" in await region(http, "thread", thread=root.ts)
    assert "there any more" in await region(http, "thread", thread="1.000001")


async def test_a_file_is_shown_with_its_name_and_size(http: httpx.AsyncClient, workspace: Workspace) -> None:
    file = workspace.files.expect("NW-1.pdf", 5)
    workspace.files.receive(file.id, b"%PDF-")
    workspace.messages.post("C0ACME", BOT_USER, Content(""), files=(file.id,))
    shown = await region(http, "messages")
    assert "NW-1.pdf" in shown
    assert "5 bytes" in shown
    opened = await http.get(f"/page/files/{file.id}/NW-1.pdf")
    assert (opened.headers["content-type"], opened.headers["x-content-type-options"]) == ("application/pdf", "nosniff")


@pytest.mark.parametrize(("length", "said"), [(5, "5 bytes"), (1024, "1 KB"), (48_200, "48 KB"), (3_000_000, "3 MB")])
def test_a_size_is_said_as_people_say_it(length: int, said: str) -> None:
    assert size(length) == said


async def test_nobody_reads_the_direct_messages_of_somebody_else(http: httpx.AsyncClient, workspace: Workspace) -> None:
    place = workspace.places.direct("U0ADMIN")
    refused = await http.get("/page/region/messages", params={"as": "U0APPROVER", "channel": place.id})
    assert refused.status_code == 400
    assert "direct messages of somebody else" in refused.json()["error"]


async def test_an_address_of_an_earlier_demo_leads_to_the_beginning(http: httpx.AsyncClient) -> None:
    response = await http.get("/", params={"as": "U0NOBODY"})
    assert (response.status_code, response.headers["location"]) == (307, "/")


async def test_a_command_that_the_bot_cannot_be_told_is_a_failure_that_only_the_person_sees(
    http: httpx.AsyncClient,
) -> None:
    answer = (await do(http, "command", command="/invoice", text="acme preview")).json()
    assert answer["error"] == "dispatch_failed"
    assert "dispatch_failed" in await region(http, "messages")


async def test_a_command_that_nobody_knows_is_refused_with_those_that_there_are(http: httpx.AsyncClient) -> None:
    refused = await do(http, "command", command="/giphy", text="cats")
    assert refused.status_code == 400
    assert refused.json()["error"].startswith("/giphy is no command here. There are /invoice")


async def test_another_sites_form_can_do_nothing(http: httpx.AsyncClient, workspace: Workspace) -> None:
    refused = await http.post("/page/do/say", json={"user": "U0APPROVER", "channel": "C0ACME", "text": "Hi"})
    assert refused.status_code == 400
    assert workspace.messages.all() == []


async def test_without_a_demo_behind_it_the_page_has_no_panel_and_no_clock(http: httpx.AsyncClient) -> None:
    assert await region(http, "clock") == await region(http, "panel") == ""
    assert (await do(http, "turn", day="2027-02-01")).status_code == 400


async def _heard(stream: httpx.Response) -> AsyncIterator[dict[str, Any]]:
    async for line in stream.aiter_lines():
        if line.startswith("data: "):
            yield json.loads(line.removeprefix("data: "))


async def test_a_tab_hears_which_regions_changed_and_of_no_other(http: httpx.AsyncClient, workspace: Workspace) -> None:
    async with http.stream("GET", "/page/events", params=ALMA) as stream:
        heard = _heard(stream)
        first = [await anext(heard) for _ in REGIONS]
        assert {one["name"] for one in first} == set(REGIONS)
        workspace.messages.post("C0BIRCH", BOT_USER, Content("Elsewhere"))
        assert (await asyncio.wait_for(anext(heard), 5))["name"] == "sidebar"
        workspace.messages.post("C0ACME", "U0APPROVER", Content("Here"))
        assert (await asyncio.wait_for(anext(heard), 5))["name"] == "messages"


async def test_what_somebody_types_into_a_modal_does_not_change_its_version(
    http: httpx.AsyncClient, workspace: Workspace
) -> None:
    view = workspace.screens.open("U0APPROVER", MODAL)
    before = (await http.get("/page/region/modal", params=ALMA)).headers["x-version"]
    answers = {"why": {"why": {"type": "plain_text_input", "value": "Because"}}}
    workspace.screens.keep(replace(view, answers=answers))
    after = await http.get("/page/region/modal", params=ALMA)
    assert (after.headers["x-version"], "Because" in after.text) == (before, True)
    workspace.screens.update(view, MODAL)
    assert (await http.get("/page/region/modal", params=ALMA)).headers["x-version"] != before


async def test_the_modal_on_top_of_others_leads_back_to_them(http: httpx.AsyncClient, workspace: Workspace) -> None:
    workspace.screens.open("U0APPROVER", MODAL)
    assert 'aria-label="Close"' in await region(http, "modal")
    workspace.screens.push("U0APPROVER", {**MODAL, "title": {"type": "plain_text", "text": "More"}})
    shown = await region(http, "modal")
    assert 'aria-label="Back"' in shown
    assert ">More</h2>" in shown
    assert "dialog" not in await region(http, "modal", **{"as": "U0VIEWER"})


async def test_a_tab_that_listens_does_not_keep_the_server_from_ending(workspace: Workspace) -> None:
    loop = asyncio.get_running_loop()
    async with httpx.AsyncClient(trust_env=False) as http:
        async with serve(with_page(create_app(workspace), workspace)) as url:
            request = http.build_request("GET", f"{url}/page/events", params=ALMA)
            stream = await http.send(request, stream=True)
            heard = _heard(stream)
            await anext(heard)
            began = loop.time()
        assert loop.time() - began < 0.8
        assert len([one async for one in heard]) == len(REGIONS) - 1


HOME = {
    "type": "home",
    "blocks": [
        {"type": "section", "text": {"type": "plain_text", "text": "2 changes wait for <you>"}},
        {
            "type": "actions",
            "block_id": "seven",
            "elements": [
                {"type": "button", "action_id": "go", "value": "7", "text": {"type": "plain_text", "text": "Approve"}}
            ],
        },
    ],
}


async def test_the_home_tab_stands_beside_the_channels_and_is_everybodys_own(
    http: httpx.AsyncClient, workspace: Workspace
) -> None:
    workspace.screens.publish("U0APPROVER", HOME)
    assert "channel=C0ACME&amp;home=1" in await region(http, "sidebar")
    shown = await region(http, "home", home="1")
    assert "2 changes wait for &lt;you&gt;" in shown
    assert 'data-control="seven/go" data-act="press"' in shown
    assert "has put nothing" in await region(http, "home", home="1", **{"as": "U0VIEWER"})
    assert await region(http, "home") == ""


async def test_whoever_becomes_somebody_else_stays_at_home(http: httpx.AsyncClient) -> None:
    page = (await http.get("/", params=ALMA | {"home": "1"})).text
    assert "/?as=U0VIEWER&amp;channel=C0ACME&amp;home=1" in page
    assert 'id="home"' in page
    assert 'id="box"' not in page


async def test_the_bot_is_told_who_came_home_and_what_is_pressed_there(
    http: httpx.AsyncClient, workspace: Workspace
) -> None:
    workspace.screens.publish("U0APPROVER", HOME)
    assert (await do(http, "open-home")).status_code == 200
    assert (await do(http, "act-at-home", named="seven/go")).status_code == 200
    assert [each.kind for each in workspace.deliveries] == ["app_home_opened", "block_actions"]


async def test_whom_a_message_names_is_named_as_slack_keeps_it(http: httpx.AsyncClient, workspace: Workspace) -> None:
    root = workspace.messages.post("C0ACME", BOT_USER, Content("Acme Corp: +3 users"))
    await do(http, "say", text="@Rollcall users acme & co, @viewer, @nobody, a@rollcall", thread=root.ts)
    said = workspace.messages.all()[-1]
    assert said.content.text == "<@U0ROLLCALL> users acme &amp; co, <@U0VIEWER>, @nobody, a@rollcall"
    assert [each.kind for each in workspace.deliveries] == ["app_mention"]
    assert "<bdi>Rollcall</bdi></span> users acme" in await region(http, "thread", thread=root.ts)


async def test_a_slash_command_in_a_thread_is_refused_as_slack_refuses_it(
    http: httpx.AsyncClient, workspace: Workspace
) -> None:
    root = workspace.messages.post("C0ACME", BOT_USER, Content("Acme Corp: +3 users"))
    refused = await do(http, "say", text="/users acme", thread=root.ts)
    assert refused.json()["error"] == "/users is not supported in threads. Ask @rollcall users here."
    assert len(workspace.messages.all()) == 1


async def test_what_only_its_reader_sees_is_no_reply(http: httpx.AsyncClient, workspace: Workspace) -> None:
    root = workspace.messages.post("C0ACME", BOT_USER, Content("Acme Corp: +3 users"))
    workspace.messages.post("C0ACME", BOT_USER, Content("psst"), thread_ts=root.ts, only_for="U0APPROVER")
    assert "repl" not in (await region(http, "messages")).replace("reply-link", "").replace("Reply in a thread", "")
    assert "psst" in await region(http, "thread", thread=root.ts)
