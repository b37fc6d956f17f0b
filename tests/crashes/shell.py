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
from tests.crashes.truth import Truth, damage, differences, rows, truth
from tests.crashes.victims import KILLED, Nursery

_LICENCE = "SPE_E3"


@dataclass(frozen=True, slots=True)
class Step:
    """A command line, what happens at the client before it, its exit code, and its refusal when it is done already."""

    words: str
    code: int = 0
    again: str | None = None
    before: Callable[[Tenant], None] | None = None


def _staff(tenant: Tenant) -> None:
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
    Step("run start 2027-05-01 --on 2027-05-01"),
    Step('run override acme R02 --by Dana --reason "They left" --until 2027-05-31 --on 2027-05-01'),
    Step("run approve --by Dana --on 2027-05-01"),
    Step("run issue --on 2027-05-01"),
    Step('credit NW-000001 --by Dana --reason "An outage" --on 2027-05-02', again="Nothing is left"),
    Step('erase acme ann --by Dana --reason "On request" --on 2027-05-03'),
    Step("export acme"),
)


# The story has two acts, so that a kill in one needn't be followed or preceded by the other: the second begins with
# what the first leaves behind without a kill, and a kill in the first must leave the same.
_ACT_TWO = next(number for number, step in enumerate(STEPS) if step.words.startswith("run start"))


@dataclass(frozen=True, slots=True)
class Death:
    """A kill: in which step, and at which of its points."""

    step: int
    point: Point

    def __str__(self) -> str:
        return f"`rollcall {STEPS[self.step].words}` at {self.point}"


@dataclass(slots=True)
class Told:
    """How the story went, or an act of it. `again` is what the command said when it was typed again after the kill."""

    death: Death | None = None
    again: str = ""
    complaints: list[str] = field(default_factory=list)
    truth: Truth = field(default_factory=dict)
    truth_between_the_acts: Truth = field(default_factory=dict)
    deaths: list[Death] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Shell:
    """Plays the story in folders of its own."""

    nursery: Nursery
    cloud: Cloud
    settings: Mapping[str, str]
    folder: Path

    async def play(self, death: Death | None = None) -> Told:
        """The whole story without a kill, which comes first; or the act in which there is one."""
        name = f"{death.step}-{death.point.name}-{death.point.nth}".replace(":", "-") if death else "clean"
        folder = self.folder / name
        folder.mkdir()
        tenant = self.cloud.add_tenant(str(uuid5(NAMESPACE_URL, name)), f"{name.lower()}.example")
        write_book(folder, f"{{name: m365, kind: entra, tenant: {tenant.id}}}", "licensed")
        told, file, between = Told(death), folder / "rollcall.db", self.folder / "between.db"
        is_first_act = death is not None and death.step < _ACT_TWO
        if death is not None and not is_first_act:
            shutil.copy(between, file)
        acts = range(0 if death is None or is_first_act else _ACT_TWO, _ACT_TWO if is_first_act else len(STEPS))
        for number in acts:
            if number == _ACT_TWO and death is None:
                told.truth_between_the_acts = truth(file)
                shutil.copy(file, between)
            await self._take(told, folder, number, tenant)
        told.truth = truth(file)
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
        victim = await self.nursery.send(folder, tuple(shlex.split(step.words)), self.settings, dies_at)
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
    is_first_act = told.death is not None and told.death.step < _ACT_TWO
    expected = clean.truth_between_the_acts if is_first_act else clean.truth
    return [*told.complaints, *differences(expected, told.truth)]
