"""Whether a sign-in was signed with the key of a registered certificate."""

import base64
import json
import time
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import load_pem_x509_certificate


def is_signed_by(certificate_pem: str, assertion: str, client_id: str, audience: str) -> bool:
    """Whether the assertion (a JWT, PS256) is the app's own, for this endpoint, in force, and signed by its key."""
    try:
        head, claims, signature = (_decoded(part) for part in assertion.split("."))
        said: dict[str, Any] = json.loads(claims)
        algorithm = json.loads(head)["alg"]
    except (ValueError, KeyError):
        return False
    key = load_pem_x509_certificate(certificate_pem.encode()).public_key()
    if algorithm != "PS256" or not isinstance(key, RSAPublicKey):
        return False
    try:
        signed = assertion.rpartition(".")[0].encode()
        key.verify(signature, signed, PSS(MGF1(SHA256()), SHA256.digest_size), SHA256())
    except InvalidSignature:
        return False
    return (
        {said.get("iss"), said.get("sub")} == {client_id} and said.get("aud") == audience and said["exp"] > time.time()
    )


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
