"""The tour: what to click first, in four sentences."""

from sandbox.page.backstage import Backstage


def sentences(backstage: Backstage) -> tuple[str, ...]:
    """What a newcomer is told on opening the page."""
    following = backstage.clock().next_bill_date
    day = following.isoformat() if following else "2027-02-01"
    return (
        "Acme has hired two people: the newest card in #acme asks you, Alma, before the bill grows, so press Approve.",
        "Type /invoice acme preview below to see what Acme will be billed, and why.",
        "Hire or dismiss people in the panel, and press Sync now: nothing is billed, a card asks first.",
        f"Set the clock forward to {day}, become Bert, and type /run {day} start in #billing to bill everybody.",
    )
