"""Blocks that Slack brings to workspaces one after the other: one that they haven't reached refuses them."""

from sandbox.workspace.blockkit.shapes import fault
from sandbox.workspace.errors import SlackRefusal
from sandbox.workspace.state import Workspace


def check_rollout(workspace: Workspace, blocks: object) -> None:
    """SlackRefusal when a message has a block that this workspace doesn't take yet."""
    for place, block in enumerate(blocks if isinstance(blocks, list) else []):
        kind = block.get("type") if isinstance(block, dict) else None
        if kind in workspace.refused_blocks:
            raise SlackRefusal("invalid_blocks", (fault(f"unsupported type: {kind}", f"/blocks/{place}/type"),))
