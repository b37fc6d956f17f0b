"""The business date, and what the bot does."""

from datetime import timedelta

from sandbox.page.desk import Desk
from sandbox.page.fragments import Fragment, Part, fragment
from sandbox.page.visit import Visit


def clock(desk: Desk, _visit: Visit) -> Fragment:
    """The date and the bot's state, which change often, and the form beside them, which somebody may be filling in."""
    if desk.backstage is None:
        return fragment([])
    now = desk.backstage.clock()
    face = desk.render("clock_face.html", clock=now)
    form = desk.render("clock_form.html", clock=now, earliest=now.today + timedelta(days=1))
    return fragment([Part("clock-face", face), Part("clock-form", form)])
