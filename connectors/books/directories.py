"""Shapes of a client's directories: a name, a kind, and the settings that the kind itself declares."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Union

from pydantic import Field, create_model

from connectors.books.fields import Domain, Text
from connectors.books.problems import at
from connectors.books.shape import Shape
from connectors.books.values import BookDirectory
from connectors.directories import KINDS
from connectors.directories.kinds import Kind
from rosters.split import EVERYBODY, Scope, ScopeMakesNoSense


class OnlyShape(Shape):
    """The part of a directory that is the client's."""

    thing: ClassVar = "only"
    groups: list[Text] | None = None
    departments: list[Text] | None = None
    domains: list[Domain] | None = None

    def scope(self) -> Scope:
        """As a value; one that leaves nobody out is refused."""
        scope = Scope(tuple(self.groups or ()), tuple(self.departments or ()), tuple(self.domains or ()))
        if scope == EVERYBODY:
            with at(self.line()):
                raise ScopeMakesNoSense("only describes no part: give it groups, departments or domains.")
        return scope


class DirectoryShape(Shape):
    """A directory of any kind; its settings are the other keys."""

    thing: ClassVar = "a directory"
    name: Text
    kind: str
    only: OnlyShape | None = None

    def directory(self, folder: Path) -> BookDirectory:
        """The directory as a value; files are named relative to the book's folder, and absolute from here on."""
        settings = self.model_dump(mode="json", exclude={"name", "kind", "only"}, exclude_defaults=True)
        files = {file: settings[file] for file in KINDS[self.kind].files if settings.get(file)}
        return BookDirectory(
            self.name,
            self.kind,
            settings | {key: str((folder / file).resolve()) for key, file in files.items()},
            self.only.scope() if self.only else EVERYBODY,
        )


def _shape(kind: Kind) -> type[DirectoryShape]:
    named: Any = (Literal[kind.name], ...)
    make: Any = create_model  # Its types don't allow for a base that is only known here.
    shape: type[DirectoryShape] = make(f"{kind.name}_directory", __base__=(DirectoryShape, kind.settings), kind=named)
    shape.thing = f"a directory of kind {kind.name}"
    return shape


SHAPES = tuple(_shape(kind) for kind in KINDS.values())

if TYPE_CHECKING:
    AnyDirectoryShape = DirectoryShape
else:
    AnyDirectoryShape = Annotated[Union[SHAPES], Field(discriminator="kind")]  # noqa: UP007 - made of a list
