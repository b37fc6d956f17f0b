"""Refusals that name people: as text for the terminal, and in pieces for Slack, which shows people in its own way."""

from billing.errors import Refused
from documents.sources import Told, spoken


class RefusedWithNames(Refused):
    """A refusal that says who; `told` is its message with whoever it is as an id."""

    def __init__(self, told: Told) -> None:
        """Says it in words."""
        super().__init__(spoken(told))
        self.told = told
