"""The app's home tab, as the person sees it whom one plays."""

from sandbox.page.blocks import render_blocks
from sandbox.page.desk import Desk
from sandbox.page.fragments import Fragment, Part, fragment
from sandbox.page.visit import Visit


def home(desk: Desk, visit: Visit) -> Fragment:
    """What the app has put there, or a word that it hasn't yet; nothing where somebody looks at something else."""
    if not visit.is_home:
        return fragment([])
    view = desk.workspace.screens.homes.get(visit.user.id)
    if view is None:
        return fragment([Part("waiting", desk.render("no_home.html"), "empty")])
    body = render_blocks(view.payload["blocks"], desk.look(visit, view.id, view.answers))
    return fragment([Part("home", desk.render("home.html", body=body))])
