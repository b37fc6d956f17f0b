"""The regions of the page by name: each can be fetched alone, and is replaced when its version changes."""

from collections.abc import Callable, Mapping

from sandbox.page.channel_view import messages, sidebar, thread
from sandbox.page.clock_view import clock
from sandbox.page.desk import Desk
from sandbox.page.fragments import Fragment
from sandbox.page.home_view import home
from sandbox.page.modal_view import modal
from sandbox.page.panel_view import panel, people
from sandbox.page.visit import Visit

Region = Callable[[Desk, Visit], Fragment]

REGIONS: Mapping[str, Region] = {
    "modal": modal,
    "messages": messages,
    "thread": thread,
    "home": home,
    "sidebar": sidebar,
    "clock": clock,
    "panel": panel,
    "people": people,
}
"""What somebody waits for most comes first."""
