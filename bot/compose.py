"""The one composition root: everything that lives as long as the process is made here, and handed on as arguments."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bot.settings import SettingIsMalformed, SettingIsMissing, Settings, variable
from commands.actors import Clock
from storage.database import CommitHook, Database
from storage.schema import prepare

if TYPE_CHECKING:
    from commands.keys import Keys
    from connectors.directories.entra.app import EntraApp
    from connectors.directories.entra.credentials import EntraCredentials
    from connectors.directories.port import Directory
    from connectors.http import CallHook, HttpFactory


@dataclass(frozen=True, slots=True)
class Hooks:
    """Told before and after every commit and every outgoing call, so that a test can end the process there."""

    on_commit: CommitHook = lambda _point: None
    on_call: "CallHook" = lambda _point: None


class Sources:
    """Opens the directories that books describe; the MSP's Entra app is made with the first tenant and kept."""

    def __init__(self, settings: Settings, hooks: Hooks, database: Database, *, hasty: bool = False) -> None:
        """Opens nothing yet; hasty ones give a source up that doesn't answer at once."""
        self._settings = settings
        self._database = database
        self._hooks = hooks
        self._hasty = hasty
        self._app: EntraApp | None = None
        self._factory: HttpFactory | None = None

    def __call__(self, kind: str, settings: Mapping[str, object], client: str, name: str) -> "Directory":
        """The directory `name` of a client; nothing is read or sent yet."""
        # msal and httpx are slow to load, and most commands read no directory.
        from connectors.directories import HASTE, open_directory  # noqa: PLC0415 - see above
        from connectors.directories.kinds import Surroundings  # noqa: PLC0415 - see above
        from connectors.directories.patience import Patience  # noqa: PLC0415 - see above

        patience = HASTE if self._hasty else Patience()
        return open_directory(kind, settings, Surroundings(self._http, self._entra_app, self.secret, patience))

    def secret(self, name: str) -> str:
        """The plain text of a stored secret, read anew each time; raises an error with its remedy."""
        from commands.secrets import open_secret  # noqa: PLC0415 - loaded when used, as above

        return open_secret(self._database, secret_keys(self._settings), name)

    def close(self) -> None:
        """Closes the connections that the Entra app keeps; nothing may be opened afterwards."""
        if self._app is not None:
            self._app.close()

    def _entra_app(self) -> "EntraApp":
        from connectors.directories.entra.app import EntraApp  # noqa: PLC0415 - loaded when used, as above

        if self._app is None:
            self._app = EntraApp(
                entra_credentials(self._settings),
                self._http(),
                self._settings.entra_authority_url,
                self._settings.graph_url,
            )
        return self._app

    def _http(self) -> "HttpFactory":
        from connectors.http import HASTY_HTTP, HttpFactory, HttpSettings  # noqa: PLC0415 - loaded when used, as above

        if self._factory is None:
            limits = HASTY_HTTP if self._hasty else HttpSettings()
            known = replace(limits, ca_bundle=self._settings.ca_bundle, on_call=self._hooks.on_call)
            self._factory = HttpFactory(known)
        return self._factory


@dataclass(frozen=True, slots=True)
class Rollcall:
    """The composed product, as the server and the command line use it."""

    settings: Settings
    database: Database
    clock: Clock
    sources: Sources
    hooks: Hooks


def open_database(settings: Settings, hooks: Hooks) -> Database:
    """The database as it is, of whatever version."""
    return Database(settings.database_url.get_secret_value(), hooks.on_commit)


def compose(settings: Settings, hooks: Hooks | None = None) -> Rollcall:
    """Opens the database, makes it when it is empty, and puts everything together.

    Raises:
        storage.schema's refusals: the database was made by another version, or isn't Rollcall's.

    """
    heard = hooks or Hooks()
    database = open_database(settings, heard)
    try:
        prepare(database)
    except BaseException:
        database.close()
        raise
    return Rollcall(settings, database, Clock(fixed=settings.today), Sources(settings, heard, database), heard)


def secret_keys(settings: Settings) -> "Keys":
    """The keys that encrypt stored secrets; none where the setting isn't set."""
    from commands.keys import Keys  # noqa: PLC0415 - loaded when used, as above

    return Keys.of(settings.secret_key.get_secret_value() if settings.secret_key else None)


def entra_credentials(settings: Settings) -> "EntraCredentials":
    """What the MSP's app signs in by.

    Raises:
        SettingIsMissing, SettingIsMalformed: there is nothing to sign in by, or its file can't be read.

    """
    from connectors.directories.entra.credentials import EntraCredentials  # noqa: PLC0415 - loaded when used, as above

    client_id = settings.required("entra_client_id")
    if settings.entra_client_secret is None and settings.entra_client_certificate is None:
        raise SettingIsMissing(
            f"{variable('entra_client_secret')} is not set: expected a client secret of your Entra app, "
            f"or {variable('entra_client_certificate')} with a PEM file."
        )
    secret = settings.entra_client_secret
    return EntraCredentials(
        client_id, secret.get_secret_value() if secret else None, _pem(settings.entra_client_certificate)
    )


def _pem(file: Path | None) -> str | None:
    if file is None:
        return None
    try:
        return file.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        raise SettingIsMalformed(
            f"{variable('entra_client_certificate')} names {file}, which can't be read: expected a PEM file with the "
            "certificate of your Entra app and its private key."
        ) from None
