"""What an answer must be made of: each fault of a type has its sentence, and what breaks off may be whole later."""

import pytest
from msgspec import UNSET
from msgspec.json import Decoder

from connectors.directories.entra.shapes import Page, User, fitted
from connectors.directories.patience import TryAgain
from connectors.errors import Cause, DirectoryNotRead

USERS = Decoder(Page[User])


def page(user: str) -> bytes:
    return f'{{"value": [{{"id": "a"}}, {user}]}}'.encode()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{}", "without the list or value"),
        (b'{"value": {}}', "without the list or value"),
        (b'{"value": [7]}', "without the list or value"),
        (b'{"value": [], "@odata.nextLink": 7}', "a link that isn't a text"),
        (b'{"value": [], "@odata.deltaLink": {}}', "a link that isn't a text"),
        (page("{}"), "an entry without an id"),
        (page('{"id": ""}'), "an entry without an id"),
        (page('{"id": 7}'), "an entry without an id"),
        (page('{"id": "b", "mail": 7}'), "a text property that isn't a text"),
        (page('{"id": "b", "userType": false}'), "a text property that isn't a text"),
        (page('{"id": "b", "accountEnabled": "true"}'), "neither true nor false"),
        (page('{"id": "b", "accountEnabled": 1}'), "neither true nor false"),
        (page('{"id": "b", "assignedLicenses": {}}'), "assignedLicenses that aren't a list"),
        (page('{"id": "b", "assignedLicenses": [{}]}'), "assignedLicenses that aren't a list"),
        (page('{"id": "b", "assignedLicenses": [{"skuId": 7}]}'), "assignedLicenses that aren't a list"),
        (page('{"id": "b", "@removed": {}}'), "a removal without a known reason"),
        (page('{"id": "b", "@removed": {"reason": "moved"}}'), "a removal without a known reason"),
        (page('{"id": "b", "@removed": true}'), "a removal without a known reason"),
    ],
)
def test_an_answer_of_another_shape_is_refused_with_what_is_wrong(content: bytes, words: str) -> None:
    with pytest.raises(DirectoryNotRead, match=words) as failed:
        fitted(content, USERS)
    assert failed.value.cause == Cause.MALFORMED
    assert "Check `graph_url`" in str(failed.value)


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"null", b'{"value": [', b"<html>", b"\xff", page('{"id": "\\ud800"}')]
)
def test_an_answer_that_breaks_off_or_is_no_object_may_be_whole_the_next_time(content: bytes) -> None:
    with pytest.raises(TryAgain) as again:
        fitted(content, USERS)
    assert again.value.failure.cause == Cause.MALFORMED


def test_absent_is_not_null() -> None:
    user = fitted(page('{"id": "b", "mail": null}'), USERS).value[1]
    assert (user.mail, user.display_name) == (None, UNSET)


def test_properties_that_nobody_asked_for_are_passed_over() -> None:
    assert fitted(page('{"id": "b", "shoeSize": [42]}'), USERS).value[1].id == "b"
