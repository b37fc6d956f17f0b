"""Directories: who works at a client, read from the client's own source."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from connectors.directories.csv_file.directory import CsvDirectory
from connectors.directories.csv_file.settings import CsvSettings
from connectors.directories.entra.settings import EntraSettings
from connectors.directories.patience import Patience
from connectors.directories.port import Directory
from connectors.errors import DirectorySettingsMakeNoSense

if TYPE_CHECKING:
    # msal and httpx take a while to load; whoever only wants a port or the shape of settings goes without them.
    from connectors.directories.entra.app import EntraApp


# For a look at a source while somebody waits at the terminal: one attempt, and only a short pause if it asks for one.
HASTE = Patience(attempts=1, deadline_seconds=5)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a kind of directory may need beside its own settings."""

    app: "EntraApp | None"
    patience: Patience


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of directory: the shape of its settings in a book, and how it is opened."""

    settings: type[BaseModel]
    open: Callable[[Any, Surroundings], Directory]


def _csv(settings: CsvSettings, _: Surroundings) -> Directory:
    return CsvDirectory(settings)


def _entra(settings: EntraSettings, surroundings: Surroundings) -> Directory:
    if surroundings.app is None:
        message = (
            "An Entra directory needs the MSP's app: set ROLLCALL_ENTRA_CLIENT_ID and ROLLCALL_ENTRA_CLIENT_SECRET "
            "(or ROLLCALL_ENTRA_CLIENT_CERTIFICATE)."
        )
        raise DirectorySettingsMakeNoSense(message)
    return surroundings.app.directory(settings, surroundings.patience)


KINDS: Mapping[str, Kind] = {
    "csv": Kind(CsvSettings, _csv),
    "entra": Kind(EntraSettings, _entra),
}


def settings_model(kind: str) -> type[BaseModel]:
    """The shape of a kind's settings, without `name` and `kind`; raises `DirectorySettingsMakeNoSense`."""
    if kind not in KINDS:
        message = f"There is no directory of kind '{kind[:40]}'; possible kinds are {', '.join(KINDS)}."
        raise DirectorySettingsMakeNoSense(message)
    return KINDS[kind].settings


def open_directory(
    kind: str, settings: Mapping[str, Any], *, app: "EntraApp | None", patience: Patience | None = None
) -> Directory:
    """The directory that a book describes by its kind and settings; nothing is read or sent yet."""
    model = settings_model(kind)
    try:
        shaped = model.model_validate(dict(settings))
    except ValidationError as problem:
        first = problem.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        message = f"The settings of a directory of kind {kind} make no sense: {where}: {first['msg']}."
        raise DirectorySettingsMakeNoSense(message) from problem
    return KINDS[kind].open(shaped, Surroundings(app, patience or Patience()))
