"""The small pieces that texts of every kind are made of, each as safe HTML."""

from urllib.parse import urlsplit

from markupsafe import Markup

from sandbox.page.dates import moment, written
from sandbox.page.look import Look

_WITH_HOST = ("http", "https")
_WITHOUT_HOST = ("mailto", "tel")
# Signs that ordinary text fonts have, drawn as text; no colour font has to be installed.
_EMOJI = {
    "white_check_mark": "\N{HEAVY CHECK MARK}\N{VARIATION SELECTOR-15}",
    "heavy_check_mark": "\N{HEAVY CHECK MARK}\N{VARIATION SELECTOR-15}",
    "x": "\N{HEAVY MULTIPLICATION X}\N{VARIATION SELECTOR-15}",
    "warning": "\N{WARNING SIGN}\N{VARIATION SELECTOR-15}",
    "hourglass": "\N{HOURGLASS}\N{VARIATION SELECTOR-15}",
    "arrow_right": "\N{BLACK RIGHTWARDS ARROW}\N{VARIATION SELECTOR-15}",
}


def is_safe(url: str) -> bool:
    """Whether a link may lead there: to a website, a mail address or a telephone; never into a script."""
    if any(character <= " " or character in '<>"' for character in url):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in _WITHOUT_HOST or (parts.scheme in _WITH_HOST and bool(parts.netloc))


def link(url: str, label: str | Markup) -> Markup:
    """A link that opens elsewhere and tells nobody where it was; one that isn't safe is only its text."""
    if not is_safe(url):
        return Markup("{}").format(label)
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer nofollow">{}</a>').format(url, label)


def person(user_id: str, look: Look) -> Markup:
    """Somebody who is mentioned; a name may run from right to left, so it keeps to itself."""
    return Markup('<span class="bk-mention">@<bdi>{}</bdi></span>').format(look.people.get(user_id, user_id))


def channel(channel_id: str, look: Look) -> Markup:
    """A channel that is mentioned."""
    return Markup('<span class="bk-mention">#<bdi>{}</bdi></span>').format(look.channels.get(channel_id, channel_id))


def group(named: str) -> Markup:
    """A user group that is mentioned."""
    return Markup('<span class="bk-mention">@<bdi>{}</bdi></span>').format(named.removeprefix("@"))


def broadcast(to: str) -> Markup:
    """A call to everybody, which should stand out."""
    return Markup('<span class="bk-mention bk-broadcast">@{}</span>').format(to)


def emoji(name: str) -> Markup:
    """One of the few emoji that this page draws, or the name of another."""
    if name not in _EMOJI:
        return Markup(":{}:").format(name)
    return drawn_emoji(name, _EMOJI[name])


def drawn_emoji(name: str, drawn: str) -> Markup:
    """An emoji with the name that a screen reader says."""
    return Markup('<span class="bk-emoji" role="img" aria-label="{}">{}</span>').format(name.replace("_", " "), drawn)


def date(timestamp: int, pattern: str, fallback: str, look: Look, url: str = "") -> Markup:
    """A moment in the reader's zone, or the fallback where it can't be told."""
    when = moment(timestamp, look)
    if when is None:
        return Markup("{}").format(fallback)
    told = Markup('<time datetime="{}">{}</time>').format(when.isoformat(), written(when, pattern, look))
    return link(url, told) if url else told
