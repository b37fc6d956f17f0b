"""A listener at the points that a process comes by, such as a commit, so that a test can end the process there."""

from collections.abc import Callable

Hook = Callable[[str], None]


def nobody_listens(_point: str) -> None:
    """The hook of every day."""
