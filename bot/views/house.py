"""The bot itself: its help, how it is doing, and the question which client was meant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import ActionsBlock, Option, StaticSelectElement

from bot.actions import Act
from bot.message import Message
from bot.views import limits, parts
from documents.format import day


@dataclass(frozen=True, slots=True)
class Choice:
    """One client that may have been meant, and the command line that asks for it."""

    name: str
    slug: str
    line: str


@dataclass(frozen=True, slots=True)
class Health:
    """How the bot is doing; `fixed` is the business date where settings fix it."""

    version: str
    clients: int
    changes_waiting: int
    cards_owed: int
    problems: tuple[str, ...]
    fixed: date | None


def help_card(usages: Sequence[tuple[str, str]]) -> Message:
    """Every command that there is."""
    title = "Rollcall: what you can ask"
    lines = "\n".join(f"{usage}\n    {meaning}" for usage, meaning in usages)
    closing = "A client is named by slug, by name, or by any part that only one has. Answers are for your eyes only."
    return Message(title, (parts.header(title), parts.paragraph(lines), parts.small(closing)))


def status_card(health: Health) -> Message:
    """What waits, and what is wrong."""
    title = f"Rollcall {health.version} is running"
    lines = [
        f"Clients: {health.clients}",
        f"Changes waiting for approval: {health.changes_waiting}",
        f"Cards not delivered yet: {health.cards_owed}",
    ]
    if health.fixed:
        lines.append(f"The business date is fixed to {day(health.fixed)} by ROLLCALL_TODAY")
    problems = limits.listed(health.problems, limits.SECTION, "\n")
    wrong = (parts.titled("What is wrong", problems),) if problems else ()
    return Message(title, (parts.header(title), parts.paragraph("\n".join(lines)), *wrong))


def picker(asked: str, choices: Sequence[Choice]) -> Message:
    """Asks which of several clients was meant."""
    shown = choices[: limits.OPTIONS]
    labels = [parts.plain(f"{parts.name(each.name)} ({each.slug})", limits.OPTION) for each in shown]
    options = [Option(value=each.line, text=label) for each, label in zip(shown, labels, strict=True)]
    question = f"{limits.cut(asked, limits.NAME)} fits {len(choices)} clients. Which one?"
    menu = StaticSelectElement(action_id=Act.PICK_CLIENT, options=options, placeholder=parts.plain("Choose a client"))
    return Message(question, (parts.paragraph(question), ActionsBlock(elements=[menu]).to_dict()))
