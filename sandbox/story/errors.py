"""What can go wrong with the demo itself."""

from billing.errors import Refused, WrongInput


class StoryBroke(Refused):
    """A step of the story didn't show what it must."""


class FolderIsTaken(WrongInput):
    """There is a folder named demo that the demo didn't make, or that another demo is using."""


class PortIsTaken(WrongInput):
    """Something else listens where the workspace should."""
