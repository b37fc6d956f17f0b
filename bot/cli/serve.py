"""The bot itself, and the database's version."""

import asyncio

import typer

from billing.errors import WrongInput
from bot.cli.invocation import invocation, opened
from bot.cli.printing import say


class AddressIsTaken(WrongInput):
    """The address that the settings name can't be listened at."""


def register(app: typer.Typer) -> None:
    """Adds the commands to the command line."""
    app.command("serve")(serve)
    app.command("migrate")(migrate)


def serve(context: typer.Context) -> None:
    """Run the bot: Slack and the clock."""
    run = invocation(context)
    run.keeps_log = True
    settings = run.settings
    settings.require_slack()
    # Slack's framework is slow to load, and only this command needs it.
    from bot.server import serve as run_server

    with opened(context) as rollcall:
        try:
            asyncio.run(run_server(rollcall))
        except SystemExit:
            # uvicorn's way to say that it can't listen; the log has its words.
            raise AddressIsTaken(
                f"Nothing can listen at {settings.http_host}, port {settings.http_port}: "
                "choose others with ROLLCALL_HTTP_HOST and ROLLCALL_HTTP_PORT, or end what listens there."
            ) from None


def migrate(context: typer.Context) -> None:
    """Bring the database to this version of Rollcall."""
    from bot.compose import Hooks, open_database
    from storage.schema import migrate as migrate_database

    run = invocation(context)
    database = open_database(run.settings, run.hooks or Hooks())
    try:
        version = migrate_database(database)
    finally:
        database.close()
    say(f"The database is at version {version}.")
