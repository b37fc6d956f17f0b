"""The referees themselves: each notices what is planted, and together they leave nothing of what is known to matter."""

from collections.abc import Callable, Sequence

import pytest

from bot.message import Json, Message, ModalView
from bot.views import modals
from bot.views.modals import Origin
from tests.bot.views.outside import texts_of
from tests.bot.views.samples import JOINED
from tests.support.referees import by_judge, by_models, by_schema, faults


def _plain(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": False}


def _button(action_id: str) -> Json:
    return {"type": "button", "text": _plain("Approve"), "action_id": action_id, "value": "7:2"}


def _menu(options: int, label: str = "Acme") -> Json:
    offered = [{"text": _plain(label), "value": str(at)} for at in range(options)]
    return {"type": "static_select", "action_id": "pick", "options": offered}


def _actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def _header(text: str) -> Json:
    return {"type": "header", "text": _plain(text)}


def _found(block: Json | Sequence[Json], text: str = "A card") -> list[str]:
    blocks = [block] if isinstance(block, dict) else list(block)
    return sorted({fault.partition(":")[0] for fault in faults(Message(text, tuple(blocks)))})


def test_what_is_in_order_is_taken() -> None:
    assert _found([_header("Acme"), _actions(_button("a"), _button("b"), _menu(100, "x" * 75))]) == []


@pytest.mark.parametrize(
    "block",
    [
        _header("x" * 151),
        {"type": "section", "text": _plain("x" * 3001)},
        {"type": "image", "image_url": "https://example.com/1.png", "alt_text": "x" * 2001},
        _actions(*(_button(str(at)) for at in range(26))),
        _actions(_menu(101)),
        _actions({**_button("a"), "text": _plain("x" * 76)}),
        _actions({**_button("a"), "value": "x" * 2001}),
        {"type": "hearder", "text": _plain("Acme")},
    ],
)
def test_the_models_know_lengths_counts_and_kinds(block: Json) -> None:
    assert "models" in _found(block)


@pytest.mark.parametrize(
    "block",
    [
        {"type": "header", "text": {"type": "mrkdwn", "text": "Acme"}},
        {"type": "section", "text": _plain("Acme"), "colour": "red"},
        {"type": "image", "image_url": "https://example.com/1.png"},
        _actions({**_button("a"), "style": "warning"}),
        {"type": "rich_text", "elements": [{"type": "text", "text": "outside of a section"}]},
        {"type": "hearder", "text": _plain("Acme")},
    ],
)
def test_the_schema_knows_shapes(block: Json) -> None:
    assert "schema" in _found(block)


@pytest.mark.parametrize(
    "blocks",
    [
        [_actions(_button("same"), _button("same"))],
        [{**_header("Acme"), "block_id": "same"}, {**_header("Globex"), "block_id": "same"}],
        [_actions(_menu(1, "x" * 76))],
        [{"type": "section", "text": _plain("x" * 2700)}] * 5,
    ],
)
def test_the_judge_knows_what_both_others_miss(blocks: list[Json]) -> None:
    assert _found(blocks) == ["judge"]


def _table(rows: int = 2, columns: int = 2, cell: str = "42", **more: object) -> Json:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": cell}] * columns] * rows, **more}


def test_a_table_of_all_that_slack_takes_is_in_order() -> None:
    assert _found(_table(100, 3)) == []
    assert _found(_table(2, 20, column_settings=[{"align": "left"}, {"align": "right", "is_wrapped": True}])) == []


@pytest.mark.parametrize(
    "blocks",
    [
        _table(101, 1),
        _table(1, 21),
        _table(2, 2, "x" * 2501),
        _table(cell=""),
        [_table(), _table()],
    ],
)
def test_of_a_table_the_judge_knows_counts_and_lengths(blocks: Json | list[Json]) -> None:
    assert "judge" in _found(blocks)


@pytest.mark.parametrize(
    "block", [_table(column_settings=[None]), _table(column_settings=[{"align": "justify"}]), _table(caption="Users")]
)
def test_of_a_table_the_schema_knows_its_shape(block: Json) -> None:
    assert "schema" in _found(block)


def test_a_message_without_words_beside_its_blocks_is_refused() -> None:
    assert _found(_header("Acme"), " ") == ["judge"]


def _modal() -> ModalView:
    return modals.rejection_modal(Origin("7:2", None, None), "Acme")


@pytest.mark.parametrize(
    ("judge", "altered"),
    [
        (by_models, {"private_metadata": "x" * 3001}),
        (by_models, {"title": _plain("x" * 25)}),
        (by_models, {"blocks": []}),
        (by_schema, {"colour": "red"}),
        (by_schema, {"title": {"type": "mrkdwn", "text": "Reject"}}),
        (by_judge, {"blocks": [_actions(_button("same"), _button("same"))]}),
        (by_judge, {"blocks": [{"type": "section", "text": _plain("\N{GRINNING FACE}" * 3000)}] * 8}),
    ],
)
def test_a_modal_is_judged_like_a_message(judge: Callable[[Json], Sequence[str]], altered: Json) -> None:
    assert faults(_modal()) == []
    assert list(judge({**_modal(), **altered})) != []


def test_a_place_that_is_full_loses_an_address_and_never_half_a_value() -> None:
    def origin_in(origin: Origin) -> Origin:
        view = modals.first_count_modal(origin, "Acme", JOINED)
        assert faults(view) == []
        return Origin.unpacked(view["private_metadata"])

    long = "https://hooks.example.com/" + "1" * 3000
    assert origin_in(Origin("7:2", "C0ACME", long)) == Origin("7:2", "C0ACME", None)
    assert origin_in(Origin("7" * 4000, "C0ACME", long)) == Origin("", "C0ACME", None)


def test_what_is_read_is_found_at_any_depth() -> None:
    assert list(texts_of([{"elements": [{"text": _plain("deep")}], "alt_text": "seen"}])) == ["deep", "seen"]
