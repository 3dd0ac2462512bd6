"""What comes together is written together; a call that cannot be written harms no other."""

import asyncio
from collections.abc import Sequence

import pytest

from services.agencies.intake import Intake


class AwayError(Exception):
    """Nothing can be written now."""


class Register:
    """Writes when it is let, and remembers what it was handed at once."""

    def __init__(self) -> None:
        self.written: list[list[str]] = []
        self.free = asyncio.Event()
        self.away = False

    async def write(self, items: Sequence[str]) -> list[str]:
        self.written.append(list(items))
        await self.free.wait()
        if self.away:
            raise AwayError
        if "poison" in items:
            raise ValueError("poison")
        return [item.upper() for item in items]


@pytest.fixture
def register() -> Register:
    return Register()


@pytest.fixture
def intake(register: Register) -> Intake[str, str]:
    return Intake(register.write, away=AwayError, within_s=30)


async def started(*calls: asyncio.Task[Sequence[str]]) -> None:
    """Let every call come as far as it can without the register."""
    for _ in range(5):
        await asyncio.sleep(0)
    assert not any(call.done() for call in calls)


def calling(intake: Intake[str, str], *items: str) -> asyncio.Task[Sequence[str]]:
    return asyncio.create_task(intake.keep(items))


async def test_who_comes_meanwhile_is_written_together(register: Register, intake: Intake[str, str]) -> None:
    first = calling(intake, "a")
    await started(first)
    others = [calling(intake, "b", "c"), calling(intake), calling(intake, "d")]
    await started(*others)
    register.free.set()
    assert await asyncio.gather(first, *others) == [["A"], ["B", "C"], [], ["D"]]
    assert register.written == [["a"], ["b", "c", "d"]]


async def test_poison_is_tried_alone(register: Register, intake: Intake[str, str]) -> None:
    first = calling(intake, "a")
    await started(first)
    others = [calling(intake, "b"), calling(intake, "poison"), calling(intake, "c")]
    await started(*others)
    register.free.set()
    answers = await asyncio.gather(first, *others, return_exceptions=True)
    assert [answers[0], answers[1], answers[3]] == [["A"], ["B"], ["C"]]
    assert isinstance(answers[2], ValueError)


async def test_all_are_told_at_once_that_the_register_is_away(register: Register, intake: Intake[str, str]) -> None:
    register.away = True
    first = calling(intake, "a")
    await started(first)
    others = [calling(intake, "b"), calling(intake, "c")]
    await started(*others)
    register.free.set()
    answers = await asyncio.gather(first, *others, return_exceptions=True)
    assert [type(answer) for answer in answers] == [AwayError] * 3
    assert register.written == [["a"], ["b", "c"]]
    register.away = False
    assert await intake.keep(["d"]) == ["D"]


async def test_caller_that_has_gone_harms_nobody(register: Register, intake: Intake[str, str]) -> None:
    gone, stays = calling(intake, "a"), calling(intake, "b")
    await started(gone, stays)
    gone.cancel()
    register.free.set()
    assert await stays == ["B"]
    assert [item for items in register.written for item in items] == ["a", "b"]


async def test_what_is_not_written_in_time_is_told_and_holds_up_nobody(register: Register) -> None:
    intake = Intake(register.write, away=AwayError, within_s=0.05)
    with pytest.raises(AwayError):
        await intake.keep(["a"])
    later = calling(intake, "b")
    await started(later)
    register.free.set()
    assert await later == ["B"]
    assert register.written == [["a"], ["b"]]
