"""The arguments of a Web API call, which come as a query, a form or JSON."""

import json
from collections.abc import Mapping
from typing import Any

from sandbox.workspace.errors import SlackRefusal


class Arguments:
    """Arguments by name; structured ones may be JSON text, as in a form."""

    def __init__(self, given: Mapping[str, Any], base_url: str) -> None:
        """Take the arguments as they came, null counting as left out, and where the caller reached the workspace."""
        self.base_url = base_url
        self._given = {key: value for key, value in given.items() if value is not None}

    def text(self, name: str) -> str | None:
        """An argument as text, or None."""
        value = self._given.get(name)
        return None if value is None or value == "" else str(value)

    def required(self, name: str) -> str:
        """An argument that must be there."""
        value = self.text(name)
        if value is None:
            raise SlackRefusal("invalid_arguments", (f"[ERROR] missing required field: {name}",))
        return value

    def structure(self, name: str, unreadable: str = "invalid_arguments") -> Any:
        """An argument that is a list or an object, or None; `unreadable` is the error for text that isn't JSON."""
        value = self._given.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError as wrong:
            raise SlackRefusal(unreadable) from wrong
