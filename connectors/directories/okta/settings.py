"""What a book says about an Okta organization."""

from pydantic import BaseModel, ConfigDict

from connectors.directories.kinds import HttpsUrl, NamedSecret
from connectors.errors import DirectorySettingsMakeNoSense


class OktaSettings(BaseModel):
    """`url` is the organization's own address, such as https://acme.okta.com, and not that of its admin console."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: HttpsUrl
    token: NamedSecret


def api_token(text: str, secret: str) -> str:
    """The token in the stored secret; raises `DirectorySettingsMakeNoSense` for what no header can hold."""
    if not text.isascii() or not text.isprintable() or " " in text:
        message = (
            f"The secret {secret!r} isn't a token of Okta: it has spaces, line breaks or letters that none has. "
            f"Copy the token alone, and store it anew: rollcall secret set {secret}"
        )
        raise DirectorySettingsMakeNoSense(message)
    return text
