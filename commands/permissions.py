"""Who may do what: one table, use case to role, checked at the head of each command."""

from enum import StrEnum

from billing.errors import Refused
from commands.actors import Actor
from storage import clients, roles
from storage.database import Session


class Role(StrEnum):
    """What somebody is trusted with; each role may do what the ones before it may."""

    VIEWER = "viewer"
    APPROVER = "approver"
    BILLER = "biller"
    ADMIN = "admin"


class UseCase(StrEnum):
    """What can be asked for."""

    SEE = "see clients and their people"
    SEE_MONEY = "see amounts"
    SYNC = "read a directory"
    LET_THROUGH = "let a held reading through"
    DECIDE_CHANGE = "approve or reject a change"
    LINK = "say who is one person"
    BACKDATE = "approve what goes back further than an approver may"
    RUN = "run the billing"
    OVERRIDE = "override a hold"
    CREDIT = "give a credit"
    IMPORT = "change clients and agreements"
    ERASE = "erase a person's name"
    GRANT_ROLES = "say who may do what"
    KEEP_SECRETS = "keep secrets"


ROLE_OF = {
    UseCase.SEE: Role.VIEWER,
    UseCase.SEE_MONEY: Role.VIEWER,
    UseCase.SYNC: Role.APPROVER,
    UseCase.LET_THROUGH: Role.APPROVER,
    UseCase.DECIDE_CHANGE: Role.APPROVER,
    UseCase.LINK: Role.APPROVER,
    UseCase.BACKDATE: Role.BILLER,
    UseCase.RUN: Role.BILLER,
    UseCase.OVERRIDE: Role.BILLER,
    UseCase.CREDIT: Role.BILLER,
    UseCase.IMPORT: Role.ADMIN,
    UseCase.ERASE: Role.ADMIN,
    UseCase.GRANT_ROLES: Role.ADMIN,
    UseCase.KEEP_SECRETS: Role.ADMIN,
}

_RANKS = list(Role)


class NotAllowed(Refused):
    """The actor's role isn't enough; the message says which one is needed and who can give it."""


def role_of(session: Session, actor: Actor) -> Role | None:
    """The actor's highest role. The shell and the clock are admin: whoever has them owns the database anyhow."""
    if actor.kind in {"cli", "clock"}:
        return Role.ADMIN
    granted = [Role(role) for role in roles.of(session, (actor.id, *actor.groups))]
    return max(granted, key=_RANKS.index, default=None)


def may(session: Session, actor: Actor, use_case: UseCase) -> bool:
    """Whether the actor's role is enough for the use case."""
    role = role_of(session, actor)
    return role is not None and _RANKS.index(role) >= _RANKS.index(_needed(session, use_case))


def everybody_sees_money(session: Session) -> bool:
    """Whether amounts may stand where everybody in a channel reads them."""
    return _needed(session, UseCase.SEE_MONEY) == Role.VIEWER


def require(session: Session, actor: Actor, use_case: UseCase) -> None:
    """Raises `NotAllowed` unless the actor's role is enough."""
    if may(session, actor, use_case):
        return
    needed = _needed(session, use_case)
    have = role_of(session, actor)
    raise NotAllowed(
        f"To {use_case} takes the role {needed}; you have {have or 'none'}. "
        f"An admin can give it: rollcall role grant {actor.id} {needed}"
    )


def _needed(session: Session, use_case: UseCase) -> Role:
    """The role that a use case takes; the book may ask a higher one of who sees amounts."""
    stated = clients.money_from(session) if use_case is UseCase.SEE_MONEY else None
    return Role(stated) if stated else ROLE_OF[use_case]
