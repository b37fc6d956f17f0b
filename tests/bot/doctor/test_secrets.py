import pytest

from commands.keys import Keys
from commands.secrets import set_secret
from storage.database import Database
from tests.bot.doctor.conftest import Clinic
from tests.support.msp import ADA
from tests.support.secrets import NEW, OLD, VALUE

OLD_ID, NEW_ID = Keys.of(OLD).newest, Keys.of(NEW).newest
REMEDY = f"Add {OLD_ID} back behind the newest, or store each anew: rollcall secret set NAME"


@pytest.fixture
async def keeper(clinic: Clinic) -> Clinic:
    """A house with a secret under the older key."""
    await clinic.opens()
    database = Database(clinic.settings["database_url"])
    set_secret(database, ADA, Keys.of(OLD), "acme-ad", VALUE)
    database.close()
    return clinic


async def test_a_house_without_secrets_hears_nothing_of_them(clinic: Clinic) -> None:
    await clinic.opens()
    report = await clinic.doctor()
    assert not any("stored secrets" in finding[:30] for finding in report.findings)


@pytest.mark.parametrize(
    ("setting", "line"),
    [
        (OLD, "ok stored secrets 1, each opened by a key"),
        (
            f"{NEW},{OLD}",
            "warn stored secrets 1, each opened by a key; not by the newest: acme-ad → rollcall secret rotate",
        ),
        (
            NEW,
            f"FAIL stored secrets no key opens acme-ad (key {OLD_ID}) → ROLLCALL_SECRET_KEY has {NEW_ID}. {REMEDY}",
        ),
        ("half-a-key", "- stored secrets their keys are malformed"),
    ],
)
async def test_whether_the_keys_open_what_is_stored(keeper: Clinic, setting: str, line: str) -> None:
    keeper.settings["secret_key"] = setting
    report = await keeper.doctor()
    assert report.line("stored secrets") == line
    assert not any(hidden in report.out for hidden in (VALUE, OLD, NEW, "half-a-key"))


async def test_secrets_without_a_key_are_told(keeper: Clinic) -> None:
    report = await keeper.doctor()
    assert "ROLLCALL_SECRET_KEY is not set. Add" in report.line("stored secrets")
    assert report.code == 2


async def test_a_malformed_key_is_told_as_a_setting(keeper: Clinic) -> None:
    keeper.settings["secret_key"] = "half-a-key"
    report = await keeper.doctor()
    assert report.line("ROLLCALL_SECRET_KEY").startswith(
        "FAIL ROLLCALL_SECRET_KEY is malformed → Expected: one or more"
    )
