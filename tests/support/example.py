"""The example of the page on adding a directory, as it stands there, and the stage on which it plays the contract."""

import json
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from types import ModuleType

from connectors.directories.kinds import Kind, Surroundings
from connectors.directories.port import Directory
from rosters.rules import Account, Wanted
from tests.support.pages import blocks

PAGE = Path(__file__).parents[2] / "docs" / "howto" / "add-a-directory.md"


@cache
def example() -> Kind:
    """The kind of directory that the page's module declares."""
    (block,) = (block for block in blocks(PAGE) if block.language == "python")
    module = ModuleType("example")
    exec(compile(block.content, str(PAGE), "exec"), module.__dict__)  # noqa: S102 - it is our own page that is tried out
    kind = module.__dict__["KIND"]
    assert isinstance(kind, Kind)
    return kind


@dataclass
class ExampleStage:
    """The contract with an HR system's file, which is written anew after each change."""

    path: Path
    accounts: dict[str, Account] = field(default_factory=dict)
    wanted: Wanted = Wanted()  # noqa: RUF009 - it is frozen

    def __post_init__(self) -> None:
        self._save()

    def hire(self, account: Account) -> Account:
        self.accounts[account.object_id] = account
        self._save()
        return replace(account, licences=None, guest=False)

    def fire(self, object_id: str) -> None:
        del self.accounts[object_id]
        self._save()

    def rename(self, object_id: str, name: str) -> None:
        self.hire(replace(self.accounts[object_id], name=name))

    def break_down(self) -> None:
        self.path.write_text('{"people": [')

    def directory(self) -> Directory:
        settings = example().settings.model_validate({"path": str(self.path)})
        return example().open(settings, Surroundings())

    def _save(self) -> None:
        people = [
            {
                "number": one.object_id,
                "name": one.name,
                "mail": one.mail,
                "login": one.upn,
                "left": None if one.enabled else "2027-01-31",
            }
            for one in self.accounts.values()
        ]
        self.path.write_text(json.dumps({"people": people}))
