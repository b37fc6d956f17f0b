"""What a control call was given."""

import json
from collections.abc import Mapping
from typing import Any

from billing.errors import WrongInput


class Wishes:
    """The query of a control call, or the JSON of its body."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        """Take what was given by name."""
        self._given = given

    @classmethod
    def of(cls, body: bytes) -> "Wishes":
        """The wishes in a body, which may be empty."""
        try:
            given = json.loads(body or b"{}")
        except ValueError as wrong:
            raise WrongInput(
                f"The body of a control call is a JSON object; this one can't be read: {wrong}."
            ) from wrong
        if not isinstance(given, dict):
            raise WrongInput("The body of a control call is a JSON object, and this one is something else.")
        return cls(given)

    def required(self, name: str) -> Any:
        """A value that must be there."""
        if self._given.get(name) is None:
            raise WrongInput(f"This call needs {name}; it got {', '.join(self._given) or 'nothing'}.")
        return self._given[name]

    def get(self, name: str, default: Any = None) -> Any:
        """A value that may be left out."""
        return self._given.get(name, default)
