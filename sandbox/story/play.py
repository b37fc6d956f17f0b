"""The story without hands: from the first count in January to the invoices of 1 May."""

from datetime import date
from pathlib import Path

from sandbox.microsoft.tenant import READ_USERS
from sandbox.story import cast
from sandbox.story.cast import ADA, ALMA, BERT, BILLING_CHANNEL, VERA
from sandbox.story.scene import Scene
from sandbox.story.setting import set_up

FIRST_DAY = date(2027, 1, 1)
_FEBRUARY, _MARCH, _APRIL, _MAY = (date(2027, month, 1) for month in (2, 3, 4, 5))
_ACME, _BIRCH, _CEDAR = "C0ACME", "C0BIRCH", "C0CEDAR"


async def play(scene: Scene) -> Path:
    """The whole of it, in order; gives the file of the invoice that it ends with.

    Raises:
        StoryBroke: a step didn't show what it must.

    """
    await first_counts(scene)
    await a_pending_change(scene)
    await a_late_approval(scene)
    await growth(scene)
    await a_refusal(scene)
    await a_broken_tenant(scene)
    await the_run_in_may(scene)
    return await the_papers(scene)


async def first_counts(scene: Scene) -> None:
    """The book, the roles, the first reading of every directory, and the invoices of January."""
    await scene.day(FIRST_DAY, "the first count", with_bot=True)
    scene.teller.happens("Clients and agreements are in a book. It is imported, and people get roles.")
    await set_up(scene)
    scene.teller.happens("Every client's directory is read. That bills nothing: a card asks first.")
    await scene.command("sync", shows=("acme/m365: 45 accounts, 42 billable",))
    card = await scene.card(_ACME, "first count", "42 → 42")
    await scene.fill_in(ALMA, card, "Approve", {"From": str(FIRST_DAY)}, shows=("Approved",))
    await scene.card(_ACME, "Approved by")
    await scene.approve_quietly(ALMA, _BIRCH, "+15 users (0 → 15)", {"From": str(FIRST_DAY)})
    await scene.approve_quietly(ALMA, _CEDAR, "+64 users (0 → 64)", {"From": str(FIRST_DAY)})
    scene.teller.happens("She approves the first counts of Birch Dental (15) and Cedar Freight (64) as well.")
    await _bill(scene, FIRST_DAY, "$1,805.00", "$1,356.00", "$4,480.00")


async def a_pending_change(scene: Scene) -> None:
    """Two people are hired and nobody decides, so the run of February holds that client."""
    await scene.day(date(2027, 1, 25), "Birch Dental hires two people")
    for name in ("Nia North", "Ole Olsen"):
        cast.hire(cast.tenant_of(scene.office.cloud, "birch"), name)
    await scene.command("sync", "birch", shows=("17 billable", "waits for approval"))
    await scene.day(_FEBRUARY, "nobody has decided, so the run holds Birch Dental alone")
    await scene.quietly("sync")
    await scene.command("run", "start", str(_FEBRUARY), shows=("birch is held: R05",))
    why = "Alma is away; they are billed once she has approved them"
    override = ("run", "override", "birch", "R05", "--by", "Bert Biller", "--reason", why, "--until", "2027-02-28")
    await scene.command(*override, shows=("overridden",))
    await scene.quietly("run", "approve", "--by", "Bert Biller")
    await scene.command("run", "issue", "--by", "Bert Biller", shows=("$1,805.00", "$1,356.00", "$4,480.00"))


async def a_late_approval(scene: Scene) -> None:
    """The two are approved over an issued invoice, which stays; the next one bills the difference."""
    await scene.day(date(2027, 2, 3), "Alma is back, and approves from the shell")
    await scene.quietly("sync")
    change = await scene.pending_change("birch")
    await scene.command("approve", change, "--by", "Alma Approver", shows=("approved by", "15 -> 17"))
    await scene.day(_MARCH, "February's invoice stays, March's has the difference, a line a period")
    await scene.quietly("sync")
    # 17 people for March, 2 for all of February, 2 for 7 of January's 31 days, and 13 % HST.
    march = ("$1,360.00", "$160.00", "$36.13", "$1,556.13", "$1,758.43")
    told = await scene.quietly("preview", "birch", "--on", str(_MARCH), shows=march)
    scene.teller.terminal(f"rollcall preview birch --on {_MARCH}", told, first=21, last=9)
    await _bill(scene, _MARCH, "$1,805.00", "$1,758.43", "$4,480.00")
    await scene.day(_APRIL, "another month")
    await scene.quietly("sync")
    await _bill(scene, _APRIL, "$1,805.00", "$1,536.80", "$4,480.00")


async def growth(scene: Scene) -> None:
    """Two are hired, one more later that day: one change, a newer revision of it, and one approval."""
    await scene.day(date(2027, 4, 11), "Acme hires two people, and one more later that day", with_bot=True)
    scene.teller.happens("No bot was running since January. What was decided without it is in Slack now.")
    await scene.card(_BIRCH, "+2 users (15 → 17)", "Approved by", "for Alma Approver")
    acme = cast.tenant_of(scene.office.cloud, "acme")
    cast.hire(acme, "Nora Nash")
    cast.hire(acme, "Otto Orr")
    await scene.command("sync", "acme", shows=("44 billable",))
    await scene.card(_ACME, "+2 users (42 → 44)", "Nora Nash, Otto Orr")
    cast.hire(acme, "Pia Page")
    await scene.command("sync", "acme", shows=("45 billable",))
    card = await scene.card(_ACME, "+3 users (42 → 45)", "+$120.00 a month", "revision 2")
    await scene.press(ALMA, card, "Approve", edition=0, shows=("revision 1, now it is revision 2",))
    await scene.press(VERA, card, "Approve", shows=("takes the role approver; you have viewer",))
    await scene.press(ALMA, card, "Approve", shows=("Approved",))
    await scene.card(_ACME, "+3 users (42 → 45)", "Approved by U0APPROVER")
    # 45 people for May, and for April 20 of 30 days of 1,925.00 instead of 1,805.00.
    await scene.ask(ALMA, _ACME, "/invoice", "acme preview", shows=("$1,925.00", "$80.00", "$2,005.00"))


async def a_refusal(scene: Scene) -> None:
    """Somebody who isn't to be billed."""
    scene.teller.happens("Birch Dental's directory shows somebody whom the provider has agreed not to bill.")
    cast.hire(cast.tenant_of(scene.office.cloud, "birch"), "Quinn Quick")
    await scene.command("sync", "birch", shows=("18 billable",))
    card = await scene.card(_BIRCH, "+1 user (17 → 18)", "Quinn Quick")
    why = {"Why is it rejected?": "An auditor for two weeks, agreed free of charge"}
    await scene.fill_in(ALMA, card, "Reject", why, shows=("Rejected",))
    await scene.card(_BIRCH, "Rejected by U0APPROVER", "agreed free of charge")


async def a_broken_tenant(scene: Scene) -> None:
    """A directory can't be read any more: that is never a zero, it is a hold."""
    await scene.day(_MAY, "Cedar Freight's directory can't be read", with_bot=True)
    cast.tenant_of(scene.office.cloud, "cedar").permissions.discard(READ_USERS)
    await scene.command("sync", code=3, shows=("cedar/m365",))
    await scene.card(_CEDAR, "Needs you", "can't be read")
    await scene.ask(
        BERT, BILLING_CHANNEL, "/reconcile", "", shows=("R01 cedar: holds the invoice", "R06 birch", "$80.00")
    )


async def the_run_in_may(scene: Scene) -> None:
    """The run in Slack: one client held, overridden by somebody with a name, and all of them issued."""
    await scene.ask(BERT, BILLING_CHANNEL, "/run", f"{_MAY} start", shows=("1 held", "2 drafted"))
    card = await scene.card(BILLING_CHANNEL, "Cedar Freight is held (R01)", "$2,005.00", "$1,536.80")
    why = {"Why is it let through?": "Their admin was locked out; the head count was confirmed by phone"}
    await scene.fill_in(ADA, card, "Override", why, shows=("3 drafted",))
    card = await scene.card(BILLING_CHANNEL, "3 drafted", "$4,480.00", "R01 overridden")
    await scene.press(BERT, card, "Approve run", shows=("3 approved",))
    card = await scene.card(BILLING_CHANNEL, "3 approved")
    await scene.press(BERT, card, "Issue", shows=("3 issued",))
    await scene.card(BILLING_CHANNEL, "3 issued", "$2,005.00", "$1,536.80", "$4,480.00")


async def the_papers(scene: Scene) -> Path:
    """The invoice, its PDF, where every cent comes from, and the proof that nothing was altered."""
    number = await scene.newest_invoice("acme")
    scene.teller.happens(f"Acme's invoice is {number}.")
    await scene.command("invoice", number, shows=("$2,005.00", "Nora Nash"))
    file = scene.office.folder / f"{number}.pdf"
    await scene.command("invoice", number, "--format", "pdf", "-o", str(file), shows=(number,))
    told = await scene.quietly("explain", number, "2", shows=("$80.00", "Nora Nash", "approved by"))
    scene.teller.terminal(f"rollcall explain {number} 2", told, first=6, last=9)
    await scene.command("audit", "verify", shows=("15 issued documents", "nothing was"))
    return file


async def _bill(scene: Scene, bill_date: date, *totals: str) -> None:
    """A run on the command line."""
    await scene.quietly("run", "start", str(bill_date), "--by", "Bert Biller")
    await scene.quietly("run", "approve", "--by", "Bert Biller")
    await scene.command("run", "issue", "--by", "Bert Biller", shows=totals)
