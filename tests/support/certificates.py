"""Throw-away certificates for servers that are programs of their own and so want files."""

from dataclasses import dataclass
from pathlib import Path

import trustme


@dataclass(frozen=True, slots=True)
class CertificateFiles:
    """A server's key and certificate, and the authority by which clients trust it."""

    key: Path
    certificate: Path
    ca_bundle: Path


def certificate_files(folder: Path, *names: str) -> CertificateFiles:
    """A certificate for these names by a new authority."""
    files = CertificateFiles(folder / "key.pem", folder / "certificate.pem", folder / "ca.pem")
    authority = trustme.CA()
    issued = authority.issue_cert(*names)
    authority.cert_pem.write_to_path(str(files.ca_bundle))
    issued.cert_chain_pems[0].write_to_path(str(files.certificate))
    # Samba refuses a key that others could read.
    files.key.touch(mode=0o600)
    issued.private_key_pem.write_to_path(str(files.key))
    return files
