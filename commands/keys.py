"""The keys that encrypt stored secrets: several at a time, so that one can take another's place."""

import hashlib
from dataclasses import dataclass, field

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from billing.errors import WrongInput

_ID_DIGITS = 8


class SecretKeyIsMissing(WrongInput):
    """There is no key to encrypt or open a secret with."""


class SecretCannotBeOpened(WrongInput):
    """No key of ours opens a stored secret, or what is stored was damaged."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A secret as it may be stored, and the id of the key that opens it."""

    text: str = field(repr=False)
    key_id: str


@dataclass(frozen=True, slots=True)
class Keys:
    """Fernet keys, the newest first, as ROLLCALL_SECRET_KEY has them; none where it isn't set.

    A key's id is the beginning of its SHA-256: it names the key to whoever has it, and gives nothing of it away.
    """

    _keys: tuple[str, ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, setting: str | None) -> "Keys":
        """The keys in a setting whose form was checked when it was read."""
        return cls(tuple(key.strip() for key in setting.split(","))) if setting else cls()

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids, the newest key's first."""
        return tuple(hashlib.sha256(key.encode()).hexdigest()[:_ID_DIGITS] for key in self._keys)

    @property
    def said(self) -> str:
        """What the setting has, as the end of a sentence that begins with its name."""
        return f"has {', '.join(self.ids)}{', the newest first' * (len(self.ids) > 1)}" if self.ids else "is not set"

    @property
    def newest(self) -> str:
        """The id of the key that encrypts.

        Raises:
            SecretKeyIsMissing: there is none.

        """
        if not self._keys:
            raise SecretKeyIsMissing(
                "ROLLCALL_SECRET_KEY is not set: expected a Fernet key, by which secrets are encrypted. "
                "Make one by openssl rand -base64 32 | tr +/ -_ and keep a copy apart from the database."
            )
        return self.ids[0]

    def seal(self, value: str) -> Sealed:
        """Encrypts by the newest key; raises `SecretKeyIsMissing`."""
        key_id = self.newest
        return Sealed(self._all().encrypt(value.encode()).decode(), key_id)

    def open(self, name: str, sealed: Sealed) -> str:
        """The plain text of the secret called `name`.

        Raises:
            SecretCannotBeOpened: the message says which key is missing.

        """
        try:
            return self._all().decrypt(sealed.text).decode()
        except (InvalidToken, ValueError):
            # Without its cause, which holds the encrypted text.
            raise self._closed(name, sealed) from None

    def rotate(self, name: str, sealed: Sealed) -> Sealed:
        """The same secret under the newest key; raises `SecretKeyIsMissing`, `SecretCannotBeOpened`."""
        key_id = self.newest
        try:
            return Sealed(self._all().rotate(sealed.text).decode(), key_id)
        except (InvalidToken, ValueError):
            raise self._closed(name, sealed) from None

    def opens(self, sealed: Sealed) -> bool:
        """Whether one of them opens the secret."""
        try:
            self._all().decrypt(sealed.text)
        except (InvalidToken, ValueError):
            return False
        return True

    def _all(self) -> MultiFernet:
        # It refuses to be made of nothing by a ValueError, as it refuses a text that is none of its own.
        return MultiFernet([Fernet(key) for key in self._keys])

    def _closed(self, name: str, sealed: Sealed) -> SecretCannotBeOpened:
        anew = f"store the secret anew: rollcall secret set {name}"
        if sealed.key_id in self.ids:
            return SecretCannotBeOpened(f"The secret {name} is damaged where it is stored. To mend it, {anew}")
        return SecretCannotBeOpened(
            f"The secret {name} is encrypted by the key {sealed.key_id}, and ROLLCALL_SECRET_KEY {self.said}. "
            f"Add that key back, behind the newest and a comma, or {anew}"
        )
