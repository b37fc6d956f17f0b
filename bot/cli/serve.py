"""The bot itself, and the database's version."""

import asyncio

import typer

from bot.cli.invocation import invocation, opened
from bot.cli.printing import say


def register(app: typer.Typer) -> None:
    """Adds the commands to the command line."""
    app.command("serve")(serve)
    app.command("migrate")(migrate)


def serve(context: typer.Context) -> None:
    """Run the bot: Slack and the clock."""
    settings = invocation(context).settings
    for needed in ("slack_bot_token", "slack_signing_secret"):
        settings.required(needed)
    # Slack's framework is slow to load, and only this command needs it.
    from bot.server import serve as run_server  # noqa: PLC0415 - see above

    with opened(context) as rollcall:
        asyncio.run(run_server(rollcall))


def migrate(context: typer.Context) -> None:
    """Bring the database to this version of Rollcall."""
    from bot.compose import Hooks, open_database  # noqa: PLC0415 - loaded when used, see bot.cli
    from storage.schema import migrate as migrate_database  # noqa: PLC0415 - loaded when used, see bot.cli

    run = invocation(context)
    database = open_database(run.settings, run.hooks or Hooks())
    try:
        version = migrate_database(database)
    finally:
        database.close()
    say(f"The database is at version {version}.")
