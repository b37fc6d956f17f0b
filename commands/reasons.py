"""Reasons: what a decision that needs explaining can't do without."""

from billing.errors import WrongInput


class ReasonIsMissing(WrongInput):
    """A decision without a reason explains nothing to whoever reads of it later."""


def require_reason(reason: str | None, decided: str) -> None:
    """Refuses to go on without a reason; `decided` says what it would be for, as in "the credit is given"."""
    if reason is None or not reason.strip():
        raise ReasonIsMissing(f"Say why {decided}: --reason TEXT.")
