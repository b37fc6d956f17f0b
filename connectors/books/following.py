"""What a stored client becomes when the catalogue changes: what they share follows, what it says itself stays."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from billing.errors import Refused
from connectors.books.client_shapes import ClientShape
from connectors.books.client_terms import client_of
from connectors.books.document import Block
from connectors.books.problems import Problems
from connectors.books.shape import shaped
from connectors.books.templates import complete, placed
from connectors.books.values import BookClient, BookProduct, Catalogue
from connectors.books.writer import client_keys


class CatalogueDoesNotFit(Refused):
    """With the new products and templates, a client that follows them would make no sense."""


def followed(client: BookClient, before: Catalogue, after: Catalogue) -> BookClient:
    """The client written with one catalogue and read with another, so that it means what its book would mean.

    Raises:
        CatalogueDoesNotFit: its book would be refused.

    """
    problems = Problems(client.slug)
    block = placed(client_keys(client, replace(before, products=_priced(before.products, after.products))), 0)
    shape = None
    if isinstance(block, Block):
        complete(block, after, problems)
        shape = shaped(ClientShape, block, 0, problems)
    found = client_of(shape, after.products, Path(), problems) if shape and not problems.count else None
    if found is None or problems.count:
        raise CatalogueDoesNotFit(f"{client.slug} can't follow the book: {'; '.join(problems.sentences)}")
    return found


def _priced(before: Mapping[str, BookProduct], after: Mapping[str, BookProduct]) -> dict[str, BookProduct]:
    """A product that has no price any more leaves its price to the lines that had it from there."""
    return {
        code: replace(product, price=None) if code in after and after[code].price is None else product
        for code, product in before.items()
    }
