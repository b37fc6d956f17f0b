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
    """A row a point: how often a process was killed there, and what that led to."""
    led_to: dict[str, Counter[str]] = defaultdict(Counter)
    for told in course.shell_killed:
        if told.death is not None:
            led_to[told.death.point.name][_typed(course, told)] += 1
    for scene in course.scenes.values():
        for played in scene.killed:
            if played.died_at is not None:
                led_to[played.died_at.name][_seen(scene.clean, played)] += 1
    yield "| killed at | kills | what came of it |"
    yield "|---|--:|---|"
    for name, came in sorted(led_to.items()):
        what = "; ".join(f"{came_of_it} ({times})" for came_of_it, times in came.most_common())
        yield f"| `{name}` | {came.total()} | {what} |"


def _typed(course: Course, told: Told) -> str:
    if judged_story(course.shell, told):
        return "**wrong**"
    refusal = STEPS[told.death.step].again if told.death else None
    if refusal is not None and refusal in " ".join(told.again.split()):
        return "typed again: refused, as it was done"
    return "typed again: done"


def _seen(clean: Played, played: Played) -> str:
    if judged_scene(clean, played):
        return "**wrong**"
    notes = dict.fromkeys(note.partition(": ")[2] for note in played.notes)
    second = ["a second card, whose buttons answer"] if played.cards - clean.cards else []
    return ", ".join([*second, *(note for note in notes if note != "refused")]) or "the next start goes on by itself"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        sys.stdout.write("\n".join(table(run_course(Path(folder)))) + "\n")
