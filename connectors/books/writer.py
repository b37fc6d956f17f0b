"""Writes a book: values in, YAML out that reads back to the same values."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import yaml

from billing.agreement import Seller
from billing.quantities import Reading
from checks.people import INACTIVE_DAYS
from connectors.books.approval_terms import policies_keys
from connectors.books.billed_terms import is_outside
from connectors.books.composing import resolvers
from connectors.books.discount_terms import amount_keys
from connectors.books.plain_terms import (
    Plain,
    agreement_keys,
    measure_keys,
    number,
    product_keys,
    without_nothing,
)
from connectors.books.rule_terms import roster_keys
from connectors.books.tax_terms import category_keys
from connectors.books.templates import own_keys, template_keys
from connectors.books.values import (
    SYNC_AT,
    Book,
    BookClient,
    BookDigest,
    BookDirectory,
    BookQuantity,
    Catalogue,
    catalogue,
)
from rosters.effects import uncovered

_WIDTH = 120


def dump_book(book: Book, folder: Path | None = None) -> str:
    """The book as YAML, to be kept in a folder, to which the paths below it are relative.

    Keys at their defaults are left out, amounts and other exact numbers stand in quotes.
    """
    known = catalogue(book.products, book.templates)
    keys = without_nothing({"version": 1, "seller": _seller(book.seller) if book.seller else None})
    # An empty list is said as well: it takes away those that there were.
    if book.products is not None:
        keys["products"] = [product_keys(product) for product in book.products]
    if book.templates is not None:
        keys["templates"] = [template_keys(template) for template in book.templates]
    keys |= without_nothing({"clients": [client_keys(client, known, folder) for client in book.clients]})
    if book.digests is not None:
        keys["digests"] = [_digest(digest) for digest in book.digests]
    if book.approvals is not None:
        # So are no policies.
        keys["approvals"] = policies_keys(book.approvals)
    if book.money_from is not None:
        keys["money_from"] = book.money_from
    return _yaml(keys)


def _yaml(keys: Plain) -> str:
    # The reader's own table of plain words, so that whatever it would misread is put in quotes; and no anchors.
    table: Plain = {"yaml_implicit_resolvers": resolvers(), "ignore_aliases": lambda *_: True}
    dumper = type("BookDumper", (yaml.SafeDumper,), table)
    return str(yaml.dump(keys, Dumper=dumper, sort_keys=False, allow_unicode=True, width=_WIDTH))


def _seller(seller: Seller) -> Plain:
    return without_nothing(
        {
            "name": seller.name,
            "address": list(seller.address),
            "country": seller.country,
            "tax_id": seller.tax_id,
            "invoice_series": seller.invoice_series,
            "credit_series": seller.credit_series,
        }
    )


def _digest(digest: BookDigest) -> Plain:
    clients = list(digest.clients) if digest.clients else None
    keys = {"channel": digest.channel, "at": str(digest.at), "timezone": digest.timezone, "clients": clients}
    return without_nothing(keys)


def client_keys(client: BookClient, known: Catalogue, folder: Path | None = None) -> Plain:
    """A client as a book has it; what it shares with products and templates is left to them."""
    terms = client.terms
    renamed = {new: old for old, new in client.renamed}
    costs = {cost.line: cost.cost for cost in client.costs}
    return without_nothing(
        {
            "slug": client.slug,
            "name": client.name,
            "currency": terms.currency,
            "timezone": client.timezone,
            "locale": client.locale,
            "channel": client.channel,
            "sync_at": None if client.sync_at == SYNC_AT else f"{client.sync_at:%H:%M}",
            "inactive_days": None if client.inactive_days == INACTIVE_DAYS else client.inactive_days,
            "approvals": policies_keys(client.approvals, terms.currency),
            "address": list(client.buyer.address),
            "country": client.buyer.country,
            "tax_id": client.buyer.tax_id,
            "reference": client.buyer.reference,
            "terms_days": terms.terms_days,
            "bill_day": terms.bill_day,
            "taxes": {name: category_keys(category) for name, category in terms.taxes},
            "directories": [_directory(directory, folder) for directory in client.directories],
            "people": [{"same": list(accounts)} for accounts in client.people],
            "rosters": [roster_keys(roster) for roster in client.rosters],
            "agreements": [
                own_keys(
                    each, agreement_keys(each, terms.currency, known.products, renamed, costs), terms.currency, known
                )
                for each in terms.agreements
            ],
            "quantities": [_quantity(quantity) for quantity in client.quantities],
            "usage": list(_readings(client)),
            "billed": [
                {"line": billed.line, "from": billed.start, "to": billed.end}
                | amount_keys(billed.amount_minor, terms.currency)
                | ({"confirmed": True} if is_outside(billed, terms) else {})
                for billed in client.billed
            ],
        }
    )


def _directory(directory: BookDirectory, folder: Path | None) -> Plain:
    settings = dict(directory.settings)
    path = settings.get("path")
    if folder is not None and isinstance(path, str) and Path(path).is_relative_to(folder):
        settings["path"] = str(Path(path).relative_to(folder))
    keys = {"name": directory.name, "kind": directory.kind, **settings}
    only = without_nothing({name: list(names) for name, names in asdict(directory.only).items()})
    return keys | ({"only": only} if only else {})


def _readings(client: BookClient) -> Iterator[Plain]:
    read: dict[str, tuple[Reading, ...]] = {}
    for entry in client.usage:
        read[entry.meter] = (*read.get(entry.meter, ()), entry.reading)
    unbilled = {(meter, reading.key) for meter, reading in uncovered(client.terms, read)}
    for entry in client.usage:
        reading = entry.reading
        keys: Plain = {"meter": entry.meter, "on": reading.on, "amount": number(reading.amount), "key": reading.key}
        yield keys | ({"unbilled": True} if (entry.meter, reading.key) in unbilled else {})


def _quantity(quantity: BookQuantity) -> Plain:
    of = quantity.of.name if quantity.of.kind == "roster" else measure_keys(quantity.of)
    keys = {"of": of, "on": quantity.on, "quantity": number(quantity.quantity), "known": quantity.known}
    return without_nothing(keys)
