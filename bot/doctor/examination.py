"""The whole examination: each part by itself, so that what is wrong with one doesn't hide another."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from billing.errors import RollcallError
from bot.compose import Hooks, Sources, open_database, secret_keys
from bot.doctor import settings as of_settings
from bot.doctor import slack as of_slack
from bot.doctor.slack import House
from bot.settings import Readable
from commands.clients import all_clients
from commands.examinations import database as of_database
from commands.examinations import directories as of_directories
from commands.examinations import machine, people
from commands.examinations import secrets as of_secrets
from commands.examinations.directories import Patient
from commands.examinations.finding import Finding, Part, failed, left_out, warn
from commands.notices import backlog
from commands.undelivered import undelivered
from storage.database import Database

_ENTRA = "entra"
_ADDRESSES = {"entra_authority_url", "graph_url", "entra_client_id", "entra_client_secret", "entra_client_certificate"}


@dataclass(frozen=True, slots=True)
class _Inside:
    """What the database tells; without one that can be read, nothing."""

    findings: tuple[Finding, ...] = ()
    patients: tuple[Patient, ...] | None = None
    house: House = field(default_factory=House)
    zones: tuple[str, ...] = ()


async def examine(
    readable: Readable,
    written: Collection[str],
    slugs: Sequence[str],
    now: Callable[[], datetime],
    progress: Callable[[str], None] | None = None,
) -> list[Finding]:
    """Every finding, in the order of the parts; `slugs` limits the directories to those of some clients."""
    usable = of_settings.usable_files(readable)
    url = usable.settings.database_url.get_secret_value()
    told, can_be_read = await asyncio.to_thread(of_database.examine, url)
    inside = await asyncio.to_thread(_inside, usable, slugs) if can_be_read else _Inside()
    # Whoever has set the app's id means to use it, also before a book names the first tenant.
    uses_entra = usable.settings.entra_client_id is not None or any(
        patient.target.kind == _ENTRA for patient in inside.patients or ()
    )
    slack, directories = await asyncio.gather(
        of_slack.examine(usable, inside.house, now), _directories(usable, inside, now, progress)
    )
    local = [machine.zones(inside.zones), await asyncio.to_thread(machine.fonts)]
    found = [
        *of_settings.examine(usable, written, uses_entra=uses_entra),
        *told,
        *slack,
        *directories,
        *inside.findings,
        *local,
    ]
    order = list(Part)
    return sorted(found, key=lambda finding: order.index(finding.part))


def _inside(readable: Readable, slugs: Sequence[str]) -> _Inside:
    settings = readable.settings
    database = open_database(settings, Hooks())
    try:
        known = all_clients(database)
        findings = [people.examine(database, slack_is_set=settings.slack_bot_token is not None), *_cards(database)]
        findings += of_secrets.examine(database, None if "secret_key" in readable.malformed else secret_keys(settings))
        channels = {client.channel: client.slug for client in known if client.channel}
        if settings.default_channel is not None:
            channels[settings.default_channel] = "ROLLCALL_DEFAULT_CHANNEL"
        house = House(channels, people.given_to_groups(database))
        try:
            patients = tuple(of_directories.patients(database, slugs))
        except RollcallError as error:
            findings.append(failed(Part.DIRECTORIES, "clients", error))
            patients = ()
        return _Inside(tuple(findings), patients, house, tuple(client.timezone for client in known))
    finally:
        database.close()


def _cards(database: Database) -> list[Finding]:
    found = undelivered(database)
    given_up = [card for card in found if card.is_given_up]
    others = sorted({card.problem for card in found if not card.is_given_up})
    told = []
    if given_up:
        listed = "; ".join(sorted({f"{card.what}: {card.problem}" for card in given_up}))
        remedy = "Mend that; then press Try again in Slack, or type: rollcall cards --again"
        told.append(warn(Part.SLACK, "cards given up", f"{len(given_up)} after a day: {listed}", remedy))
    if others:
        text = f"{backlog(database).owed - len(given_up)} not delivered: {'; '.join(others)}"
        told.append(warn(Part.SLACK, "cards", text, "They are posted by rollcall serve once that is mended."))
    return told


async def _directories(
    readable: Readable, inside: _Inside, now: Callable[[], datetime], progress: Callable[[str], None] | None
) -> list[Finding]:
    if inside.patients is None:
        return [left_out(Part.DIRECTORIES, "directories", "there is no database that could name them")]
    if any(finding.part is Part.DIRECTORIES for finding in inside.findings):
        return []
    # An address or a credential that is malformed has its default here: another app, or another cloud.
    wrong = bool(readable.malformed & _ADDRESSES)
    looked_at = [patient for patient in inside.patients if not wrong or patient.target.kind != _ENTRA]
    left = [
        left_out(Part.DIRECTORIES, patient.name, "a setting for Entra is malformed")
        for patient in inside.patients
        if patient not in looked_at
    ]
    if left and not looked_at:
        return left
    database = open_database(readable.settings, Hooks())
    sources = Sources(readable.settings, Hooks(), database, hasty=True)
    try:
        return [*await of_directories.examine(looked_at, sources, now, progress), *left]
    finally:
        sources.close()
        database.close()
