"""What a mailbox is for, as Graph says it of one user at a time."""

from starlette.responses import JSONResponse, Response

from sandbox.microsoft.answers import graph_error
from sandbox.microsoft.people import NobodyThere
from sandbox.microsoft.tenant import READ_MAILBOXES, Tenant


def purpose(tenant: Tenant, object_id: str) -> Response:
    """The answer for one user; whoever has no licence and was given no mailbox has none."""
    if READ_MAILBOXES not in tenant.permissions:
        return graph_error(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.")
    try:
        person = tenant.people.active(object_id)
    except NobodyThere:
        return graph_error(404, "ErrorInvalidUser", "The requested user is invalid.")
    kind = tenant.mailboxes.get(object_id) or ("user" if person.properties["assignedLicenses"] else None)
    if kind is None:
        return graph_error(404, "MailboxNotEnabledForRESTAPI", "The mailbox is inactive, deleted or on-premise.")
    return JSONResponse({"@odata.context": "https://graph.example/v1.0/$metadata", "value": kind})
