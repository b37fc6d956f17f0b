"""Why a source outside could not be read; every message carries its remedy."""

from enum import StrEnum

from billing.errors import OutsideFailed, RollcallError, WrongInput


class Cause(StrEnum):
    """What went wrong, in a word that a check can compare and a screen can group by."""

    CERTIFICATE = "certificate"
    CONSENT = "consent"
    FORBIDDEN = "forbidden"
    MALFORMED = "malformed"
    NETWORK = "network"
    NOT_FOUND = "not_found"
    SECRET = "secret"  # noqa: S105 - the name of a cause, not a password
    TENANT = "tenant"
    THROTTLED = "throttled"
    TLS = "tls"
    TOKEN = "token"  # noqa: S105 - the name of a cause, not a password
    UNAVAILABLE = "unavailable"


class DirectoryNotRead(OutsideFailed):
    """A directory was not read to its end, so nothing may be concluded about who works there."""

    def __init__(self, cause: Cause, message: str) -> None:
        """Keeps the cause beside the sentence that a person reads."""
        super().__init__(message)
        self.cause = cause


class DirectorySettingsMakeNoSense(WrongInput):
    """A directory's kind is unknown, or its settings are incomplete, misspelt or contradictory."""


def cause_of(error: RollcallError) -> str:
    """Why a source could not be read, in a word that stays the same from night to night."""
    return str(error.cause) if isinstance(error, DirectoryNotRead) else type(error).__name__
