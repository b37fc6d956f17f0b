"""Arguments and options that several commands take, each said once."""

import re
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def a_date(text: str) -> date:
    """A day as it is written on the command line."""
    try:
        if _ISO_DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text} is not a day of the calendar.") from None
    raise typer.BadParameter(f"'{text}' is not a date: expected YYYY-MM-DD, such as 2027-05-01.")


def a_number(text: str) -> int:
    """A number from 1 on: of a change, a line, a revision."""
    if not text.isascii() or not text.isdigit() or not int(text):
        raise typer.BadParameter(f"'{text}' is not a number: expected 1 or more.")
    return int(text)


def some_text(text: str) -> str:
    """A name or a reason that says something."""
    if not text.strip():
        raise typer.BadParameter("it is empty.")
    return " ".join(text.split())


def items_left_out(texts: list[str] | None) -> dict[int, str]:
    """The items of a change that are left out, from `--except 1 --except 3`, `--except 1,3` or `--except 3=REASON`.

    Each with its own reason, which is empty where it has none.
    """
    found: dict[int, str] = {}
    for text in texts or []:
        items, _, reason = text.partition("=")
        for number in items.replace(",", " ").split():
            if not number.isascii() or not number.isdigit():
                raise typer.BadParameter(f"'{number}' is not the number of an item, such as 3.", param_hint="--except")
            found[int(number)] = " ".join(reason.split())
    return found


AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
BillDate = Annotated[
    date | None,
    typer.Option("--bill-date", parser=a_date, metavar="DATE", help="Which run (default: the newest)."),
]
Book = Annotated[Path, typer.Argument(metavar="BOOK", help="The book, a YAML file.")]
By = Annotated[str, typer.Option("--by", parser=some_text, metavar="NAME", help="Who decides; kept in the audit log.")]
MaybeBy = Annotated[
    str | None, typer.Option("--by", parser=some_text, metavar="NAME", help="In whose name; kept in the audit log.")
]
Client = Annotated[str, typer.Argument(metavar="CLIENT", help="A client by slug, name or a unique part of it.")]
MaybeClient = Annotated[
    str | None, typer.Argument(metavar="CLIENT", help="A client by slug, name or a unique part of it (default: all).")
]
Clients = Annotated[
    list[str] | None,
    typer.Argument(metavar="CLIENT", help="Clients by slug, name or a unique part of it (default: all)."),
]
Number = Annotated[str, typer.Argument(metavar="NUMBER", help="The number of an issued document.")]
On = Annotated[
    date | None,
    typer.Option(
        "--on", parser=a_date, metavar="DATE", help="The business date (default: ROLLCALL_TODAY, else today)."
    ),
]
OnBillDate = Annotated[
    date | None,
    typer.Option("--on", parser=a_date, metavar="BILL_DATE", help="The bill date (default: the client's next)."),
]
Reason = Annotated[str, typer.Option("--reason", parser=some_text, metavar="TEXT", help="Why; kept in the audit log.")]
MaybeReason = Annotated[
    str | None, typer.Option("--reason", parser=some_text, metavar="TEXT", help="Why; kept in the audit log.")
]
Revision = Annotated[
    int | None,
    typer.Option(
        "--revision", parser=a_number, metavar="N", help="Refuse if the change was replaced since this revision."
    ),
]
