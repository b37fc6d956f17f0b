"""Where the next reading goes on, and what of the accounts was read up to there.

A link of Graph tells only of changes since. So a cursor names everything that was read, and one that was made for
anything else leads to a full reading: `displayName,mail,mailboxes https://graph...`. Cursors that were written before
there were such names are links with or without a prefix; they were made for less, so they lead to a full reading too.
"""

from connectors.directories.entra.users import selected
from connectors.directories.web import leads_to
from rosters.rules import Wanted


def written(wanted: Wanted, link: str) -> str:
    """The cursor for a link after a reading of what was wanted."""
    return f"{_made_for(wanted)} {link}"


def link_in(cursor: str | None, wanted: Wanted, graph_url: str) -> str | None:
    """The link to go on from; None for everything, as after a cursor for another Graph or of something else."""
    made_for, _, link = (cursor or "").partition(" ")
    return link if made_for == _made_for(wanted) and leads_to(graph_url, link) else None


def _made_for(wanted: Wanted) -> str:
    beside = (("licences", wanted.licences), ("mailboxes", wanted.mailboxes))
    return ",".join((*selected(wanted), *(name for name, is_read in beside if is_read)))
