"""Roles: who was given what, giving and taking them."""

import re
from dataclasses import dataclass

from billing.errors import Refused, WrongInput
from commands.actors import Actor, Clock
from commands.permissions import Role, UseCase, require
from storage import audit, clients, roles
from storage.database import Database, Session

_SLACK_ID = re.compile(r"[UWS][^\sa-z]+")


class RoleIsUnknown(WrongInput):
    """There is no such role."""


class SubjectIsNoSlackId(WrongInput):
    """A role that is given to a name would never be found, since Slack says who clicked by id."""


class NoSuchGrant(Refused):
    """Nobody with that id has a role."""


class LastAdminStays(Refused):
    """Somebody must be able to give roles."""


@dataclass(frozen=True, slots=True)
class RoleGrant:
    """A Slack user or user group, and its role."""

    subject: str
    role: str


def list_roles(database: Database) -> tuple[RoleGrant, ...]:
    """Every grant, by subject."""
    with database.read() as session:
        return tuple(RoleGrant(row.subject, row.role) for row in roles.every(session))


def see(database: Database, actor: Actor) -> tuple[RoleGrant, ...]:
    """Every grant, the highest role first, for somebody who may see clients."""
    with database.read() as session:
        require(session, actor, UseCase.SEE)
        found = [RoleGrant(row.subject, row.role) for row in roles.every(session)]
    ranks = [str(role) for role in Role]
    return tuple(sorted(found, key=lambda grant: -ranks.index(grant.role)))


def admins(database: Database) -> tuple[str, ...]:
    """The Slack users and user groups that are admins."""
    return tuple(each.subject for each in list_roles(database) if each.role == Role.ADMIN)


def groups_asked(database: Database) -> tuple[str, ...]:
    """The Slack user groups that matter: those that were given a role, and those that a book names for decisions."""
    with database.read() as session:
        named = [subject for policies in clients.every_policies(session) for subject in policies.by or ()]
        known = [*(row.subject for row in roles.every(session)), *named]
    return tuple(sorted({subject for subject in known if subject.startswith("S")}))


def grant(database: Database, actor: Actor, subject: str, role: str, clock: Clock | None = None) -> RoleGrant:
    """Gives a role, in place of the one before; giving the same one twice changes nothing."""
    if role not in set(Role):
        raise RoleIsUnknown(f"{role!r} is no role: possible are {', '.join(Role)}.")
    if not _SLACK_ID.fullmatch(subject):
        raise SubjectIsNoSlackId(
            f"{subject!r} is no Slack id: expected a user's, such as U0123ABCD (in Slack: Profile, Copy member ID), "
            "or a user group's, such as S0123ABCD."
        )
    with database.write("role") as session:
        require(session, actor, UseCase.GRANT_ROLES)
        if role != Role.ADMIN:
            _keep_an_admin(session, actor, subject)
        if roles.of(session, [subject]) != [role]:
            roles.put(session, subject, role)
            audit.append(
                session, audit.HOUSE, (clock or Clock()).now(), actor.id, "role.grant", subject, {"role": role}
            )
    return RoleGrant(subject, role)


def revoke(database: Database, actor: Actor, subject: str, clock: Clock | None = None) -> None:
    """Takes a role away. From Slack, the last admin can't be taken away; the shell always remains."""
    with database.write("role") as session:
        require(session, actor, UseCase.GRANT_ROLES)
        _keep_an_admin(session, actor, subject)
        if not roles.remove(session, subject):
            raise NoSuchGrant(f"{subject} has no role: rollcall role list shows who has one.")
        audit.append(session, audit.HOUSE, (clock or Clock()).now(), actor.id, "role.revoke", subject, {})


def _keep_an_admin(session: Session, actor: Actor, subject: str) -> None:
    """Refuses that somebody in Slack takes the last admin's role away, by another role or by none."""
    admins = [row.subject for row in roles.every(session) if row.role == Role.ADMIN]
    if actor.kind == "slack" and admins == [subject]:
        raise LastAdminStays(f"{subject} is the last admin; make another one first.")
