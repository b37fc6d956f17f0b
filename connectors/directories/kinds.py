"""What a kind of directory declares, so that it is one module and one line in the list of kinds."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from connectors.directories.patience import Patience
from connectors.directories.port import Directory
from connectors.errors import DirectorySettingsMakeNoSense

if TYPE_CHECKING:
    # msal and httpx take a while to load; whoever only wants a port or the shape of settings goes without them.
    from connectors.directories.entra.app import EntraApp
    from connectors.http import HttpFactory


_HTTPS = re.compile(r"https://[A-Za-z0-9.\-\[\]:]+(/[A-Za-z0-9./_\-]*)?", re.ASCII)


def unexpected(expected: str) -> PydanticCustomError:
    """A setting of the wrong form; what was found is added where a book's messages are made."""
    return PydanticCustomError("unexpected", "expected {expected}", {"expected": expected})


def _https(url: str) -> str:
    """A base URL as paths are appended to it."""
    if not _HTTPS.fullmatch(url):
        raise unexpected("an address that begins with https://, such as https://server.example")
    return url.rstrip("/")


HttpsUrl = Annotated[str, AfterValidator(_https)]
SECRET_NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$"  # noqa: S105 - what a name looks like, not a password


class NamedSecret(BaseModel):
    """A stored secret by its name, since a book holds none: `password: {secret: acme-ad}`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    secret: str = Field(pattern=SECRET_NAME)


def secrets_named(settings: Mapping[str, object]) -> Iterator[str]:
    """The names of the secrets that a directory's settings refer to, whatever its kind."""
    for value in settings.values():
        match value:
            case {"secret": str(name), **others} if not others:
                yield name
            case dict():
                yield from secrets_named(value)


def _no_app() -> NoReturn:
    raise DirectorySettingsMakeNoSense(
        "An Entra directory needs the MSP's app: set ROLLCALL_ENTRA_CLIENT_ID and ROLLCALL_ENTRA_CLIENT_SECRET "
        "(or ROLLCALL_ENTRA_CLIENT_CERTIFICATE)."
    )


def _no_secret(name: str) -> NoReturn:
    raise DirectorySettingsMakeNoSense(f"There is no secret named {name!r}: store it by rollcall secret set {name}.")


def _plain_http() -> "HttpFactory":
    from connectors.http import HttpFactory, HttpSettings  # noqa: PLC0415 - loaded when used, see above

    return HttpFactory(HttpSettings())


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a kind may need beside its own settings; each is made only when it is asked for.

    `secret` gives the plain text of a stored secret. It and `app` raise an error with its remedy where there is none.
    """

    http: "Callable[[], HttpFactory]" = _plain_http
    app: "Callable[[], EntraApp]" = _no_app
    secret: Callable[[str], str] = _no_secret
    patience: Patience = field(default_factory=Patience)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of directory: the shape of its settings in a book, and how it is opened.

    `files` are the settings that name a file, which a book writes relative to itself. `knows_licences` is False where
    no directory of the kind can say which licences an account has.
    """

    name: str
    settings: type[BaseModel]
    open: Callable[[Any, Surroundings], Directory]
    files: tuple[str, ...] = ()
    knows_licences: bool = True
