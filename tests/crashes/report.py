"""What a kill at each point led to, as a table: `python -m tests.crashes.report`."""

import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.crashes.course import Course, run_course
from tests.crashes.service import Played
from tests.crashes.service import judged as judged_scene
from tests.crashes.shell import STEPS, Told
from tests.crashes.shell import judged as judged_story


def table(course: Course) -> Iterator[str]:
    """A row for whatever is committed or called: how often a process was killed around it, and what that led to."""
    led_to: dict[str, dict[bool, Counter[str]]] = defaultdict(lambda: {False: Counter(), True: Counter()})
    for told in course.shell_killed:
        if told.death is not None:
            point = told.death.point
            led_to[point.done][point.is_after][_typed(course, told)] += 1
    for scene in course.scenes.values():
        for played in scene.killed:
            if played.died_at is not None:
                led_to[played.died_at.done][played.died_at.is_after][_seen(scene.clean, played)] += 1
    yield "| commit or call | kills | killed before it | killed after it |"
    yield "|---|--:|---|---|"
    for name, came in sorted(led_to.items()):
        kills = came[False].total() + came[True].total()
        yield f"| `{name}` | {kills} | {_told(came[False])} | {_told(came[True])} |"


def _told(came: Counter[str]) -> str:
    return "; ".join(f"{what} ({times})" if len(came) > 1 else what for what, times in came.most_common())


def _typed(course: Course, told: Told) -> str:
    if judged_story(course.shell, told):
        return "**wrong**"
    refusal = STEPS[told.death.step].again if told.death else None
    if refusal is not None and refusal in " ".join(told.again.split()):
        return "typed again: refused, as it is done"
    return "typed again: done"


def _seen(clean: Played, played: Played) -> str:
    if judged_scene(clean, played):
        return "**wrong**"
    notes = dict.fromkeys(note.partition(": ")[2] for note in played.notes)
    second = ["a second card"] if played.cards - clean.cards else []
    return ", ".join([*second, *(note for note in notes if note != "refused")]) or "goes on by itself"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        sys.stdout.write("\n".join(table(run_course(Path(folder)))) + "\n")
