"""The only place where messages, modals and home tabs are made, so that none can be longer than Slack takes."""

from dataclasses import dataclass, replace

from slack_sdk.models.views import View

from bot.message import HomeTab, Json, Message, ModalView, Picture
from bot.views import limits, parts, sentences
from bot.views.fitting import IN_A_MESSAGE, IN_A_VIEW, Body, fitted
from documents.sources import Told


@dataclass(frozen=True, slots=True)
class Form:
    """What a modal asks, below what it says: its kind by callback id, what sends it off, and what travels along."""

    kind: str
    submit: str
    metadata: str
    fields: tuple[Json, ...]


def message(
    text: str, body: Body, *, closes: bool = False, picture: Picture | None = None, plainer: Body | None = None
) -> Message:
    """A message: what it says in notifications and to screen readers, and its blocks as they fit.

    Where its body has a table in it, the `plainer` one says the same without.
    """
    otherwise = fitted(plainer, IN_A_MESSAGE) if plainer else ()
    shown = fitted(body, IN_A_MESSAGE)
    return Message(parts.readable(text, limits.FALLBACK), shown, closes, picture, plainer=otherwise)


def extended(made: Message, block: Json) -> Message:
    """The message with one block more at its end, for which there is always room; a very long one is left out."""
    if limits.length(block) > limits.ONE_MORE:
        return made
    plainer = (*made.plainer, block) if made.plainer else ()
    return replace(made, blocks=(*made.blocks, block), plainer=plainer)


def made_plain(made: Message) -> Message:
    """The message with its plainer blocks, where it has any."""
    return replace(made, blocks=made.plainer, plainer=()) if made.plainer else made


def said(words: str) -> Message:
    """One plain sentence or two."""
    return message(words, Body((parts.paragraph(words),)))


def told(pieces: Told) -> Message:
    """A sentence in which people are shown."""
    return message(sentences.spoken(pieces), Body((parts.rich(*sentences.inline(pieces)),)))


def sent(file_name: str, permalink: str) -> Message:
    """That a file went to whoever asked, in a direct message; only they can follow the link."""
    words = f"I sent {file_name} to you in a direct message."
    where = (parts.text("\n"), parts.link("Open it", permalink)) if limits.whole(permalink, limits.URL) else ()
    return message(words, Body((parts.rich(parts.text(words), *where),)))


def home(body: Body) -> HomeTab:
    """A home tab."""
    return HomeTab(View(type="home", blocks=list(fitted(body, IN_A_VIEW))).to_dict())


def modal(title: str, body: Body, form: Form | None = None) -> ModalView:
    """A modal; one without a form asks nothing."""
    fields = form.fields if form else ()
    blocks = fitted(body, IN_A_VIEW.beside(fields))
    view = View(
        type="modal",
        title=parts.plain(title, limits.MODAL_TITLE),
        close=parts.plain("Cancel" if form else "Close", limits.MODAL_TITLE),
        submit=parts.plain(form.submit, limits.MODAL_TITLE) if form else None,
        callback_id=form.kind if form else None,
        private_metadata=limits.whole(form.metadata, limits.METADATA) if form else None,
        blocks=[*blocks, *fields],
    )
    return ModalView(view.to_dict())
