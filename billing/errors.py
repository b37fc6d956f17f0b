"""The one family of errors whose message is fit for Slack and for the terminal.

A rule that can refuse raises a subclass named as a sentence, defined beside the rule. The three bases say whose move
it is, and with it the exit code of the command line: 1 a rule of the product refused, 2 the input or a setting was
wrong, 3 an outside system failed.
"""


class RollcallError(Exception):
    """Something a person can act on; the message is one or two plain sentences without markup."""

    exit_code = 1


class Refused(RollcallError):
    """A rule of the product says no: a hold, an ambiguity, a stale approval."""


class WrongInput(RollcallError):
    """The input can't be used as it is; the message says what was understood and what is possible."""

    exit_code = 2


class OutsideFailed(RollcallError):
    """A system that isn't ours did not do its part; the message carries the remedy."""

    exit_code = 3
