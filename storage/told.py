"""What a source said of an account, in whatever shape it comes."""

from collections.abc import Mapping
from typing import Any, Protocol, Self


class Told(Protocol):
    """Has the fields of `rosters.rules.Account` but its `object_id`; one that wasn't sent isn't true."""

    def said(self) -> Mapping[str, Any]:
        """What was sent, by field."""
        ...

    def then(self, said: Mapping[str, Any]) -> Self:
        """What was said before and now, where both speak of the same, now."""
        ...
