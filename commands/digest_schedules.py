"""Which channel is sent a digest: from the book to what is stored, and back."""

import json
from collections.abc import Iterator, Sequence

from billing.errors import WrongInput
from connectors.books.schedules import schedule
from connectors.books.values import BookDigest
from storage import clients, digests
from storage.database import Session
from storage.tables import DigestRow


class DigestNamesNobody(WrongInput):
    """A digest is about a client that there isn't."""


def stored(session: Session) -> tuple[BookDigest, ...]:
    """The digests as a book has them."""
    return tuple(BookDigest(d.channel, schedule(d.at), d.timezone, d.clients) for d in digests.every(session))


def put_digests(session: Session, wanted: Sequence[BookDigest]) -> Iterator[str]:
    """Stores the digests in place of those before, and says in sentences what is another now.

    Raises:
        DigestNamesNobody: one is about a client that is neither in the book nor stored.

    """
    _refuse_strangers(session, wanted)
    before, after = _by_name(stored(session)), _by_name(wanted)
    digests.put(session, [_row(digest) for digest in wanted])
    for name in dict.fromkeys([*before, *after]):
        if name not in before:
            yield f"digest of {name} is new"
        elif name not in after:
            yield f"digest of {name} is gone"
        elif before[name] != after[name]:
            yield f"digest of {name} changed"


def _refuse_strangers(session: Session, wanted: Sequence[BookDigest]) -> None:
    known = [row.slug for row in clients.every(session)]
    for digest in wanted:
        strangers = [slug for slug in digest.clients or () if slug not in known]
        if strangers:
            raise DigestNamesNobody(
                f"The digest of {digest.channel} at {digest.at} is about {', '.join(strangers)}, and there is no such "
                f"client in the book or stored. There: {', '.join(known) or 'none'}."
            )


def _by_name(given: Sequence[BookDigest]) -> dict[str, BookDigest]:
    return {f"{digest.channel} at {digest.at}": digest for digest in given}


def _row(digest: BookDigest) -> DigestRow:
    slugs = None if digest.clients is None else json.dumps(digest.clients)
    return DigestRow(position=0, channel=digest.channel, at=str(digest.at), timezone=digest.timezone, clients=slugs)
