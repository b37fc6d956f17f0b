"""Reads a book: a file in, frozen values out, or one refusal that lists everything wrong with its line."""

import codecs
from pathlib import Path

from connectors.books.agreement_terms import product_of
from connectors.books.client_shapes import BookShape, ClientShape
from connectors.books.client_terms import client_of, digest_of, seller_of
from connectors.books.document import Block, Items, parse
from connectors.books.problems import BookIsWrong, Problems
from connectors.books.shape import shaped
from connectors.books.values import Book

_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_book(path: Path) -> Book:
    """The book in the file; `BookIsWrong` lists up to twenty problems, each with file and line."""
    problems = Problems(str(path))
    text = _text(path, problems)
    problems.stop()
    root = parse(text, problems)
    if root is None:
        problems.stop()
        return Book()
    book = _book(root, path.absolute().parent, problems)
    problems.stop()
    return book


def _book(root: Block, folder: Path, problems: Problems) -> Book:
    shape = shaped(BookShape, root, root.line, problems)
    clients = _clients(root, problems)
    if shape is None:
        return Book()
    problems.once(shape.products, lambda product: product.code, "code", "the product")
    problems.once(clients, lambda client: client.slug, "slug", "the client")
    problems.once(shape.digests, lambda digest: f"{digest.channel} at {digest.at}", "channel and time", "the digest")
    products = problems.each(shape.products, product_of)
    catalogue = {product.code: product for product in products}
    if len(products) < len(shape.products or ()):
        # The refused product is told; without it, every line that refers to it would be told too.
        problems.stop()
    return Book(
        seller=seller_of(shape.seller) if shape.seller else None,
        products=products,
        clients=problems.each(clients, lambda client: client_of(client, catalogue, folder, problems)),
        digests=None if shape.digests is None else tuple(map(digest_of, shape.digests)),
    )


def _clients(root: Block, problems: Problems) -> list[ClientShape]:
    raw = root.get("clients")
    if not isinstance(raw, Items):
        return []
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
