"""What has happened when the page opens: January is billed, and a change of Acme's waits for somebody."""

import json
from datetime import date

from sandbox.story import cast
from sandbox.story.play import FIRST_DAY
from sandbox.story.scene import Scene
from sandbox.story.setting import import_book

TODAY = date(2027, 1, 11)
_HIRED = ("Nora Nash", "Otto Orr")


async def open_scene(scene: Scene) -> None:
    """Plays up to there without telling the steps.

    Raises:
        StoryBroke: a step didn't show what it must.

    """
    await scene.office.turn_to(FIRST_DAY, with_bot=True)
    await import_book(scene)
    await scene.quietly("sync")
    for change in json.loads(await scene.quietly("changes", "--json")):
        await scene.quietly("approve", str(change["id"]), "--by", "Alma Approver", "--effective", str(FIRST_DAY))
    await scene.quietly("run", "start", str(FIRST_DAY), "--by", "Bert Biller")
    await scene.quietly("run", "approve", "--by", "Bert Biller")
    await scene.quietly("run", "issue", "--by", "Bert Biller")
    await scene.office.bot_ready()
    # The bot posts what was decided before it is sent home; the next one goes on from there.
    await scene.hands.card("C0ACME", "first count", "Approved by")
    await scene.hands.card(cast.BILLING_CHANNEL, "3 issued")
    await scene.office.turn_to(TODAY, with_bot=True)
    for name in _HIRED:
        cast.hire(cast.tenant_of(scene.office.cloud, "acme"), name)
    await scene.quietly("sync", shows=("44 billable",))
    await scene.office.bot_ready()
    await scene.hands.card("C0ACME", "+2 users (42 → 44)")
