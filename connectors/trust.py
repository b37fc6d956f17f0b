"""Whose certificates we trust: one store for every client that reaches out."""

import ssl
from pathlib import Path

from billing.errors import WrongInput


class CaBundleIsUnreadable(WrongInput):
    """ROLLCALL_CA_BUNDLE doesn't name a list of certificate authorities."""


def trust(ca_bundle: Path | None) -> ssl.SSLContext:
    """The system's authorities, and those of a PEM file."""
    context = ssl.create_default_context()
    if ca_bundle is not None:
        try:
            context.load_verify_locations(cafile=ca_bundle)
        except (OSError, ssl.SSLError) as problem:
            raise CaBundleIsUnreadable(
                f"The file {ca_bundle} can't be used as a list of trusted certificate authorities. "
                "ROLLCALL_CA_BUNDLE must name a readable file with certificates in PEM form."
            ) from problem
    return context
