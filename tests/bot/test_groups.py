"""Who is in a user group."""

from datetime import UTC, datetime, timedelta

from bot.groups import Groups
from bot.slack import SlackIsUnreachable, SlackRefused

NOW = datetime(2027, 4, 11, tzinfo=UTC)


class FakeSlack:
    """Tells who is in a group, or refuses, and counts how often it was asked."""

    def __init__(self, members: dict[str, tuple[str, ...]]) -> None:
        self.groups = members
        self.asked = 0
        self.problem: Exception | None = None

    async def members(self, group: str) -> tuple[str, ...]:
        self.asked += 1
        if self.problem is not None:
            raise self.problem
        if group not in self.groups:
            raise SlackRefused("usergroups.users.list", "no_such_subteam")
        return self.groups[group]


async def test_a_user_is_in_the_groups_that_have_them() -> None:
    groups = Groups(FakeSlack({"S1": ("U1", "U2"), "S2": ("U2",)}), lambda: NOW)
    assert await groups.of("U1", ["S1", "S2"]) == ("S1",)


async def test_slack_is_asked_again_after_five_minutes() -> None:
    slack, time = FakeSlack({"S1": ("U1",)}), [NOW]
    groups = Groups(slack, lambda: time[0])
    await groups.of("U1", ["S1"])
    await groups.of("U2", ["S1"])
    assert slack.asked == 1
    time[0] += timedelta(minutes=5)
    await groups.of("U1", ["S1"])
    assert slack.asked == 2


async def test_a_group_that_slack_will_not_tell_about_gives_nobody_a_role() -> None:
    assert await Groups(FakeSlack({}), lambda: NOW).of("U1", ["S1"]) == ()


async def test_while_slack_does_not_answer_people_keep_the_roles_that_they_had_for_an_hour() -> None:
    slack, time = FakeSlack({"S1": ("U1",)}), [NOW]
    groups = Groups(slack, lambda: time[0])
    await groups.of("U1", ["S1"])
    for problem in (SlackIsUnreachable("gone"), SlackRefused("usergroups.users.list", "ratelimited", 30)):
        slack.problem = problem
        time[0] += timedelta(minutes=20)
        assert await groups.of("U1", ["S1"]) == ("S1",)
    time[0] += timedelta(minutes=20)
    assert await groups.of("U1", ["S1"]) == ()


async def test_a_group_that_is_gone_takes_its_role_along_at_once() -> None:
    slack, time = FakeSlack({"S1": ("U1",)}), [NOW]
    groups = Groups(slack, lambda: time[0])
    await groups.of("U1", ["S1"])
    slack.groups.clear()
    time[0] += timedelta(minutes=5)
    assert await groups.of("U1", ["S1"]) == ()


async def test_after_a_refusal_slack_is_left_alone_for_a_minute() -> None:
    slack, time = FakeSlack({}), [NOW]
    groups = Groups(slack, lambda: time[0])
    for _ in range(3):
        await groups.of("U1", ["S1"])
    assert slack.asked == 1
    slack.groups["S1"] = ("U1",)
    time[0] += timedelta(minutes=1)
    assert await groups.of("U1", ["S1"]) == ("S1",)
