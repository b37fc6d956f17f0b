"""What somebody meant by a slash command."""

import re
from datetime import date
from decimal import Decimal

import pytest

from bot.dates import DateIsUnclear, read_date
from bot.grammar.checks import ChangesWorkbook, ListChanges, MismatchesWorkbook, Reconcile
from bot.grammar.clients import AddClient, ShowClient
from bot.grammar.house import AskDigest, AskHelp, AskRoles, AskStatus
from bot.grammar.invoices import (
    ExplainInvoice,
    InvoiceHistory,
    InvoicePdf,
    InvoiceWorkbook,
    PreviewInvoice,
    PreviewWorkbook,
)
from bot.grammar.quotes import AskQuote
from bot.grammar.runs import RunStep
from bot.grammar.users import ExplainUser, ListUsers, UserHistory, UsersWorkbook
from bot.grammar.words import CommandIsUnclear
from bot.parsing import ClientRequest, Request, line, parse, readings
from bot.views.house import typed_examples
from commands.examples import Examples

TODAY = date(2027, 4, 11)
MAY, JULY = date(2027, 5, 1), date(2027, 7, 1)


@pytest.mark.parametrize(
    ("command", "words", "meant"),
    [
        ("/invoice", "acme preview", PreviewInvoice("acme", None)),
        ("/invoice", "Acme  Corp PREVIEW may 1", PreviewInvoice("Acme Corp", MAY)),
        ("/invoice", "acme preview xlsx", PreviewWorkbook("acme", None)),
        ("/invoice", "acme preview may 1 XLSX", PreviewWorkbook("acme", MAY)),
        ("/invoice", "acme history", InvoiceHistory("acme")),
        ("/invoice", "acme pdf", InvoicePdf("acme", None)),
        ("/invoice", "acme corp PDF nw-000013", InvoicePdf("acme corp", "nw-000013")),
        ("/invoice", "acme xlsx", InvoiceWorkbook("acme", None)),
        ("/invoice", "acme corp xlsx NW-000013", InvoiceWorkbook("acme corp", "NW-000013")),
        ("/invoice", "acme explain", ExplainInvoice("acme", "")),
        ("/invoice", "acme corp explain 2", ExplainInvoice("acme corp", "2")),
        ("/invoice", "acme explain NW-000013", ExplainInvoice("acme", "NW-000013")),
        ("/invoice", "acme explain NW-000013 2", ExplainInvoice("acme", "NW-000013 2")),
        ("/invoice", "acme explain managed-user", ExplainInvoice("acme", "managed-user")),
        ("/quote", "acme +3 full", AskQuote("acme", Decimal(3), "full")),
        ("/quote", "acme 3 full", AskQuote("acme", Decimal(3), "full")),
        (
            "/quote",
            "Studio 54 -2 Business Premium pdf",
            AskQuote("Studio 54", Decimal(-2), "Business Premium", pdf=True),
        ),
        ("/quote", "acme +3 full from may 1 until 2027-07-01", AskQuote("acme", Decimal(3), "full", MAY, JULY)),
        ("/quote", "acme 3 full until 1 july 2027", AskQuote("acme", Decimal(3), "full", None, JULY)),
        ("/quote", "acme + 3 full", AskQuote("acme", Decimal(3), "full")),
        ("/quote", "acme \N{MINUS SIGN} 2 full", AskQuote("acme", Decimal(-2), "full")),
        ("/quote", "Smith - 5 Sons +3 full", AskQuote("Smith - 5 Sons", Decimal(3), "full")),
        ("/quote", "acme +1,5 full", AskQuote("acme", Decimal("1.5"), "full")),
        ("/quote", "acme 0,25 full", AskQuote("acme", Decimal("0.25"), "full")),
        ("/quote", "acme - 2,1234 full", AskQuote("acme", Decimal("-2.1234"), "full")),
        ("/rollcall", "quote acme +1 full", AskQuote("acme", Decimal(1), "full")),
        ("/users", "acme corp history", UserHistory("acme corp")),
        ("/users", "history history", UserHistory("history")),
        ("/invoice", "history preview", PreviewInvoice("history", None)),
        ("/users", "acme", ListUsers("acme")),
        ("/users", "acme who", ListUsers("acme")),
        ("/users", "acme corp why jane doe", ExplainUser("acme corp", "jane doe")),
        ("/changes", "", ListChanges(None)),
        ("/changes", "acme corp", ListChanges("acme corp")),
        ("/users", "acme corp XLSX", UsersWorkbook("acme corp")),
        ("/changes", "xlsx", ChangesWorkbook(None)),
        ("/changes", "acme corp xlsx", ChangesWorkbook("acme corp")),
        ("/reconcile", "", Reconcile(None)),
        ("/reconcile", "acme xlsx", MismatchesWorkbook("acme")),
        ("/rollcall", "reconcile xlsx", MismatchesWorkbook(None)),
        ("/run", "", RunStep(None, "status")),
        ("/run", "2027-05-01", RunStep(MAY, "status")),
        ("/run", "1 may start", RunStep(MAY, "start")),
        ("/run", "issue", RunStep(None, "issue")),
        ("/run", "1 may abandon", RunStep(MAY, "abandon")),
        ("/client", "acme corp", ShowClient("acme corp")),
        ("/client", "add", AddClient("")),
        ("/client", "ADD Initech GmbH", AddClient("Initech GmbH")),
        ("/rollcall", "client acme", ShowClient("acme")),
        ("/rollcall", "", AskHelp()),
        ("/rollcall", "roles", AskRoles()),
        ("/rollcall", "status", AskStatus()),
        ("/rollcall", "digest", AskDigest()),
        ("/rollcall", "/users acme", ListUsers("acme")),
        ("/rollcall", "run may approve", RunStep(MAY, "approve")),
    ],
)
def test_a_command_means_one_request(command: str, words: str, meant: Request) -> None:
    assert parse(command, words, TODAY) == meant


@pytest.mark.parametrize(
    ("command", "words", "meant"),
    [
        ("/users", "acme", [ListUsers("acme")]),
        ("/users", "history museum", [ListUsers("history museum")]),
        ("/users", "natural history", [UserHistory("natural"), ListUsers("natural history")]),
        ("/users", "natural history museum", [None, ListUsers("natural history museum")]),
        ("/users", "why", [None, ListUsers("why")]),
        ("/invoice", "natural history museum preview", [None, PreviewInvoice("natural history museum", None), None]),
        ("/changes", "acme xlsx", [ChangesWorkbook("acme"), ListChanges("acme xlsx")]),
        ("/client", "add value", [AddClient("value"), ShowClient("add value")]),
        ("/quote", "up from 3 full", [None, AskQuote("up from", Decimal(3), "full")]),
        ("/run", "may start", [RunStep(MAY, "start")]),
        ("/rollcall", "status", [AskStatus()]),
    ],
)
def test_a_keyword_may_be_one_of_the_name(command: str, words: str, meant: list[Request | None]) -> None:
    found = [None if isinstance(each, CommandIsUnclear) else each for each in readings(command, words, TODAY)]
    assert [each for at, each in enumerate(found) if not at or each != found[at - 1]] == meant


def test_a_name_of_nothing_but_keywords_is_read_in_few_ways() -> None:
    assert len(readings("/users", "why " * 2_000, TODAY)) == 4


@pytest.mark.parametrize(
    ("command", "words", "told"),
    [
        ("/invoice", "", "Of which client? Possible: /invoice <client> preview"),
        ("/invoice", "acme", "I understood the client “acme”, but not what to show"),
        ("/invoice", "acme history 2027", "I understood the client “acme”, but not what to show"),
        ("/quote", "", "How many more or fewer of what, for which client?"),
        ("/quote", "+3 full", "How many more or fewer of what, for which client?"),
        ("/quote", "acme +1,500 full", "How many more or fewer of what, for which client?"),
        ("/quote", "acme +1,5,5 full", "How many more or fewer of what, for which client?"),
        ("/quote", "acme +3", "How many more or fewer of what, for which client?"),
        ("/quote", "acme full", "Write it as in /quote acme +3 full from 2027-04-11"),
        ("/users", "", "Of which client?"),
        ("/users", "acme xlsx more", "I understood the client “acme”, but not what to say"),
        ("/users", "acme why", "I understood the client “acme”, but not what to say"),
        ("/run", "start", "Which bill date is to be started?"),
        ("/run", "abandon", "Which run is to be abandoned? Write its bill date, as in /run 2027-05-01 abandon."),
        ("/run", "may start issue", "One step at a time, not start and issue"),
        ("/rollcall", "staus", "There is no “staus”; did you mean status? Possible:"),
        ("/rollcall", "frobnicate", "/rollcall help says what each does."),
        ("/rollcall", "dance acme", "There is no “dance”. Possible: invoice, users"),
    ],
)
def test_an_unclear_command_is_told_what_was_understood_and_what_is_possible(
    command: str, words: str, told: str
) -> None:
    with pytest.raises(CommandIsUnclear, match=re.escape(told)) as refused:
        parse(command, words, TODAY)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "request_",
    [
        PreviewInvoice("acme", MAY),
        PreviewInvoice("acme", None),
        InvoiceHistory("acme"),
        InvoicePdf("acme", None),
        InvoicePdf("acme", "NW-000013"),
        ExplainInvoice("acme", "NW-000013 2"),
        ExplainInvoice("acme", "Managed user"),
        AskQuote("acme", Decimal(-2), "full", MAY, JULY, pdf=True),
        AskQuote("acme", Decimal(2), "full"),
        UserHistory("acme"),
        ListUsers("acme"),
        ExplainUser("acme", "jane doe"),
        ListChanges("acme"),
        Reconcile("acme"),
        PreviewWorkbook("acme", None),
        PreviewWorkbook("acme", MAY),
        InvoiceWorkbook("acme", "NW-000013"),
        UsersWorkbook("acme"),
        ChangesWorkbook("acme"),
        MismatchesWorkbook("acme"),
    ],
)
def test_a_request_as_a_line_is_understood_as_the_same_request(request_: ClientRequest) -> None:
    assert parse("/rollcall", line(request_, "acme"), TODAY) == request_


@pytest.mark.parametrize("roster", ["full", "Managed users", None])
@pytest.mark.parametrize("who", ["Ann Ames", "Why History", None])
@pytest.mark.parametrize("bill_date", [MAY, None])
def test_every_example_of_the_help_is_understood(roster: str | None, who: str | None, bill_date: date | None) -> None:
    typed = typed_examples(Examples("acme", roster, who, bill_date))
    understood = [parse("/rollcall", example, TODAY) for example in typed]
    named = [each.client for each in understood if isinstance(each, ClientRequest)]
    assert named == ["acme"] * (len(typed) - (bill_date is not None))
    assert len(typed) == 7 + sum(thing is not None for thing in (roster, who, bill_date))


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2027-05-01", MAY),
        ("may", MAY),
        ("May 2028", date(2028, 5, 1)),
        ("1 may", MAY),
        ("1st May 2027", MAY),
        ("May 1, 2027", MAY),
        ("dec", date(2026, 12, 1)),
        ("january", date(2027, 1, 1)),
        ("sept 30", date(2027, 9, 30)),
        ("29 feb", date(2028, 2, 29)),
    ],
)
def test_a_date_is_read_as_people_write_it(words: str, day: date) -> None:
    assert read_date(words, TODAY) == day


@pytest.mark.parametrize(
    "words", ["", "tomorrow", "31 april 2027", "may june", "1 2 may", "32 may", "ma", "05/01/2027"]
)
def test_what_is_no_date_is_refused_with_the_forms_that_are(words: str) -> None:
    with pytest.raises(DateIsUnclear, match="write it like 2027-05-01, 1 may 2027 or may"):
        read_date(words, TODAY)
