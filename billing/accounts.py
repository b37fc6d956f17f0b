"""Directory accounts and the rule that says which of them count."""

from dataclasses import dataclass
from typing import Literal

MailboxKind = Literal["user", "shared", "room", "equipment"]


@dataclass(frozen=True, slots=True)
class Account:
    """One entry of a directory, reduced to what a rule looks at.

    `licences` are SKU part numbers, or names as the source writes them where it knows no part numbers; None where they
    were not read, since no rule asked for them.
    """

    object_id: str
    name: str = ""
    mail: str = ""
    upn: str = ""
    enabled: bool = True
    guest: bool = False
    licences: tuple[str, ...] | None = ()
    mailbox: MailboxKind = "user"
