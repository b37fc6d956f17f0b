"""The pieces that the page is made of, each with a version, so that a tab fetches and replaces only what changed."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

_PART = Markup('<div class="part {kind}" data-key="{key}" data-version="{version}">{html}</div>')


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a region that keeps its place and what somebody typed into it, for as long as it stays the same."""

    key: str
    html: Markup
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Fragment:
    """The content of a region."""

    version: str
    html: Markup


def fragment(parts: Sequence[Part]) -> Fragment:
    """A region made of parts."""
    html = Markup("").join(
        _PART.format(kind=part.kind, key=part.key, version=_version(part.html), html=part.html) for part in parts
    )
    return Fragment(_version(html), html)


def _version(html: str) -> str:
    return hashlib.blake2b(html.encode(), digest_size=8).hexdigest()
