"""Where a reading of Okta goes on."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

# A user deleted for good leaves no trace in what changed, so everybody is read every third night; less an hour, for a
# sync that begins some seconds earlier than three nights before.
FULL_EVERY = timedelta(days=3, hours=-1)
# Okta's copies lag behind each other, so we ask again for what changed shortly before the last reading.
_OVERLAP = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Position:
    """When the last reading began, and when the last full one did, both by Okta's clock."""

    url: str
    since: datetime
    full: datetime

    def filter(self) -> str:
        """The expression for whoever changed since then, in Okta's language."""
        moment = (self.since - _OVERLAP).astimezone(UTC)
        return f'lastUpdated gt "{moment:%Y-%m-%dT%H:%M:%S}.000Z"'

    def text(self) -> str:
        """The cursor of a reading."""
        return json.dumps({"url": self.url, "since": self.since.isoformat(), "full": self.full.isoformat()})


def position_in(cursor: str | None, url: str) -> Position | None:
    """The place in a cursor; None for everything, as after a cursor of another organization."""
    if cursor is None:
        return None
    try:
        told = json.loads(cursor)
        found = Position(told["url"], datetime.fromisoformat(told["since"]), datetime.fromisoformat(told["full"]))
    except (ValueError, KeyError, TypeError):
        return None
    return found if found.url == url and found.since.tzinfo and found.full.tzinfo else None
