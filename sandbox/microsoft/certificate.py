"""A throw-away certificate authority, because msal and Graph clients speak TLS only."""

import ssl
from dataclasses import dataclass
from pathlib import Path

import trustme


@dataclass(frozen=True, slots=True)
class Certificate:
    """What the server is served with, and the PEM file by which clients trust it."""

    server: ssl.SSLContext
    ca_bundle: Path


def throw_away_certificate(folder: Path) -> Certificate:
    """A new authority that vouches for the loopback addresses; only its certificate is written into the folder."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1", "::1").configure_cert(context)
    ca_bundle = folder / "pretend-microsoft-ca.pem"
    authority.cert_pem.write_to_path(str(ca_bundle))
    return Certificate(context, ca_bundle)
