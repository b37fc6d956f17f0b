"""What a book says about a directory behind LDAP."""

import re
from dataclasses import dataclass
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from connectors.directories.kinds import NamedSecret

_URL = re.compile(r"(?P<scheme>ldaps?)://(?P<name>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:(?P<port>\d{1,5}))?/?")
_PORTS = {"ldaps": 636, "ldap": 389}
_HIGHEST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Host:
    """One server; `tls_first` speaks TLS from the first byte, else it is begun by StartTLS before anything is said."""

    name: str
    port: int
    tls_first: bool

    def __str__(self) -> str:
        return f"{self.name}:{self.port}"


def _several(url: object) -> object:
    # One address is written as text, several as a list, which a strict book would not take for a tuple.
    if isinstance(url, str):
        return (url,)
    return tuple(url) if isinstance(url, list) else url


def _is_closed(text: str) -> bool:
    """Whether the text is one filter in brackets, which can't end early and let something else follow."""
    depth = 0
    for place, sign in enumerate(text, start=1):
        depth += (sign == "(") - (sign == ")")
        if depth == 0:
            return place == len(text) and place > 1
    return False


class LdapSettings(BaseModel):
    """`url` names one server or several of the same domain, in the order in which they are tried.

    The connection is always by TLS: `ldaps://`, or `ldap://` with `starttls: true`. `filter` is an LDAP filter that
    people must match, `base` the entry below which they are looked for.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: Annotated[tuple[str, ...], BeforeValidator(_several), Field(min_length=1, max_length=8)]
    starttls: bool = False
    base: str = Field(min_length=1, max_length=1000, pattern=r"^\s*[A-Za-z0-9.-]+\s*=.+$")
    user: str = Field(min_length=1, max_length=1000)
    password: NamedSecret
    filter: str | None = Field(default=None, max_length=4000)

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        for url in self.url:
            found = _URL.fullmatch(url)
            if found is None or int(found["port"] or 1) not in range(1, _HIGHEST_PORT + 1):
                raise ValueError(
                    "url: each address is like ldaps://dc1.acme.example, with a port if it isn't the usual"
                )
            if (found["scheme"] == "ldap") is not self.starttls:
                message = (
                    f"url: {url} and starttls: {str(self.starttls).lower()} don't fit. Nothing is ever sent without "
                    "TLS: write ldaps://, or ldap:// together with starttls: true"
                )
                raise ValueError(message)
        if self.filter is not None and not _is_closed(self.filter):
            raise ValueError("filter: it is one LDAP filter in brackets, such as (department=Sales)")
        return self

    def hosts(self) -> tuple[Host, ...]:
        """The servers, in the order of the addresses."""
        found = [match for url in self.url if (match := _URL.fullmatch(url))]
        return tuple(
            Host(match["name"].strip("[]"), int(match["port"] or _PORTS[match["scheme"]]), match["scheme"] == "ldaps")
            for match in found
        )
