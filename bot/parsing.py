"""Slash commands: what can be asked, how it is written, and what somebody meant.

A client's name may have several words, so a command is found by its keyword and the client is what stands before it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast

from billing.errors import WrongInput
from bot.dates import read_date
from bot.quote_grammar import AskQuote, read_quote

Step = Literal["start", "status", "approve", "issue"]
_STEPS = ("start", "status", "approve", "issue")


@dataclass(frozen=True, slots=True)
class PreviewInvoice:
    """The invoice as it stands, of a bill date or the next one."""

    client: str
    bill_date: date | None


@dataclass(frozen=True, slots=True)
class InvoiceHistory:
    """What was issued."""

    client: str


@dataclass(frozen=True, slots=True)
class InvoicePdf:
    """A document as a file: the newest invoice, or the one with a number."""

    client: str
    number: str | None


@dataclass(frozen=True, slots=True)
class ExplainInvoice:
    """Where each cent comes from: of the newest invoice or of the document with a number, one line or all."""

    client: str
    number: str | None
    line: int | None


@dataclass(frozen=True, slots=True)
class ListUsers:
    """Rosters and names."""

    client: str


@dataclass(frozen=True, slots=True)
class ExplainUser:
    """One account's verdict."""

    client: str
    who: str


@dataclass(frozen=True, slots=True)
class UserHistory:
    """The head count over twelve months."""

    client: str


@dataclass(frozen=True, slots=True)
class ListChanges:
    """What waits for approval, of one client or of all."""

    client: str | None


@dataclass(frozen=True, slots=True)
class Reconcile:
    """The mismatches, of one client or of all."""

    client: str | None


@dataclass(frozen=True, slots=True)
class RunStep:
    """A step of the billing run; without a date that of the newest run."""

    bill_date: date | None
    step: Step


@dataclass(frozen=True, slots=True)
class AskHelp:
    """What there is."""


@dataclass(frozen=True, slots=True)
class AskStatus:
    """How the bot is doing."""


@dataclass(frozen=True, slots=True)
class AskDigest:
    """The digest of the channel in which it was asked."""

    channel: str | None = None


ClientRequest = (
    PreviewInvoice
    | InvoiceHistory
    | InvoicePdf
    | ExplainInvoice
    | AskQuote
    | ListUsers
    | ExplainUser
    | UserHistory
    | ListChanges
    | Reconcile
)
Request = ClientRequest | RunStep | AskHelp | AskStatus | AskDigest

USAGES = (
    ("/invoice <client> preview [date]", "the invoice as it stands"),
    ("/invoice <client> pdf [number]", "the newest invoice as a file, or another document"),
    ("/invoice <client> explain [line]", "where each cent of the newest invoice comes from"),
    ("/invoice <client> history", "the last twelve documents"),
    ("/quote <client> +3 full [from <date>] [until <date>]", "what more or fewer would cost; with pdf, as a file"),
    ("/users <client> [who]", "who is paid for, by roster"),
    ("/users <client> why <who>", "why somebody counts or doesn't"),
    ("/users <client> history", "the head count over twelve months, with a chart"),
    ("/changes [client]", "what waits for approval"),
    ("/reconcile [client]", "what doesn't agree"),
    ("/run [date] [start | status | approve | issue]", "the billing run, a step each"),
    ("/rollcall help", "this list"),
    ("/rollcall status", "how the bot is doing"),
    ("/rollcall digest", "what waits, the next run, and what moved in a month"),
    ("/rollcall invoice acme preview", "and so on: the same commands where another app has taken their names"),
)


_WORDS: Mapping[type, tuple[str, str]] = {
    PreviewInvoice: ("invoice", "preview"),
    InvoicePdf: ("invoice", "pdf"),
    InvoiceHistory: ("invoice", "history"),
    ExplainInvoice: ("invoice", "explain"),
    AskQuote: ("quote", ""),
    ListUsers: ("users", ""),
    ExplainUser: ("users", "why"),
    UserHistory: ("users", "history"),
    ListChanges: ("changes", ""),
    Reconcile: ("reconcile", ""),
}
"""The words that ask for each, before and after the client's name."""


class CommandIsUnclear(WrongInput):
    """The words of a slash command make no request; the message says what was understood and what is possible."""


def parse(command: str, words: str, today: date) -> Request:
    """What was asked by `/command words`; /rollcall takes the other commands as its first word.

    Raises:
        CommandIsUnclear, DateIsUnclear: in one line, with what is possible.

    """
    noun, tokens = command.lower().removeprefix("/"), words.split()
    if noun == "rollcall":
        noun, tokens = (tokens[0].lower().removeprefix("/"), tokens[1:]) if tokens else ("help", [])
    grammar = _GRAMMARS.get(noun)
    if grammar is None:
        raise CommandIsUnclear(f"“{noun}” is nothing that I know. Possible: {', '.join(_GRAMMARS)}.")
    return grammar(tokens, today)


def line(request: ClientRequest, client: str) -> str:
    """The words after /rollcall that ask the same about a client by slug; for a menu to send back."""
    noun, keyword = _WORDS[type(request)]
    match request:
        case PreviewInvoice(bill_date=day):
            asked = str(day or "")
        case InvoicePdf(number=number):
            asked = number or ""
        case ExplainInvoice(number=number, line=position):
            asked = " ".join(filter(None, (number, str(position or ""))))
        case AskQuote():
            asked = request.words()
        case ExplainUser(who=who):
            asked = who
        case _:
            asked = ""
    return " ".join(filter(None, (noun, client, keyword, asked)))


def _invoice(tokens: Sequence[str], today: date) -> Request:
    before, keyword, after = _split(tokens, ("preview", "pdf", "explain", "history"))
    possible = (
        "/invoice <client> preview [date] · /invoice <client> pdf [number] · /invoice <client> explain [line] · "
        "/invoice <client> history"
    )
    if not before:
        raise CommandIsUnclear(f"Of which client? Possible: {possible}.")
    client = " ".join(before)
    if keyword == "preview":
        return PreviewInvoice(client, read_date(" ".join(after), today) if after else None)
    if keyword == "pdf":
        return InvoicePdf(client, " ".join(after) or None)
    if keyword == "history" and not after:
        return InvoiceHistory(client)
    if keyword == "explain" and (asked := _explained(after)):
        return ExplainInvoice(client, *asked)
    raise CommandIsUnclear(f"I understood the client “{client}”, but not what to show. Possible: {possible}.")


def _explained(after: Sequence[str]) -> tuple[str | None, int | None] | None:
    """The document's number and the line: each may be missing; None where the words are something else."""
    if len(after) > len(("number", "line")):
        return None
    *number, last = after or ("",)
    if last.isascii() and last.isdigit():
        return (number[0] if number else None), int(last)
    return None if number else ((last or None), None)


def _quote(tokens: Sequence[str], today: date) -> Request:
    found = read_quote(tokens, today)
    if found is None:
        raise CommandIsUnclear(
            "How many more or fewer of what, for which client? "
            "Write it as in /quote acme +3 full from 2027-04-11 until 2027-07-01, or -2 for fewer."
        )
    return found


def _users(tokens: Sequence[str], _today: date) -> Request:
    before, keyword, after = _split(tokens, ("who", "why", "history"))
    possible = "/users <client> [who] · /users <client> why <who> · /users <client> history"
    if not before:
        raise CommandIsUnclear(f"Of which client? Possible: {possible}.")
    client = " ".join(before)
    if keyword == "why" and after:
        return ExplainUser(client, " ".join(after))
    if keyword == "history" and not after:
        return UserHistory(client)
    if keyword == "why" or after:
        raise CommandIsUnclear(f"I understood the client “{client}”, but not what to say. Possible: {possible}.")
    return ListUsers(client)


def _changes(tokens: Sequence[str], _today: date) -> Request:
    return ListChanges(" ".join(tokens) or None)


def _reconcile(tokens: Sequence[str], _today: date) -> Request:
    return Reconcile(" ".join(tokens) or None)


def _run(tokens: Sequence[str], today: date) -> Request:
    steps = [token.lower() for token in tokens if token.lower() in _STEPS]
    if len(steps) > 1:
        raise CommandIsUnclear(f"One step at a time, not {' and '.join(steps)}. Possible: {', '.join(_STEPS)}.")
    when = " ".join(token for token in tokens if token.lower() not in _STEPS)
    step = cast("Step", steps[0] if steps else "status")
    if step == "start" and not when:
        raise CommandIsUnclear("Which bill date is to be started? Write it as in /run 2027-05-01 start.")
    return RunStep(read_date(when, today) if when else None, step)


def _help(_tokens: Sequence[str], _today: date) -> Request:
    return AskHelp()


def _status(_tokens: Sequence[str], _today: date) -> Request:
    return AskStatus()


def _digest(_tokens: Sequence[str], _today: date) -> Request:
    return AskDigest()


def _split(tokens: Sequence[str], keywords: Sequence[str]) -> tuple[Sequence[str], str | None, Sequence[str]]:
    """What stands before the first keyword, the keyword, and what stands after it.

    The first word is never taken for one where others follow: a client may be called "Why" or "History".
    """
    for place, token in enumerate(tokens):
        if token.lower() in keywords and (place or len(tokens) == 1):
            return tokens[:place], token.lower(), tokens[place + 1 :]
    return tokens, None, ()


_GRAMMARS: dict[str, Callable[[Sequence[str], date], Request]] = {
    "invoice": _invoice,
    "users": _users,
    "changes": _changes,
    "reconcile": _reconcile,
    "quote": _quote,
    "run": _run,
    "help": _help,
    "status": _status,
    "digest": _digest,
}
