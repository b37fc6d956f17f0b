"""Shapes of a client's directories: a name, a kind, and the settings that the kind itself declares."""

from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, ConfigDict, Field

from connectors.books.document import Block
from connectors.books.fields import Text, refused
from connectors.books.shape import Shape
from connectors.books.values import BookDirectory
from connectors.directories.csv_file.settings import CsvSettings
from connectors.directories.entra.settings import EntraSettings

_LATER = ("ldap", "google", "okta")


class EntraShape(Shape, EntraSettings):
    """An Entra ID tenant."""

    thing: ClassVar = "a directory of kind entra"
    name: Text
    kind: Literal["entra"]

    def directory(self, folder: Path) -> BookDirectory:
        """The directory as a value."""
        return BookDirectory(self.name, self.kind, _settings(self))


class CsvShape(Shape, CsvSettings):
    """A file of users; its path is relative to the book."""

    # A path is written as text, which strictness would refuse.
    model_config = ConfigDict(strict=False)
    thing: ClassVar = "a directory of kind csv"
    name: Text
    kind: Literal["csv"]

    def directory(self, folder: Path) -> BookDirectory:
        """The directory as a value, its path made absolute."""
        path = str((folder / self.path).resolve())
        return BookDirectory(self.name, self.kind, _settings(self) | {"path": path})


def _settings(shape: Shape) -> dict[str, Any]:
    return shape.model_dump(mode="json", exclude={"name", "kind"}, exclude_defaults=True)


def _known_kind(value: object) -> object:
    if isinstance(value, Block) and value.get("kind") in _LATER:
        raise refused(f"directories of kind {value['kind']} are not in this version; possible: csv, entra")
    return value


DirectoryShape = Annotated[Annotated[EntraShape | CsvShape, Field(discriminator="kind")], BeforeValidator(_known_kind)]
