"""Keys and a secret of which no trace may be found anywhere."""

import base64

VALUE = "S3cret/never-shown-0815"


def key(sign: str) -> str:
    """A Fernet key made of one letter, so that a test can tell keys apart."""
    return base64.urlsafe_b64encode(sign.encode() * 32).decode()


OLD, NEW = key("o"), key("n")
