"""The two ways in which the workspace says no: to the bot in Slack's codes, to a person in sentences."""

from billing.errors import WrongInput


class SlackRefusal(Exception):
    """What Slack answers a bot: `{"ok": false, "error": code}`. It is wire data, so it has no sentence for people."""

    def __init__(self, code: str, messages: tuple[str, ...] = ()) -> None:
        """Refuse with one of Slack's error codes, and the messages that go into `response_metadata`."""
        super().__init__(code)
        self.code = code
        self.messages = messages


class NotInThisWorkspace(WrongInput):
    """A user, channel, message, file or key that a person's call names and that isn't there."""


class NotOnTheScreen(WrongInput):
    """A button, a field or a modal that this person does not see and so can't use."""
