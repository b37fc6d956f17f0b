"""The story at the shell: every step a process of its own, killed at every point, and typed again."""

import asyncio
import shlex
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from commands.audit import verify
from sandbox.microsoft.cloud import Cloud
from sandbox.microsoft.tenant import Tenant
from storage.database import Database
from tests.crashes.books import write_book
from tests.crashes.errands import Point
from tests.crashes.sources import Sources
from tests.crashes.truth import Truth, damage, differences, rows, truth
from tests.crashes.victims import KILLED, Nursery

_LICENCE = "SPE_E3"


@dataclass(frozen=True, slots=True)
class Step:
    """A command line, what happens at the client before it, its exit code, and its refusal when it is done already.

    `secret` is the one whose value is piped in. `opens` says that an act begins with it.
    """

    words: str
    code: int = 0
    again: str | None = None
    before: Callable[[Tenant], None] | None = None
    secret: str | None = None
    opens: bool = False


def _staff(tenant: Tenant) -> None:
    # Several pages, so that a kill falls on each of them.
    tenant.changes.page_size = 2
    for name in ("Ann", "Bo", "Cy", "Dee", "Eli"):
        _hire(tenant, name)


def _hire(tenant: Tenant, name: str) -> None:
    tenant.people.hire(name, f"{name.lower()}@acme.example", licences=[_LICENCE], object_id=name.lower())


def _close_the_door(tenant: Tenant) -> None:
    tenant.consented = False


def _fire_nearly_all(tenant: Tenant) -> None:
    tenant.consented = True
    for name in ("ann", "bo", "cy", "dee"):
        tenant.people.fire(name)


STEPS = (
    Step("import book.yaml --apply"),
    Step("role grant U0APPROVER approver"),
    Step("sync acme --on 2027-04-01", before=_staff),
    Step("approve 1 --by Dana --effective 2027-04-01 --on 2027-04-01", again="already approved"),
    Step("sync acme --on 2027-04-11", before=lambda tenant: _hire(tenant, "Fay")),
    Step("approve 2 --by Dana --on 2027-04-11", again="already approved"),
    Step("sync acme --on 2027-04-13", code=3, before=_close_the_door),
    Step("sync acme --on 2027-04-30", code=1, before=_fire_nearly_all),
    Step("run start 2027-05-01 --on 2027-05-01", opens=True),
    Step('run override acme R02 --by Dana --reason "They left" --until 2027-05-31 --on 2027-05-01'),
    Step("run approve --by Dana --on 2027-05-01"),
    Step("run issue --on 2027-05-01"),
    Step('credit NW-000001 --by Dana --reason "An outage" --on 2027-05-02', again="Nothing is left"),
    Step('erase acme ann --by Dana --reason "On request" --on 2027-05-03'),
    Step("cards --again"),
    Step("export acme"),
    Step("secret set birch-okta", secret="birch-okta", opens=True),
    Step("secret set cedar-google", secret="cedar-google"),
    Step("import sources.yaml --apply", opens=True),
    Step("sync birch --on 2027-06-01"),
    Step("sync cedar --on 2027-06-01"),
    Step("users birch link gil hal --by Dana --on 2027-06-01"),
    Step("run start 2027-06-01 --on 2027-06-01", opens=True),
    Step('run abandon 2027-06-01 --by Dana --reason "Too early"'),
)


# The story has acts, so that a kill in one needn't be followed or preceded by the others: each begins with what the one
# before leaves behind without a kill, and a kill in it must leave the same.
_OPENINGS = (0, *(number for number, step in enumerate(STEPS) if step.opens))


def _act_of(step: int) -> int:
    return max(act for act, opening in enumerate(_OPENINGS) if opening <= step)


@dataclass(frozen=True, slots=True)
class Death:
    """A kill: in which step, and at which of its points."""

    step: int
    point: Point

    def __str__(self) -> str:
        return f"`rollcall {STEPS[self.step].words}` at {self.point}"


@dataclass(slots=True)
class Told:
    """How the story went, or an act of it. `again` is what the command said when it was typed again after the kill.

    `truth` is what there was in the end, `truths` at the end of each act.
    """

    death: Death | None = None
    again: str = ""
    complaints: list[str] = field(default_factory=list)
    truth: Truth = field(default_factory=dict)
    truths: list[Truth] = field(default_factory=list)
    deaths: list[Death] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Shell:
    """Plays the story in folders of its own."""

    nursery: Nursery
    cloud: Cloud
    sources: Sources
    settings: Mapping[str, str]
    folder: Path

    async def play(self, death: Death | None = None) -> Told:
        """The whole story without a kill, which comes first; or the act in which there is one."""
        name = f"{death.step}-{death.point.name}-{death.point.nth}".replace(":", "-") if death else "clean"
        folder = self.folder / name
        folder.mkdir()
        tenant = self.cloud.add_tenant(str(uuid5(NAMESPACE_URL, name)), f"{name.lower()}.example")
        write_book(folder, f"{{name: m365, kind: entra, tenant: {tenant.id}}}", "licensed")
        self.sources.write_book(folder)
        told, file = Told(death), folder / "rollcall.db"
        for act in range(len(_OPENINGS)) if death is None else (_act_of(death.step),):
            before = self.folder / f"before-{act}.db"
            if death is None and file.exists():
                shutil.copy(file, before)
            elif before.exists():
                shutil.copy(before, file)
            for number in range(_OPENINGS[act], (*_OPENINGS, len(STEPS))[act + 1]):
                await self._take(told, folder, number, tenant)
            told.truths.append(truth(file))
        told.truth = told.truths[-1]
        told.complaints += await asyncio.to_thread(_flaws, file)
        return told

    async def _take(self, told: Told, folder: Path, number: int, tenant: Tenant) -> None:
        step = STEPS[number]
        if step.before:
            step.before(tenant)
        here = told.death.point if told.death and told.death.step == number else None
        code, points = await self._run(folder, step, here)
        if here is None:
            told.deaths += [Death(number, point) for point in points]
            told.complaints += _unexpected(step, code, folder)
            return
        if code != KILLED or points[-1:] != [here]:
            told.complaints.append(f"It was to die at {here}, and ended with {code} after {points[-1:]}")
        (folder / "output.txt").write_text("", encoding="utf-8")
        code, _ = await self._run(folder, step, None)
        told.again = (folder / "output.txt").read_text(encoding="utf-8").strip()
        refused = step.again is not None and here.is_after and code == 1 and step.again in " ".join(told.again.split())
        told.complaints += [] if refused else _unexpected(step, code, folder)

    async def _run(self, folder: Path, step: Step, dies_at: Point | None) -> tuple[int, Sequence[Point]]:
        piped = self.sources.secrets[step.secret] if step.secret else ""
        words = tuple(shlex.split(step.words))
        victim = await self.nursery.send(folder, words, self.settings, dies_at, piped=piped)
        return await victim.ended, victim.points()


def _unexpected(step: Step, code: int, folder: Path) -> list[str]:
    if code == step.code:
        return []
    said = (folder / "output.txt").read_text(encoding="utf-8")
    return [f"`rollcall {step.words}` ended with {code}, not {step.code}. Said so far:\n{said}"]


def _flaws(file: Path) -> list[str]:
    """What the audit and SQLite find wrong, and whether a client got two invoices for one bill date."""
    with closing(Database(f"sqlite:///{file}")) as database:
        found = [*damage(file), *verify(database).problems]
    twice = "SELECT client_id, bill_date FROM invoices WHERE by_run = 1 GROUP BY 1, 2 HAVING count(*) > 1"
    return [*found, *(f"two invoices: {row}" for row in rows(file, twice))]


def judged(clean: Told, told: Told) -> list[str]:
    """Everything that is wrong with a story: also that it came out otherwise than without the kill."""
    expected = clean.truth if told.death is None else clean.truths[_act_of(told.death.step)]
    return [*told.complaints, *differences(expected, told.truth)]
