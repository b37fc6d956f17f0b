"""An invoice or credit note as plain text."""

from typing import TYPE_CHECKING

from bot.cli.printing import Column, in_columns, paragraph, table

if TYPE_CHECKING:
    from documents.document import Document
    from documents.presentation import Group, Names, Presentation, Working

_INDENT = "  "
_CHARGES = (Column("amount", right=True), Column("quantity", right=True), Column("for"))
_TOTALS = (Column("", right=True), Column("", right=True), Column(""))


def document_text(document: "Document") -> list[str]:
    """The same sections as on paper, top to bottom."""
    from documents.presentation import present

    shown = present(document)
    lines = [*_head(shown), "", *_charges(shown)]
    for section in (_notes(shown), *map(_names, shown.names), _workings(shown.workings)):
        if section:
            lines += ["", *section]
    return lines


def _head(shown: "Presentation") -> list[str]:
    facts = [("From", ", ".join((shown.seller.name, *shown.seller.lines)))]
    facts.append(("Billed to", ", ".join((shown.buyer.name, *shown.buyer.lines))))
    facts += [(fact.label, fact.value) for fact in shown.facts]
    return [
        *paragraph(shown.subject),
        *paragraph(shown.stamp_reason, _INDENT),
        *table((Column(""), Column("")), facts, _INDENT),
    ]


def _charges(shown: "Presentation") -> list[str]:
    rows = [row for group in shown.groups for row in _group(group)]
    totals = [(fact.value, "", fact.label) for fact in (*shown.totals, shown.total)]
    return table(_CHARGES, [*rows, ("", "", ""), *totals], _INDENT)


def _group(group: "Group") -> list[tuple[str, str, str]]:
    title = f"{group.title}: " if group.title else ""
    return [
        (row.amount, row.quantity, f"{title}{row.title}" + (f", {row.detail}" if row.detail else ""))
        for row in group.rows
    ]


def _notes(shown: "Presentation") -> list[str]:
    return [line for note in shown.notes for line in paragraph(note)]


def _names(names: "Names") -> list[str]:
    people = [person.name + (f" ({person.detail})" if person.detail else "") for person in names.people]
    return [*paragraph(f"{names.title}: {names.detail}"), *in_columns(people, _INDENT)]


def _workings(workings: "tuple[Working, ...]") -> list[str]:
    told = [line for working in workings for line in _working(working)]
    return ["How the amounts came about", *told] if told else []


def _working(working: "Working") -> list[str]:
    return [
        *paragraph(working.title, _INDENT),
        *(line for text in working.lines for line in paragraph(text, _INDENT * 2)),
    ]
