"""What every grammar needs: where a client's name ends, and what is said of words that make no request."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from billing.errors import WrongInput


class CommandIsUnclear(WrongInput):
    """The words of a slash command make no request; the message says what was understood and what is possible."""


class WordIsUnknown(CommandIsUnclear):
    """No word that says what to show stands behind the client's name; the last of `words` may be a misspelt one."""

    def __init__(self, message: str, words: str, keywords: Sequence[str], possible: str) -> None:
        """Keeps what a hint is made of, once it is known where the client's name ends."""
        super().__init__(message)
        self.words, self.keywords, self.possible = words, keywords, possible


def meant(word: str, words: Iterable[str]) -> str:
    """The word that somebody may have meant, as a question; nothing where none is near."""
    near = get_close_matches(word.casefold(), words, n=1)
    return f"; did you mean {near[0]}?" if near else "."


def split(
    tokens: Sequence[str], keywords: Sequence[str], in_name: int
) -> tuple[Sequence[str], str | None, Sequence[str]]:
    """What stands before the first keyword behind the client's name, the keyword, and what stands after it.

    So many keywords are `in_name`, as in “Natural History Museum”. The first word is never taken for one where others
    follow: a client may be called "Why" or "History".
    """
    places = [place for place, token in enumerate(tokens) if token.lower() in keywords and (place or len(tokens) == 1)]
    if in_name < len(places):
        place = places[in_name]
        return tokens[:place], tokens[place].lower(), tokens[place + 1 :]
    return tokens, None, ()
