"""What each scope of the Slack app is for; a test holds it against `manifest.yaml`."""

from collections.abc import Mapping

FEATURES: Mapping[str, str] = {
    "app_mentions:read": "@rollcall in a thread or a channel is not answered",
    "chat:write": "no card and no answer can be posted",
    "commands": "no slash command reaches the bot",
    "files:write": "no chart is shown, and /invoice pdf sends nothing",
    "im:write": "/invoice pdf sends nothing, and the home tab's buttons are not answered",
    "usergroups:read": "a role that was given to a user group counts for nobody",
}
"""Each scope with what doesn't work without it."""

NEEDED_ALWAYS = frozenset({"chat:write", "commands"})
SEE_CHANNELS = ("channels:read", "groups:read")
"""With one of these, public or private channels can be looked at; Rollcall itself needs neither."""
