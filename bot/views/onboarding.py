"""The form by which a client is added, and what is said around it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import (
    ActionsBlock,
    ConversationFilter,
    ConversationSelectElement,
    DatePickerElement,
    InputInteractiveElement,
    Option,
    PlainTextInputElement,
    StaticSelectElement,
)

from bot.actions import Act, Modal
from bot.message import Json, Message, ModalView
from bot.views import limits, parts
from bot.views.fitting import Body
from bot.views.modals import Origin, asked
from bot.views.surfaces import Form, message, modal, said
from commands.clients import ClientRef
from commands.import_files import FileLook
from commands.onboarding import Choices
from connectors.books import forms
from connectors.books.forms import Setting, settings_of
from documents.format import one_line

_NO_DIRECTORY = "none"
_KINDS = {
    "entra": "Microsoft 365 (Entra ID)",
    "ldap": "Active Directory (LDAP)",
    "google": "Google Workspace",
    "okta": "Okta",
    "csv": "A file (CSV or XLSX)",
    _NO_DIRECTORY: "None yet",
}
_BASES = {
    "licensed": "Everybody with a paid licence",
    "enabled": "Everybody who can sign in",
    "group": "The members of groups",
}


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as far as it is filled in: its answers by field, and what a look at the directory said."""

    answers: Mapping[str, str]
    seen: str = ""


def onboarding_modal(origin: Origin, choices: Choices, filled: Filled) -> ModalView:
    """Asks for everything that a client needs before it can be billed."""
    given = {forms.CURRENCY: choices.currency or "", forms.TIMEZONE: choices.timezone or "UTC", **filled.answers}
    kind = given.get(forms.KIND, "")
    fields = (
        _text(forms.NAME, "Name, as on its invoices", given),
        _text(forms.SLUG, "Short name for commands", given, hint="made of the name", optional=True),
        _text(forms.CURRENCY, "Currency", given, hint="USD"),
        _text(forms.TIMEZONE, "Time zone", given, hint="America/New_York"),
        _channel(given),
        _text(forms.ADDRESS, "Address", given, optional=True, multiline=True),
        _text(forms.TAX, "Tax", given, hint="Sales tax 8.25; empty: none", optional=True),
        _menu(forms.KIND, "Directory", _KINDS, kind, Act.CHOOSE_KIND),
        *(_setting(setting, given) for setting in settings_of(kind)),
        _menu(forms.BASIS, "Who counts", _BASES, given.get(forms.BASIS, "licensed"), Act.CHOOSE_BASIS),
        *((_groups(given),) if given.get(forms.BASIS) == "group" else ()),
        *(_look(filled.seen) if settings_of(kind) else ()),
        *_agreement(choices.templates, given),
    )
    told = "What you leave open here can be added later by the client's book. Nobody is billed before you approve."
    return modal("Add a client", Body((parts.small(told),)), Form(Modal.ADD_CLIENT, "Add", origin.packed(), fields))


def add_question(name: str) -> Message:
    """The button that opens the form, where a command can't open it by itself."""
    told = "A new client is added by a form."
    button = parts.button("Add a client", Act.ADD_CLIENT, name or "-", says="Add a client by a form", style="primary")
    return message(told, Body((parts.paragraph(told), parts.buttons(button))))


def added_note(client: ClientRef, kind: str) -> Message:
    """What the one who added a client is told; `kind` is that of the directory that is read now, if one is."""
    name = parts.name(client.name)
    then = (
        "Its directory is being read now: the first count follows as a card, and nothing is billed for its people "
        "before somebody approves that."
        if settings_of(kind)
        else "It has no directory yet."
    )
    return said(f"{name} is a client now: /client {client.slug} shows it. {then}")


def seen_of(look: FileLook | None) -> str:
    """What a look at the directory came to, in a sentence."""
    if look is None:
        return "There is no directory to look at."
    doubts = [f"{one.what}: {one.text}." for one in look.seen if one.state != "well"]
    return limits.listed([f"{look.text}.", *doubts], limits.HALF, " ", one_line)


def _text(
    field: str,
    label: str,
    given: Mapping[str, str],
    *,
    hint: str = "",
    optional: bool = False,
    multiline: bool = False,
) -> Json:
    most = limits.ADDRESS if multiline else limits.ANSWER
    box = PlainTextInputElement(
        action_id=field,
        initial_value=limits.cut(given.get(field, ""), most) or None,
        placeholder=parts.plain(hint, limits.PLACEHOLDER) if hint else None,
        max_length=most,
        multiline=multiline or None,
    )
    return asked(field, label, box, optional=optional)


def _groups(given: Mapping[str, str]) -> Json:
    """Whose members count; the count is made anew once Enter is pressed."""
    written = limits.cut(given.get(forms.GROUPS, ""), limits.ANSWER)
    box = PlainTextInputElement(action_id=Act.CHOOSE_GROUPS, initial_value=written or None, max_length=limits.ANSWER)
    return asked(forms.GROUPS, "Groups, with commas between", box, tells=True)


def _setting(setting: Setting, given: Mapping[str, str]) -> Json:
    return _text(setting.field, setting.key.capitalize(), given, hint=setting.hint)


def _channel(given: Mapping[str, str]) -> Json:
    known = given.get(forms.CHANNEL, "")
    picker = ConversationSelectElement(
        action_id=forms.CHANNEL,
        initial_conversation=known if len(known) <= limits.ID and known else None,
        filter=ConversationFilter(include=["public", "private"], exclude_bot_users=True),
        placeholder=parts.plain("Invite the bot to it", limits.PLACEHOLDER),
    )
    return asked(forms.CHANNEL, "Channel for its cards", picker, optional=True)


def _menu(field: str, label: str, choices: Mapping[str, str], chosen: str, act: Act) -> Json:
    options = [_option(value, text) for value, text in choices.items()]
    first = next((option for option in options if option.value == chosen), None)
    element: InputInteractiveElement = StaticSelectElement(action_id=act, options=options, initial_option=first)
    return asked(field, label, element, tells=True)


def _option(value: str, text: str) -> Option:
    return Option(value=value, text=parts.plain(text, limits.OPTION))


def _look(seen: str) -> tuple[Json, ...]:
    button = parts.button("Test directory", Act.LOOK, "look", says="Read the directory and count")
    told = limits.cut(seen, limits.HALF) or "How many accounts are there, and how many count? Nothing is kept of it."
    return (ActionsBlock(elements=[button]).to_dict(), parts.small(told))


def _agreement(templates: Sequence[str], given: Mapping[str, str]) -> tuple[Json, ...]:
    # The others have a name that a menu would cut, and half a name is another's.
    named = (name for name in templates if limits.whole(name, limits.OPTION))
    offered = parts.options(((name, name) for name in named), limits.SECTION)
    if not offered:
        return (parts.small("The book has no template of an agreement, so this client's is added by its book."),)
    chosen = next((option for option in offered if option.value == given.get(forms.TEMPLATE)), None)
    menu = StaticSelectElement(action_id=forms.TEMPLATE, options=offered, initial_option=chosen)
    return (
        asked(forms.TEMPLATE, "Agreement", menu, optional=True),
        _date(forms.START, "It starts on", given),
        _date(forms.BILLS_FROM, "Billed here from (empty: from its start)", given),
    )


def _date(field: str, label: str, given: Mapping[str, str]) -> Json:
    return asked(field, label, DatePickerElement(action_id=field, initial_date=given.get(field) or None), optional=True)
