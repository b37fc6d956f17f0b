"""The keys of stored secrets: which one encrypts, which ones open, and what is said when none does."""

import pytest

from commands.keys import Keys, Sealed, SecretCannotBeOpened, SecretKeyIsMissing
from tests.support.secrets import NEW, OLD, VALUE, key


def test_the_newest_key_encrypts_and_every_key_opens() -> None:
    old, both = Keys.of(OLD), Keys.of(f"{NEW}, {OLD}")
    sealed = old.seal(VALUE)
    assert both.open("ad", sealed) == VALUE
    assert (sealed.key_id, both.seal(VALUE).key_id) == (old.newest, both.ids[0])
    assert both.ids == (Keys.of(NEW).newest, old.newest)


def test_a_rotated_secret_opens_without_the_older_key() -> None:
    rotated = Keys.of(f"{NEW},{OLD}").rotate("ad", Keys.of(OLD).seal(VALUE))
    assert Keys.of(NEW).open("ad", rotated) == VALUE
    assert not Keys.of(OLD).opens(rotated)


def test_without_a_key_it_is_said_how_one_is_made() -> None:
    with pytest.raises(SecretKeyIsMissing, match=r"ROLLCALL_SECRET_KEY is not set.*openssl rand -base64 32"):
        Keys.of(None).seal(VALUE)


@pytest.mark.parametrize(
    ("setting", "have"), [(None, "is not set"), (NEW, f"has {Keys.of(NEW).newest}"), (f"{NEW},{key('x')}", "has ")]
)
def test_the_key_that_is_missing_is_named(setting: str | None, have: str) -> None:
    sealed = Keys.of(OLD).seal(VALUE)
    with pytest.raises(SecretCannotBeOpened) as refused:
        Keys.of(setting).open("ad", sealed)
    said = str(refused.value)
    assert said.startswith(f"The secret ad is encrypted by the key {sealed.key_id}, and ROLLCALL_SECRET_KEY {have}")
    assert "Add that key back, behind the newest and a comma, or store the secret anew: rollcall secret set ad" in said


def test_a_secret_that_was_altered_is_damaged_rather_than_under_another_key() -> None:
    keys = Keys.of(NEW)
    sealed = keys.seal(VALUE)
    altered = Sealed(sealed.text[:-6] + "AAAA==", sealed.key_id)
    for attempt in (keys.open, keys.rotate):
        with pytest.raises(SecretCannotBeOpened, match="The secret ad is damaged"):
            attempt("ad", altered)


def test_neither_keys_nor_secrets_show_what_they_hold() -> None:
    keys = Keys.of(f"{NEW},{OLD}")
    shown = f"{keys!r} {keys.seal(VALUE)!r}"
    assert not any(hidden in shown for hidden in (NEW, OLD, VALUE, keys.seal(VALUE).text[:12]))
