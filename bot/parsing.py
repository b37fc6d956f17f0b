"""Slash commands: what can be asked, how it is written, and what somebody meant.

A client's name may have several words, so a command is found by its keyword and the client is what stands before it.
Keywords may be words of the name too, so there may be several readings; who knows the clients chooses.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from billing.errors import WrongInput
from bot.grammar.checks import ChangesWorkbook, ListChanges, MismatchesWorkbook, Reconcile, read_changes, read_reconcile
from bot.grammar.clients import AddClient, ShowClient, read_client
from bot.grammar.house import AskDigest, AskHelp, AskRoles, AskStatus
from bot.grammar.invoices import (
    ExplainInvoice,
    InvoiceHistory,
    InvoicePdf,
    InvoiceRequest,
    InvoiceWorkbook,
    PreviewInvoice,
    PreviewWorkbook,
    read_invoice,
)
from bot.grammar.quotes import AskQuote, read_quote
from bot.grammar.runs import RunStep, read_run
from bot.grammar.users import ExplainUser, ListUsers, UserHistory, UsersRequest, UsersWorkbook, read_users
from bot.grammar.words import CommandIsUnclear, meant

Workbook = PreviewWorkbook | InvoiceWorkbook | UsersWorkbook | ChangesWorkbook | MismatchesWorkbook
ClientRequest = InvoiceRequest | AskQuote | UsersRequest | ListChanges | Reconcile | ShowClient | Workbook
# What may be shown to a channel: answers that say something of a client, and ask for nothing.
Shareable = PreviewInvoice | InvoiceHistory | ExplainInvoice | AskQuote | UsersRequest
Request = ClientRequest | AddClient | RunStep | AskHelp | AskStatus | AskRoles | AskDigest

# Enough for the names that there are, and a bound for those that somebody makes up.
_MOST_IN_A_NAME = 3

USAGES = (
    ("/invoice <client> preview [date]", "the invoice as it stands"),
    ("/invoice <client> preview [date] xlsx", "the same as a spreadsheet"),
    ("/invoice <client> pdf [number]", "the newest invoice as a file, or another document"),
    ("/invoice <client> xlsx [number]", "the same as a spreadsheet"),
    ("/invoice <client> explain [line]", "where each cent of the newest invoice comes from, or of one line, in full"),
    ("/invoice <client> history", "the last twelve documents"),
    ("/quote <client> +3 full [from <date>] [until <date>]", "what more or fewer would cost; with pdf, as a file"),
    ("/users <client> [who]", "who is paid for, by roster"),
    ("/users <client> why <who>", "why somebody counts or doesn't"),
    ("/users <client> history", "the head count over twelve months, with a chart"),
    ("/users <client> xlsx", "everybody on every roster, as a spreadsheet"),
    ("/changes [client]", "what waits for approval"),
    ("/changes [client] xlsx", "the same as a spreadsheet"),
    ("/reconcile [client]", "what doesn't agree"),
    ("/reconcile [client] xlsx", "the same as a spreadsheet"),
    (
        "/run [date] [start | status | approve | issue | abandon | xlsx]",
        "the billing run, a step each, or as a file",
    ),
    ("/client <client>", "one client at a glance"),
    ("/client add", "a new client, by a form"),
    ("/rollcall help", "this list"),
    ("/rollcall status", "how the bot is doing"),
    ("/rollcall roles", "who may do what"),
    ("/rollcall digest", "what waits, the next run, and what moved in a month"),
    ("/rollcall invoice acme preview", "and so on: the same commands where another app has taken their names"),
)


_WORDS: Mapping[type, tuple[str, str]] = {
    PreviewInvoice: ("invoice", "preview"),
    PreviewWorkbook: ("invoice", "preview"),
    InvoicePdf: ("invoice", "pdf"),
    InvoiceWorkbook: ("invoice", "xlsx"),
    InvoiceHistory: ("invoice", "history"),
    ExplainInvoice: ("invoice", "explain"),
    AskQuote: ("quote", ""),
    ListUsers: ("users", ""),
    ExplainUser: ("users", "why"),
    UserHistory: ("users", "history"),
    UsersWorkbook: ("users", "xlsx"),
    ListChanges: ("changes", ""),
    ChangesWorkbook: ("changes", "xlsx"),
    Reconcile: ("reconcile", ""),
    MismatchesWorkbook: ("reconcile", "xlsx"),
    ShowClient: ("client", ""),
}
"""The words that ask for each, before and after the client's name."""


def readings(command: str, words: str, today: date) -> tuple[Request | WrongInput, ...]:
    """All that `/command words` may mean, the likeliest first: what is asked, or why it is no request."""
    return tuple(dict.fromkeys(_reading(command, words, today, many) for many in range(_MOST_IN_A_NAME + 1)))


def _reading(command: str, words: str, today: date, in_name: int) -> Request | WrongInput:
    try:
        return parse(command, words, today, in_name)
    except WrongInput as error:
        return error


def parse(command: str, words: str, today: date, in_name: int = 0) -> Request:
    """What was asked by `/command words`; /rollcall takes the other commands as its first word.

    So many of the words that could be keywords are taken to be `in_name`, the client's.

    Raises:
        CommandIsUnclear, DateIsUnclear: in one line, with what is possible.

    """
    noun, tokens = command.lower().removeprefix("/"), words.split()
    if noun == "rollcall":
        noun, tokens = (tokens[0].lower().removeprefix("/"), tokens[1:]) if tokens else ("help", [])
    grammar = _GRAMMARS.get(noun)
    if grammar is None:
        possible = f"Possible: {', '.join(_GRAMMARS)}. /rollcall help says what each does."
        raise CommandIsUnclear(f"There is no “{noun}”{meant(noun, _GRAMMARS)} {possible}")
    return grammar(tokens, today, in_name)


def line(request: ClientRequest, client: str) -> str:
    """The words after /rollcall that ask the same about a client by slug; for a menu to send back."""
    noun, keyword = _WORDS[type(request)]
    match request:
        case PreviewInvoice(bill_date=day):
            asked = str(day or "")
        case PreviewWorkbook(bill_date=day):
            asked = f"{day or ''} xlsx"
        case InvoicePdf(number=number) | InvoiceWorkbook(number=number):
            asked = number or ""
        case ExplainInvoice(asked=words):
            asked = words
        case AskQuote():
            asked = request.words()
        case ExplainUser(who=who):
            asked = who
        case _:
            asked = ""
    return " ".join(filter(None, (noun, client, keyword, asked)))


_GRAMMARS: dict[str, Callable[[Sequence[str], date, int], Request]] = {
    "invoice": read_invoice,
    "users": read_users,
    "changes": read_changes,
    "reconcile": read_reconcile,
    "quote": read_quote,
    "run": read_run,
    "client": read_client,
    "help": lambda _tokens, _today, _in_name: AskHelp(),
    "status": lambda _tokens, _today, _in_name: AskStatus(),
    "roles": lambda _tokens, _today, _in_name: AskRoles(),
    "digest": lambda _tokens, _today, _in_name: AskDigest(),
}
