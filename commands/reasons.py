"""Reasons: what a decision that needs explaining can't do without."""

from billing.errors import WrongInput

REJECTED = "the change is rejected"
OVERRIDDEN = "the hold is overridden"
ABANDONED = "the run is abandoned"
LET_THROUGH = "the reading is let through"


class ReasonIsMissing(WrongInput):
    """A decision without a reason explains nothing to whoever reads of it later.

    `asks` is what a form says, which has a field for it and no options.
    """

    def __init__(self, decided: str) -> None:
        self.asks = f"Say why {decided}."
        super().__init__(f"Say why {decided}: --reason TEXT.")


def require_reason(reason: str | None, decided: str) -> None:
    """Refuses to go on without a reason; `decided` says what it would be for, as in "the credit is given"."""
    if reason is None or not reason.strip():
        raise ReasonIsMissing(decided)
