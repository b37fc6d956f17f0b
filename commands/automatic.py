"""Changes that a policy of the book approves by itself, in the transaction in which they are proposed."""

from dataclasses import replace

from commands.actors import Actor, Clock
from commands.approvals import AppliedPolicy, in_force, proposal_of, rejected_before
from commands.decisions import keep_decision, keep_ground, money_shown
from commands.proposals import Difference, propose
from commands.taking_up import dated, gone_rosters, record, take_up
from rosters.origins import Origin
from rosters.policies import Automatic, Outcome, Proposal, automatic
from storage import changes, clients
from storage.codec import encode
from storage.database import Session
from storage.ids import id_of
from storage.tables import ChangeRow, ClientRow

# Under which name a policy decides: no Slack user and nobody at the command line can be called so.
POLICY = "policy"


def propose_or_approve(
    session: Session, actor: Actor, clock: Clock, client: ClientRow, found: Difference, origin: Origin
) -> ChangeRow | None:
    """Proposes the difference, as `propose` does; a new revision is approved at once where the policies say so.

    One that waits already isn't: people were asked, and a policy that is written later doesn't answer for them.
    """
    waited = changes.pending(session, id_of(client))
    before = (waited.id, waited.revision) if waited else None
    row = propose(session, actor, clock, client, found, origin)
    if row is not None and before != (row.id, row.revision):
        _approve(session, clock, client, row)
    return row


def _approve(session: Session, clock: Clock, client: ClientRow, row: ChangeRow) -> None:
    policies, today = in_force(session, client), clock.today(client.timezone)
    if not policies.automatic:
        return
    stored = changes.item_rows(session, row.id, row.revision)
    proposal = proposal_of(client, row, [changes.as_item(item) for item in stored], today)
    verdict = automatic(policies, proposal)
    if verdict.outcome is not Outcome.APPROVED:
        keep_ground(row, verdict.ground, policies.automatic, proposal)
        return
    items = dated(session, client, row, stored, None)
    known = replace(proposal, rejected_before=rejected_before(session, client, items))
    verdict = automatic(policies, known)
    if verdict.outcome is not Outcome.APPROVED or gone_rosters(session, row.client_id, items):
        keep_ground(row, verdict.ground, policies.automatic, proposal)
        return
    applied = _applied(client, policies.automatic, proposal)
    changes.decide(session, row, "approved", POLICY, clock.now(), today, None)
    session.refresh(row)
    row.policy = encode(applied)
    keep_decision(row, items, money_shown(row))
    session.add(row)
    take_up(session, clock, client, row, stored, items)
    said: dict[str, object] = {
        "reason": None,
        "policy": {
            "name": "automatic",
            "of": applied.of,
            "people": applied.people,
            "money_minor": applied.money_minor,
            "currency": client.currency,
            "rule_changes": applied.rule_changes,
        },
    }
    record(session, POLICY, clock, client, row, "change.approve", said)


def _applied(client: ClientRow, policy: Automatic, proposal: Proposal) -> AppliedPolicy:
    of = client.slug if clients.policies(client).automatic else "the house"
    return AppliedPolicy(policy.people, policy.money[proposal.currency], policy.rule_changes, of)
