"""What the service account must be allowed, each only where something needs it."""

from rosters.rules import Wanted

_BASE = "https://www.googleapis.com/auth"
USERS = f"{_BASE}/admin.directory.user.readonly"
GROUPS = f"{_BASE}/admin.directory.group.readonly"
# Google offers no narrower one for licences, so it is the administrator's own role that has to allow reading alone.
LICENCES = f"{_BASE}/apps.licensing"


def scopes(wanted: Wanted) -> tuple[str, ...]:
    """Those of a reading."""
    return (USERS, *((GROUPS,) if wanted.groups else ()), *((LICENCES,) if wanted.licences else ()))
