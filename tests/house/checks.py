"""The house rules that no linter knows, as functions from a source text to the sentences that it breaks."""

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("billing", "bot", "checks", "commands", "connectors", "documents", "rosters", "sandbox", "storage")
RULES = ("billing", "rosters", "checks")
MONEY_PACKAGES = (*RULES, "storage", "documents")

# The one module that may end a transaction, and the one that may divide money.
TRANSACTION_MODULE = Path("storage/database.py")
MONEY_MODULE = Path("billing/money.py")

# The one that fits what Slack is sent into its limits, and the one that knows them.
SURFACES_MODULE = Path("bot/views/surfaces.py")
LIMITS_MODULE = Path("bot/views/limits.py")
_SURFACES = ("HomeTab", "Message", "ModalView", "View")
_NO_LENGTH_MOST = 60

_INEXACT_CALLS = ("float", "round")
_INEXACT_MODULES = ("math", "cmath", "statistics")

# Where somebody's clone or registry lies is nobody else's business, and true on one machine only.
_ONE_MACHINE_ONLY = re.compile(
    r"""(?<![\w.*-])/(?:home|root|Users|workspace|wor[k])/   # a folder of one machine
      | \bfile:///(?!tmp/)                                   # a registry on its disk
      | [.]{2}/shared\b                                      # a neighbour of the clone
    """,
    re.VERBOSE,
)

Check = Callable[[str], Iterator[str]]


def foreign_imports(source: str) -> Iterator[str]:
    """Imports that are neither the standard library's nor the rules' own; the rules may have no other."""
    for line, module in _imported(source):
        top = module.partition(".")[0]
        if top not in RULES and top not in sys.stdlib_module_names:
            yield f"line {line} imports {module}; the rules know only the standard library"


def commits(source: str) -> Iterator[str]:
    """Calls of `.commit()`, which only the transaction helper makes."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit":
            yield f"line {node.lineno} commits; leaving the transaction's block in {TRANSACTION_MODULE} does"


def inexact_numbers(source: str) -> Iterator[str]:
    """Float literals, `float()`, `round()` and the math module, by which a cent gets lost."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Constant(value=float() | complex()):
                yield f"line {node.lineno} has the float {node.value!r}; money is integer minor units and decimals"
            case ast.Call(func=ast.Name(id=name)) if name in _INEXACT_CALLS:
                yield f"line {node.lineno} calls {name}(); billing.money.rounded is the one rounding"
            case ast.Attribute(value=ast.Name(id=name)) if name in _INEXACT_MODULES:
                yield f"line {node.lineno} uses {name}, which computes in floats"
    for line, module in _imported(source):
        if module.partition(".")[0] in _INEXACT_MODULES:
            yield f"line {line} imports {module}, which computes in floats"


def divisions(source: str) -> Iterator[str]:
    """True divisions, which turn two integers into a float unnoticed."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div):
            yield f"line {node.lineno} divides; only {MONEY_MODULE} may (share, quotient)"


def unfitted_messages(source: str) -> Iterator[str]:
    """Messages and modals that are made by hand, and so may be longer than Slack takes."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in _SURFACES:
                yield f"line {node.lineno} makes a {name}; only {SURFACES_MODULE} does, where it is cut to fit"
            case ast.keyword(arg="blocks"):
                yield f"line {node.lineno} puts blocks in place; only {SURFACES_MODULE} does, where they are cut to fit"


def lengths(source: str) -> Iterator[str]:
    """Numbers that are large enough for the length of a text."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and type(node.value) is int and node.value > _NO_LENGTH_MOST:
            yield f"line {node.lineno} knows a length, {node.value}; only {LIMITS_MODULE} does"


def one_machine_places(text: str) -> Iterator[str]:
    """Paths and registries that exist on one machine only."""
    for number, line in enumerate(text.splitlines(), start=1):
        if _ONE_MACHINE_ONLY.search(line):
            yield f"line {number} names a place that exists on one machine only"


def breaches(check: Check, files: Iterator[Path], *, apart_from: Path | None = None) -> list[str]:
    """What a check finds in the files (paths from the top), each with its file's name."""
    return [
        f"{file}: {breach}"
        for file in files
        if file != apart_from and (text := _text_of(ROOT / file)) is not None
        for breach in check(text)
    ]


def modules_of(*packages: str) -> Iterator[Path]:
    """Every Python module of the packages, as paths from the top."""
    for package in packages:
        yield from (path.relative_to(ROOT) for path in sorted((ROOT / package).rglob("*.py")))


def committed_files() -> Iterator[Path]:
    """Every file that git knows, as paths from the top."""
    # CI often runs as another user than the clone's owner, which git would refuse to read.
    command = ["git", "-c", "safe.directory=*", "-C", str(ROOT), "ls-files", "-z"]
    listing = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    yield from (Path(name) for name in listing.split("\0") if name)


def _text_of(path: Path) -> str | None:
    """The file's text, or None for one that is no text, or that is deleted but not yet committed so."""
    try:
        return path.read_text(encoding="utf-8")
    except (UnicodeDecodeError, FileNotFoundError):
        return None


def _imported(source: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, "billing" if node.level else node.module or ""
