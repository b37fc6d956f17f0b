"""Who may do what: a house without an admin can't be run from Slack."""

from commands.examinations.finding import Finding, Part, against_rule, ok, warn
from commands.permissions import Role
from commands.roles import list_roles
from storage.database import Database

_PART = Part.ROLES
_MAKE_ONE = "Make yourself the first (in Slack: Profile, Copy member ID): rollcall role grant U123 admin"


def examine(database: Database, *, slack_is_set: bool) -> Finding:
    """Whether somebody is admin."""
    roles = [grant.role for grant in list_roles(database)]
    if Role.ADMIN in roles:
        counts = [f"{roles.count(role)} {role}" for role in reversed(Role) if role in roles]
        return ok(_PART, "roles", ", ".join(counts))
    text = "nobody is admin yet"
    # Without Slack, everything is done on the command line, which is always admin.
    make = against_rule if slack_is_set else warn
    return make(_PART, "roles", text, _MAKE_ONE)


def given_to_groups(database: Database) -> bool:
    """Whether a role was given to a Slack user group."""
    return any(grant.subject.startswith("S") for grant in list_roles(database))
