"""Counts what `make mutate` found, module by module, and names the mutants that no test noticed.

Each mutant is one function of the rules with one thing in it altered; mutmut notes pytest's exit code for it below
`mutants/`. A mutant that ran out of time counts as noticed: the tests would have hung.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

Fate = Literal["killed", "timed out", "survived", "no test", "not tried"]

FOLDER = Path("mutants")
_FATES: dict[int | None, Fate] = {None: "not tried", 0: "survived", 5: "no test", 33: "no test"}
# How mutmut ends a mutant that takes too long, as the shell or as Python writes it.
_OUT_OF_TIME = (24, -24, 36, 152, 255)


def fates(folder: Path) -> Iterator[tuple[str, dict[str, Fate]]]:
    """Each module that has mutants, and what became of each of them."""
    for notes in sorted(folder.rglob("*.py.meta")):
        codes: dict[str, int | None] = json.loads(notes.read_text(encoding="utf-8"))["exit_code_by_key"]
        if codes:
            module = notes.relative_to(folder).as_posix().removesuffix(".py.meta")
            yield module.replace("/", "."), {mutant: _fate(code) for mutant, code in codes.items()}


def _fate(code: int | None) -> Fate:
    return _FATES.get(code, "timed out" if code in _OUT_OF_TIME else "killed")


def _row(name: str, counted: Counter[Fate]) -> str:
    noticed, tried = counted["killed"] + counted["timed out"], counted.total() - counted["not tried"]
    percent = f"{100 * noticed / tried:.1f} %" if tried else "-"
    numbers = (tried, counted["killed"], counted["timed out"], counted["survived"], counted["no test"])
    return f"{name:<24}" + "".join(f"{number:>10}" for number in numbers) + f"{percent:>10}"


def main() -> None:
    """Prints the table, then the mutants that live."""
    found = dict(fates(FOLDER))
    write = sys.stdout.write
    heads = ("mutants", "killed", "time-outs", "survived", "no test", "noticed")
    write(f"{'module':<24}" + "".join(f"{head:>10}" for head in heads) + "\n")
    total: Counter[Fate] = Counter()
    for module, mutants in found.items():
        counted = Counter(mutants.values())
        total += counted
        write(_row(module, counted) + "\n")
    write(_row("all", total) + "\n")
    for mutants in found.values():
        for mutant, fate in mutants.items():
            if fate in {"survived", "no test"}:
                write(f"{fate}: {mutant}\n")


if __name__ == "__main__":
    main()
