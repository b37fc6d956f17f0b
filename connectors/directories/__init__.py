"""Directories: who works at a client, read from the client's own source."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from connectors.directories import csv_file, entra, google, ldap, okta
from connectors.directories.kinds import Kind, Surroundings
from connectors.directories.patience import Patience
from connectors.directories.port import Directory
from connectors.errors import DirectorySettingsMakeNoSense

# For a look at a source while somebody waits at the terminal: one attempt, and only a short pause if it asks for one.
HASTE = Patience(attempts=1, deadline_seconds=5)

# Every source that there is: another one is a module of its own and its name here.
KINDS: Mapping[str, Kind] = {source.KIND.name: source.KIND for source in (csv_file, entra, google, ldap, okta)}


def settings_model(kind: str) -> type[BaseModel]:
    """The shape of a kind's settings, without `name` and `kind`; raises `DirectorySettingsMakeNoSense`."""
    if kind not in KINDS:
        message = f"There is no directory of kind '{kind[:40]}'; possible kinds are {', '.join(KINDS)}."
        raise DirectorySettingsMakeNoSense(message)
    return KINDS[kind].settings


def open_directory(kind: str, settings: Mapping[str, Any], surroundings: Surroundings | None = None) -> Directory:
    """The directory that a book describes by its kind and settings; nothing is read or sent yet."""
    model = settings_model(kind)
    try:
        shaped = model.model_validate(dict(settings))
    except ValidationError as problem:
        first = problem.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        message = f"The settings of a directory of kind {kind} make no sense: {where}: {first['msg']}."
        raise DirectorySettingsMakeNoSense(message) from problem
    return KINDS[kind].open(shaped, surroundings or Surroundings())
