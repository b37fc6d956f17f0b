"""Writes a book: values in, YAML out that reads back to the same values."""

from pathlib import Path

import yaml

from billing.money import text_of
from billing.parties import Seller
from billing.rules import Exclusion, Roster, Rule
from connectors.books.composing import resolvers
from connectors.books.plain_terms import (
    Plain,
    agreement_keys,
    category_keys,
    measure_keys,
    number,
    product_keys,
    without_nothing,
)
from connectors.books.values import SYNC_AT, Book, BookClient, BookDigest, BookDirectory, BookQuantity, BookReading

_WIDTH = 120


def dump_book(book: Book, folder: Path | None = None) -> str:
    """The book as YAML, to be kept in a folder, to which the paths below it are relative.

    Keys at their defaults are left out, amounts and other exact numbers stand in quotes.
    """
    keys = without_nothing(
        {
            "version": 1,
            "seller": _seller(book.seller) if book.seller else None,
            "products": [product_keys(product) for product in book.products],
            "clients": [_client(client, book, folder) for client in book.clients],
        }
    )
    if book.digests is not None:
        # An empty list is said as well: it takes away those that there were.
        keys["digests"] = [_digest(digest) for digest in book.digests]
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


def _client(client: BookClient, book: Book, folder: Path | None) -> Plain:
    terms = client.terms
    products = {product.code: product for product in book.products}
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
            "address": list(client.buyer.address),
            "country": client.buyer.country,
            "tax_id": client.buyer.tax_id,
            "reference": client.buyer.reference,
            "terms_days": terms.terms_days,
            "bill_day": terms.bill_day,
            "taxes": {name: category_keys(category) for name, category in terms.taxes},
            "directories": [_directory(directory, folder) for directory in client.directories],
            "rosters": [_roster(roster) for roster in client.rosters],
            "agreements": [
                agreement_keys(agreement, terms.currency, products, renamed, costs) for agreement in terms.agreements
            ],
            "quantities": [_quantity(quantity) for quantity in client.quantities],
            "usage": [_reading(entry) for entry in client.usage],
            "billed": [
                {
                    "line": billed.line,
                    "from": billed.start,
                    "to": billed.end,
                    "amount": text_of(billed.amount_minor, terms.currency),
                }
                for billed in client.billed
            ],
        }
    )


def _directory(directory: BookDirectory, folder: Path | None) -> Plain:
    settings = dict(directory.settings)
    path = settings.get("path")
    if folder is not None and isinstance(path, str) and Path(path).is_relative_to(folder):
        settings["path"] = str(Path(path).relative_to(folder))
    return {"name": directory.name, "kind": directory.kind, **settings}


def _roster(roster: Roster) -> Plain:
    return without_nothing({"name": roster.name, "rule": _rule(roster.rule)})


def _rule(rule: Rule) -> Plain:
    licences = {"count": list(rule.counted_licences), "ignore": list(rule.ignored_licences)}
    return without_nothing(
        {
            "basis": rule.basis,
            "licences": without_nothing(licences),
            "exclude": [_exclusion(exclusion) for exclusion in rule.exclude],
            "own_domains": list(rule.own_domains),
        }
    )


def _exclusion(exclusion: Exclusion) -> Plain:
    keys = {exclusion.field: exclusion.pattern, "reason": exclusion.reason, "owner": exclusion.owner}
    return without_nothing(keys)


def _reading(entry: BookReading) -> Plain:
    reading = entry.reading
    return {"meter": entry.meter, "on": reading.on, "amount": number(reading.amount), "key": reading.key}


def _quantity(quantity: BookQuantity) -> Plain:
    of = quantity.of.name if quantity.of.kind == "roster" else measure_keys(quantity.of)
    keys = {"of": of, "on": quantity.on, "quantity": number(quantity.quantity), "known": quantity.known}
    return without_nothing(keys)
