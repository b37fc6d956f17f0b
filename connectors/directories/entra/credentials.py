"""The MSP's own app registration, by which it signs in to its clients' tenants."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.x509 import load_pem_x509_certificate

from connectors.errors import DirectorySettingsMakeNoSense

_BLOCK = re.compile(r"-----BEGIN (?P<kind>[A-Z0-9 ]+)-----.+?-----END (?P=kind)-----", re.DOTALL)


@dataclass(frozen=True, slots=True)
class EntraCredentials:
    """The app's id with either its secret or a PEM text that holds its certificate and private key."""

    client_id: str
    secret: str | None = field(default=None, repr=False)
    certificate_pem: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Refuses an app without a way to sign in, or with two."""
        if (self.secret is None) == (self.certificate_pem is None):
            message = (
                "The Entra app needs exactly one way to sign in: set ROLLCALL_ENTRA_CLIENT_SECRET "
                "or ROLLCALL_ENTRA_CLIENT_CERTIFICATE."
            )
            raise DirectorySettingsMakeNoSense(message)

    @property
    def certificate_expires(self) -> datetime | None:
        """The last moment of our certificate; None where we sign in by a secret, or where it is no certificate."""
        if self.certificate_pem is None:
            return None
        try:
            return load_pem_x509_certificate(self.certificate_pem.encode()).not_valid_after_utc
        except ValueError:
            return None

    def for_msal(self) -> str | dict[str, str]:
        """The credential in the form that msal takes."""
        if self.certificate_pem is None:
            return self.secret or ""
        blocks = {match["kind"].rpartition(" ")[2]: match[0] for match in _BLOCK.finditer(self.certificate_pem)}
        if not {"KEY", "CERTIFICATE"} <= blocks.keys():
            message = (
                "The Entra app's certificate file must hold both the certificate and its private key in PEM form; "
                f"found: {', '.join(sorted(blocks)) or 'neither'}."
            )
            raise DirectorySettingsMakeNoSense(message)
        return {"private_key": blocks["KEY"], "public_certificate": blocks["CERTIFICATE"]}
