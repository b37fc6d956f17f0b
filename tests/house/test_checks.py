"""The house rules hold in the tree, and each check refuses what it is there to refuse."""

import pytest

from tests.house.checks import (
    LIMITS_MODULE,
    MONEY_MODULE,
    MONEY_PACKAGES,
    PACKAGES,
    RULES,
    SURFACES_MODULE,
    TRANSACTION_MODULE,
    Check,
    breaches,
    commits,
    committed_files,
    divisions,
    foreign_imports,
    inexact_numbers,
    lengths,
    modules_of,
    one_machine_places,
    unfitted_messages,
)


def test_the_rules_import_only_the_standard_library() -> None:
    assert breaches(foreign_imports, modules_of(*RULES)) == []


def test_a_transaction_is_committed_in_one_module_only() -> None:
    assert breaches(commits, modules_of(*PACKAGES), apart_from=TRANSACTION_MODULE) == []


def test_no_float_touches_money() -> None:
    assert breaches(inexact_numbers, modules_of(*MONEY_PACKAGES)) == []


def test_the_rules_divide_in_the_money_module_only() -> None:
    assert breaches(divisions, modules_of(*RULES), apart_from=MONEY_MODULE) == []


def test_whatever_slack_is_sent_is_cut_to_fit_in_one_module() -> None:
    assert breaches(unfitted_messages, modules_of("bot"), apart_from=SURFACES_MODULE) == []


def test_one_module_knows_how_long_a_text_may_be() -> None:
    assert breaches(lengths, modules_of("bot/views"), apart_from=LIMITS_MODULE) == []


def test_no_committed_file_names_a_place_on_one_machine() -> None:
    assert breaches(one_machine_places, committed_files()) == []


def test_the_checks_see_the_tree_they_judge() -> None:
    """An empty list of files would pass every check above."""
    assert MONEY_MODULE in set(modules_of(*MONEY_PACKAGES))
    assert MONEY_MODULE in set(committed_files())
    assert breaches(divisions, modules_of("billing")) != []
    assert breaches(unfitted_messages, modules_of("bot")) != []
    assert breaches(lengths, modules_of("bot/views")) != []


@pytest.mark.parametrize(
    ("check", "source"),
    [
        (foreign_imports, "import requests"),
        (foreign_imports, "from storage.database import Database"),
        (foreign_imports, "def late():\n    import sqlmodel.main"),
        (commits, "session.commit()"),
        (commits, "async def f(self):\n    await self.session.commit()"),
        (inexact_numbers, "VAT = 0.19"),
        (inexact_numbers, "total = -1e3"),
        (inexact_numbers, "amount = float(text)"),
        (inexact_numbers, "amount = round(exact, 2)"),
        (inexact_numbers, "amount = math.floor(exact)"),
        (inexact_numbers, "from math import ceil"),
        (divisions, "half = whole / 2"),
        (divisions, "whole /= 2"),
        (unfitted_messages, "return Message(title, blocks)"),
        (unfitted_messages, "return replace(card, blocks=card.blocks[:9])"),
        (unfitted_messages, "return View(type='modal', title=title).to_dict()"),
        (lengths, "words = limits.cut(words, 180)"),
        (one_machine_places, "see /" + "work/main/README.md"),
        (one_machine_places, "path = '/" + "home/ann/rollcall'"),
        (one_machine_places, "find-links = file:/" + "//opt/wheels"),
        (one_machine_places, "read .." + "/shared/DESIGN.md first"),
    ],
)
def test_a_check_refuses(check: Check, source: str) -> None:
    assert list(check(source)) != []


@pytest.mark.parametrize(
    ("check", "source"),
    [
        (foreign_imports, "from decimal import Decimal\nfrom billing.money import rounded\nfrom . import money"),
        (commits, "with database.write() as transaction:\n    transaction.add(row)"),
        (inexact_numbers, "unit = Decimal('45.00') * 3\nif isinstance(value, float): raise TypeError"),
        (unfitted_messages, "return message(title, replace(body, top=(told, *body.top)))"),
        (lengths, "words = limits.cut(words, limits.SECTION // 2)[:12] * True"),
        (divisions, "parts = total * weight // whole"),
        (one_machine_places, "https://example.com/work/ and docs/decisions/ and /tmp/rollcall.pdf and /users/delta"),
    ],
)
def test_a_check_lets_through(check: Check, source: str) -> None:
    assert list(check(source)) == []
