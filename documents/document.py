"""A document as one frozen value: what billing drafted, and what only a reader needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from billing.agreement import Buyer, Seller
from billing.draft import Draft

NAME_ERASED = "(name erased)"


@dataclass(frozen=True, slots=True)
class Document:
    """An invoice or credit note to be read; without a number it is a preview.

    `names` gives each person's name by id; one who is missing there was erased.
    """

    draft: Draft
    seller: Seller
    buyer: Buyer
    locale: str
    number: str | None
    issued_on: date | None
    names: Mapping[int, str]

    @property
    def is_credit_note(self) -> bool:
        """Whether it gives money back, so that its amounts print with the sign turned."""
        return self.draft.document == "credit_note"

    def name_of(self, person: int) -> str:
        """The person's name, or the words that stand in for an erased one."""
        return self.names.get(person, NAME_ERASED)
