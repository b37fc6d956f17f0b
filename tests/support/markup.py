"""HTML as a test reads it: the elements with their attributes, and the text."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = frozenset({"img", "input", "hr", "br"})


@dataclass
class Element:
    """An element with everything in it."""

    tag: str
    attributes: dict[str, str]
    children: list["Element"] = field(default_factory=list)
    words: str = ""

    def every(self) -> list["Element"]:
        """This element and all below it, in the order of the page."""
        return [self, *(inner for child in self.children for inner in child.every())]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("page", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"{tag} has an attribute twice: {names}"
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> ends <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.words += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"A comment: {data}")


def read(html: str) -> Element:
    """The page; AssertionError when elements are not nested properly."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert len(reader.open) == 1, f"{[element.tag for element in reader.open[1:]]} are never closed"
    return reader.open[0]


def find(page: Element, tag: str, **attributes: str) -> Element:
    """The one element with these attributes; an underscore stands for a hyphen."""
    wanted = {name.replace("_", "-"): value for name, value in attributes.items()}
    found = [each for each in page.every() if each.tag == tag and wanted.items() <= each.attributes.items()]
    assert len(found) == 1, f"{len(found)} elements {tag} with {wanted}"
    return found[0]
