"""Stored secrets on the command line; a value comes in by a prompt or a pipe, and never goes out."""

import getpass
import sys
from typing import Annotated

import typer

from bot.cli import json_shapes
from bot.cli.invocation import opened, shell
from bot.cli.parameters import AsJson
from bot.cli.printing import Column, few, paragraph, say, say_json, table

Name = Annotated[str, typer.Argument(metavar="NAME", help="The name by which a book refers to the secret.")]
MaybeName = Annotated[str | None, typer.Argument(metavar="NAME", help="One secret by its name (default: all).")]

_SECRETS = (Column("secret"), Column("stored"), Column("by"), Column("key"), Column("for"))


def register(app: typer.Typer) -> None:
    """Adds the group of commands to the command line."""
    group = typer.Typer(help="Passwords, keys and tokens that directories are read with.", rich_markup_mode=None)
    # Whoever writes the value behind the name must not see it again in a message about an argument too many.
    lenient = {"allow_extra_args": True, "ignore_unknown_options": True}
    group.command("set", context_settings=lenient)(set_secret)
    group.command("list")(list_secrets)
    group.command("remove")(remove)
    group.command("rotate")(rotate)
    app.add_typer(group, name="secret")


def set_secret(context: typer.Context, name: Name) -> None:
    """Store a secret, read from a prompt or from standard input."""
    from bot.compose import secret_keys
    from commands import secrets

    if context.args:
        raise typer.BadParameter(
            "A secret isn't given as an argument, since the shell keeps it: leave it out to be asked, or pipe it in."
        )
    with opened(context) as rollcall:
        keys = secret_keys(rollcall.settings)
        # Whoever lacks a key is told so before being asked for the value.
        key_id = keys.newest
        replaced = secrets.set_secret(rollcall.database, shell(), keys, name, _value(name))
    say(f"{name} is stored{' in place of the value before' if replaced else ''}, encrypted by the key {key_id}.")


def list_secrets(context: typer.Context, as_json: AsJson = False) -> None:
    """Show which secrets are stored; never their values."""
    from bot.compose import secret_keys
    from commands import secrets

    with opened(context) as rollcall:
        keys = secret_keys(rollcall.settings)
        found = secrets.list_secrets(rollcall.database, shell(), keys)
    if as_json:
        say_json([json_shapes.secret(one) for one in found])
        return
    if not found:
        say("No secret is stored: rollcall secret set NAME stores one.")
        return
    rows = (
        (
            one.name,
            f"{one.updated_at:%Y-%m-%d}",
            one.updated_by,
            one.key_id if one.opens else f"{one.key_id} (not here)",
            ", ".join(one.named_by) or "-",
        )
        for one in found
    )
    say(*table(_SECRETS, rows), "")
    say(*paragraph(f"ROLLCALL_SECRET_KEY {keys.said}."))


def remove(context: typer.Context, name: Name) -> None:
    """Forget a secret that no directory needs."""
    from commands import secrets

    with opened(context) as rollcall:
        secrets.remove_secret(rollcall.database, shell(), name)
    say(f"{name} is forgotten.")


def rotate(context: typer.Context, name: MaybeName = None) -> None:
    """Encrypt secrets by the newest key."""
    from bot.compose import secret_keys
    from commands import secrets

    with opened(context) as rollcall:
        done = secrets.rotate_secrets(rollcall.database, shell(), secret_keys(rollcall.settings), name)
    told = f"Encrypted by the key {done.key_id} now: {few(done.moved) or 'nothing'}."
    already = f" Already before: {few(done.already)}." if done.already else ""
    older = " No secret needs an older key any more." if name is None else ""
    say(*paragraph(f"{told}{already}{older}"))


def _value(name: str) -> str:
    """The secret as it was typed, or all of standard input without the newline at its end."""
    if sys.stdin.isatty():
        try:
            # It silences the terminal before it asks, so that not even a quick paste is shown.
            return getpass.getpass(f"Value for {name}: ")
        except EOFError:
            raise typer.Abort from None
    try:
        # Windows' shells mark a text's beginning, which is no part of it.
        piped = sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise typer.BadParameter("Standard input is no text in UTF-8: expected a password, a PEM or a JSON.") from None
    return piped.removesuffix("\n").removesuffix("\r")
