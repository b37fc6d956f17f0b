"""The modal on top of a person's screen."""

from sandbox.page.blocks import render_blocks
from sandbox.page.desk import Desk
from sandbox.page.fragments import Fragment
from sandbox.page.visit import Visit


def modal(desk: Desk, visit: Visit) -> Fragment:
    """The modal that can be used, or nothing. Its version is the bot's: what somebody types doesn't change it."""
    stack = desk.workspace.screens.stack(visit.user.id)
    version = "-".join(f"{view.id}.{view.hash}" for view in stack)
    if not stack:
        return Fragment(version, desk.render("no_modal.html"))
    top = stack[-1]
    body = render_blocks(top.payload["blocks"], desk.look(visit, top.id, top.answers))
    html = desk.render(
        "modal.html",
        view=top,
        depth=len(stack),
        title=top.payload["title"]["text"],
        submit=(top.payload.get("submit") or {}).get("text"),
        close=(top.payload.get("close") or {}).get("text", "Cancel"),
        body=body,
    )
    return Fragment(version, html)
