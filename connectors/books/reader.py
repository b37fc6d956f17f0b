"""Reads a book: a file in, frozen values out, or one refusal that lists everything wrong with its line."""

import codecs
from dataclasses import replace
from pathlib import Path

from connectors.books.agreement_terms import product_of
from connectors.books.approval_terms import house_policies_of
from connectors.books.client_shapes import BookShape, ClientShape
from connectors.books.client_terms import client_of, digest_of, seller_of
from connectors.books.document import Block, Items, parse
from connectors.books.problems import BookIsWrong, Problems
from connectors.books.shape import shaped
from connectors.books.tables import take_in
from connectors.books.templates import complete, template_of
from connectors.books.values import Book, Catalogue
from rosters.policies import Policies

_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_book(path: Path, stored: Catalogue | None = None) -> Book:
    """The book in the file; `BookIsWrong` lists up to twenty problems, each with file and line.

    Products and templates that the book says nothing about are the `stored` ones.
    """
    problems = Problems(str(path))
    text = _text(path, problems)
    problems.stop()
    root = parse(text, problems)
    if root is None:
        problems.stop()
        return Book()
    book = book_of(root, path.parent, stored or Catalogue(), problems)
    problems.stop()
    return replace(book, read_with=stored)


def book_of(root: Block, folder: Path, stored: Catalogue, problems: Problems) -> Book:
    """The book that plain data says, its files relative to a folder; what is wrong with it is among the problems."""
    shape = shaped(BookShape, root, root.line, problems)
    if shape is None:
        _clients(root, folder, None, problems)
        return Book()
    problems.once(shape.products, lambda product: product.code, "code", "the product")
    problems.once(shape.templates, lambda template: template.name, "name", "the template")
    problems.once(shape.digests, lambda digest: f"{digest.channel} at {digest.at}", "channel and time", "the digest")
    told = problems.count
    products = None if shape.products is None else problems.each(shape.products, product_of)
    by_code = stored.products if products is None else {product.code: product for product in products}
    blocks = root.get("templates") or ()
    templates = tuple(
        template_of(each, block, by_code, problems) for each, block in zip(shape.templates or (), blocks, strict=True)
    )
    known: Catalogue | None = None
    if problems.count == told:
        # What is refused of them is told; without it, everything that refers to it would be told too.
        by_name = {template.name: template for template in templates}
        known = Catalogue(by_code, stored.templates if shape.templates is None else by_name)
    clients = _clients(root, folder, known, problems)
    problems.once(clients, lambda client: client.slug, "slug", "the client")
    if known is None:
        problems.stop()
    approvals: Policies | None = None
    with problems.noted(shape.line("approvals")):
        approvals = house_policies_of(shape.approvals)
    return Book(
        seller=seller_of(shape.seller) if shape.seller else None,
        products=products,
        templates=None if shape.templates is None else templates,
        clients=problems.each(clients, lambda client: client_of(client, by_code, folder.absolute(), problems)),
        digests=None if shape.digests is None else tuple(map(digest_of, shape.digests)),
        approvals=approvals,
        money_from=shape.money_from,
    )


def _clients(root: Block, folder: Path, known: Catalogue | None, problems: Problems) -> list[ClientShape]:
    raw = root.get("clients")
    if not isinstance(raw, Items):
        return []
    for client in raw:
        if isinstance(client, Block):
            take_in(client, folder, problems)
            if known is not None:
                complete(client, known, problems)
    shapes = [shaped(ClientShape, client, line, problems) for client, line in zip(raw, raw.lines, strict=True)]
    return [shape for shape in shapes if shape]


def _text(path: Path, problems: Problems) -> str:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise BookIsWrong(f"{path}: there is no such file; expected a book.") from None
    except IsADirectoryError:
        raise BookIsWrong(f"{path}: this is a folder; expected a book, which is a file.") from None
    except (OSError, ValueError) as error:
        raise BookIsWrong(f"{path}: the file can't be read ({error}); expected a book.") from None
    encoding = "utf-16" if content.startswith(_WIDE) else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problems.add(line, "these bytes are no text; expected YAML in UTF-8")
        return ""
