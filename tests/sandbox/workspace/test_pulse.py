"""Whoever watches a workspace hears of every change, and of nothing else."""

import asyncio
from collections.abc import Callable

import pytest

from sandbox.workspace.model import Content
from sandbox.workspace.pulse import Pulse
from sandbox.workspace.state import Workspace

_MODAL = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Why?"},
    "blocks": [{"type": "divider"}],
}


def _edit(workspace: Workspace) -> None:
    workspace.messages.edit(workspace.messages.all()[0], Content("later"), marks=True)


def _delete(workspace: Workspace) -> None:
    workspace.messages.delete(workspace.messages.all()[0])


def _close(workspace: Workspace) -> None:
    workspace.screens.remove(workspace.screens.top("U0ADMIN"))


_CHANGES: dict[str, Callable[[Workspace], object]] = {
    "a message": lambda workspace: workspace.messages.post("C0ACME", "U0ADMIN", Content("now")),
    "an edit": _edit,
    "a deletion": _delete,
    "a modal": lambda workspace: workspace.screens.open("U0VIEWER", _MODAL),
    "a modal on a modal": lambda workspace: workspace.screens.push("U0ADMIN", _MODAL),
    "the end of a modal": _close,
    "the end of all modals": lambda workspace: workspace.screens.clear("U0ADMIN"),
    "a channel": lambda workspace: workspace.places.add_channel("birch"),
    "an invitation": lambda workspace: workspace.places.set_membership("acme", is_member=False),
    "a user": lambda workspace: workspace.places.add_user("zoe"),
}


@pytest.mark.parametrize("change", _CHANGES.values(), ids=_CHANGES.keys())
async def test_a_watcher_is_woken_by(workspace: Workspace, change: Callable[[Workspace], object]) -> None:
    workspace.messages.post("C0ACME", "U0ADMIN", Content("before"))
    workspace.screens.open("U0ADMIN", _MODAL)
    number = workspace.pulse.number
    watching = asyncio.create_task(workspace.pulse.after(number))
    await asyncio.sleep(0)
    assert not watching.done()

    change(workspace)

    assert await asyncio.wait_for(watching, 1) > number


async def test_what_happened_before_the_watching_is_not_missed() -> None:
    pulse = Pulse()
    pulse.beat()
    assert await asyncio.wait_for(pulse.after(0), 1) == 1


async def test_a_watcher_who_leaves_is_forgotten() -> None:
    pulse = Pulse()
    watching = asyncio.create_task(pulse.after(0))
    await asyncio.sleep(0)
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    pulse.beat()
    assert await pulse.after(0) == 1
