"""What Google's token endpoint means when it refuses, and what a person does about it.

Source: "Using OAuth 2.0 for server to server applications", "Domain-wide delegation".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connectors.errors import Cause, DirectoryNotRead


@dataclass(frozen=True, slots=True)
class SignIn:
    """Who signs in for whom and for what, for the messages."""

    mail: str
    client_id: str
    admin: str
    scopes: tuple[str, ...]

    @property
    def delegation(self) -> str:
        """What an administrator does to let it in."""
        return (
            "An administrator of the client opens admin.google.com, Security, Access and data control, API controls, "
            f"Domain-wide delegation, and adds the client id {self.client_id} with the scopes "
            f"{', '.join(self.scopes)}. It may take some minutes."
        )


def refusal(answer: Mapping[str, Any], sign_in: SignIn) -> DirectoryNotRead:
    """The error for a refused token: Google's `error` decides, its text is not for our screens."""
    error = answer.get("error")
    match error:
        case "unauthorized_client" | "access_denied" | "invalid_scope":
            message = f"Google doesn't let {sign_in.mail} act for {sign_in.admin} ({error}). {sign_in.delegation}"
            return DirectoryNotRead(Cause.CONSENT, message)
        case "invalid_grant":
            message = (
                f"Google refused to sign {sign_in.mail} in for {sign_in.admin} (invalid_grant). Check this machine's "
                "clock first; then that the administrator's account exists and isn't suspended; then that the key is "
                "still listed in the Google Cloud console, else make a new one and store it."
            )
            return DirectoryNotRead(Cause.SECRET, message)
        case "invalid_client" | "deleted_client" | "disabled_client":
            message = (
                f"Google doesn't know the service account {sign_in.mail}, or it is disabled ({error}). Enable it in "
                "the Google Cloud console under IAM, Service accounts, or make a new one with a key and store that."
            )
            return DirectoryNotRead(Cause.SECRET, message)
        case "admin_policy_enforced" | "org_internal":
            message = (
                f"A policy of the client keeps {sign_in.mail} out ({error}). An administrator of the client allows it "
                "at admin.google.com under Security, Access and data control, API controls, App access control."
            )
            return DirectoryNotRead(Cause.CONSENT, message)
    message = (
        f"Google refused to sign {sign_in.mail} in for {sign_in.admin}. Check the service account, its key and its "
        f"delegation. {sign_in.delegation}"
    )
    return DirectoryNotRead(Cause.TOKEN, message)
