import asyncio
import json
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.doctor.examination import examine
from bot.settings import Readable, Settings
from commands.examinations.machine import fonts
from documents.typefaces import FOLDER
from tests.bot.doctor.conftest import Clinic


async def test_a_house_without_an_admin_is_told_how_to_make_one(clinic: Clinic) -> None:
    await clinic.opens()
    await clinic.succeeds("role", "grant", "U0OTHER", "viewer")
    await clinic.succeeds("role", "revoke", "U0ADMIN")
    report = await clinic.doctor()
    assert report.line("roles").startswith("FAIL roles nobody is admin yet → Make yourself the first")
    assert report.line("roles").endswith("rollcall role grant U123 admin")
    assert report.code == 1


async def test_a_card_that_could_not_be_posted_is_told(clinic: Clinic) -> None:
    await clinic.opens()
    await clinic.succeeds("sync")
    with closing(sqlite3.connect(clinic.folder / "rollcall.db", isolation_level=None)) as connection:
        connection.execute("UPDATE notices SET problem = 'C0ACME: not_in_channel'")
    report = await clinic.doctor()
    assert report.line("cards").startswith("warn cards ")
    assert "C0ACME: not_in_channel" in report.line("cards")


async def test_a_card_that_was_given_up_is_told_with_the_remedy_and_tried_again_at_the_command_line(
    clinic: Clinic,
) -> None:
    await clinic.opens()
    await clinic.succeeds("sync")
    with closing(sqlite3.connect(clinic.folder / "rollcall.db", isolation_level=None)) as connection:
        connection.execute("UPDATE notices SET problem = 'Refused', failing_since = '2027-04-10 12:00:00'")
        connection.execute("UPDATE notices SET given_up_at = '2027-04-11 12:00:00'")
    report = await clinic.doctor()
    assert report.line("cards given up").startswith("warn cards given up 1 after a day: a change of Acme Corp: Refused")
    assert report.line("cards given up").endswith("rollcall cards --again")
    listed = json.loads((await clinic.run("cards", "--json")).out)
    assert [(card["since"], card["given_up"]) for card in listed] == [("2027-04-10T12:00:00+00:00", True)]
    assert "given up" in (await clinic.run("cards")).out
    assert "given up" not in (await clinic.run("cards", "--again")).out


async def test_a_time_zone_that_this_machine_does_not_know(clinic: Clinic) -> None:
    await clinic.opens()
    with closing(sqlite3.connect(clinic.folder / "rollcall.db", isolation_level=None)) as connection:
        connection.execute("UPDATE clients SET timezone = 'Mars/Olympus'")
    report = await clinic.doctor()
    assert report.line("time zones").startswith("FAIL time zones unknown here: Mars/Olympus → Install tzdata")
    assert report.code == 2


async def test_a_clock_that_is_wrong_is_told_against_both(clinic: Clinic) -> None:
    await clinic.opens()
    readable = Readable(Settings.model_validate(clinic.settings), frozenset())
    found = await examine(readable, {}, (), lambda: datetime.now(UTC) - timedelta(seconds=90))
    told = {finding.what: finding for finding in found}
    for whose in ("Slack", "Microsoft"):
        assert told[f"clock against {whose}"].state == "fail"
        assert "seconds behind" in told[f"clock against {whose}"].text
        assert "timedatectl set-ntp true" in told[f"clock against {whose}"].remedy


def test_fonts_that_are_missing_or_broken_are_named(tmp_path: Path) -> None:
    (tmp_path / "Inter-Regular.otf").write_bytes((FOLDER / "Inter-Regular.otf").read_bytes())
    (tmp_path / "Inter-Medium.otf").write_bytes(b"no font")
    assert fonts(FOLDER).state == "ok"
    found = fonts(tmp_path)
    assert (found.state, found.text) == ("fail", "not there, or unreadable: Inter Medium, Inter SemiBold")


async def test_json_has_every_finding_and_nothing_else(clinic: Clinic) -> None:
    await clinic.opens()
    clinic.workspace.places.set_membership("C0ACME", is_member=False)
    ran = await clinic.run("doctor", "--json")
    found = json.loads(ran.out)
    assert ran.code == 3
    assert {entry["part"] for entry in found} == {
        "Settings", "Database", "Slack", "Directories", "Roles", "Machine",
    }  # fmt: skip
    (failed,) = [entry for entry in found if entry["state"] == "fail"]
    assert (failed["what"], failed["remedy"]) == ("channel C0ACME", "Invite it there: /invite @Rollcall")


async def test_hosts_that_never_answer_are_given_up_after_a_few_seconds_all_at_once(clinic: Clinic) -> None:
    await clinic.opens()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        clinic.settings |= {
            "slack_api_url": f"http://{address}/api/",
            "entra_authority_url": f"https://{address}",
            "graph_url": f"https://{address}",
        }
        began = time.monotonic()
        report = await clinic.doctor()
    assert time.monotonic() - began < 15
    assert report.line("bot token").startswith("FAIL bot token Slack didn't answer auth.test")
    assert report.line("acme/m365 sign-in").startswith("FAIL")
    assert report.code == 3


async def test_an_address_in_a_remedy_is_never_broken(clinic: Clinic) -> None:
    await clinic.opens()
    clinic.tenant.consented = False
    out = (await clinic.doctor()).out
    (line,) = [line for line in out.splitlines() if "adminconsent" in line]
    assert line.strip().startswith("https://")
    assert line.strip().endswith("aaaaaaaa-0000-4000-8000-000000000001")
    assert max(len(one) for one in out.splitlines() if "/" not in one) <= 80
