"""What a book says about an Okta organization."""

from pydantic import BaseModel, ConfigDict

from connectors.directories.kinds import HttpsUrl, NamedSecret


class OktaSettings(BaseModel):
    """`url` is the organization's own address, such as https://acme.okta.com, and not that of its admin console."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: HttpsUrl
    token: NamedSecret
