"""Work under way."""

import asyncio
import threading

from bot.work import Work


async def test_a_command_runs_in_a_thread_of_its_own_pool() -> None:
    work = Work()
    assert (await work.run(threading.current_thread)).name.startswith("command")
    work.close()


async def test_draining_waits_for_what_is_running() -> None:
    work, done = Work(), list[str]()

    async def slow() -> None:
        with work.tracked():
            await asyncio.sleep(0.05)
            done.append("done")

    task = asyncio.create_task(slow())
    await asyncio.sleep(0)
    assert await work.drain(5)
    assert done == ["done"]
    await task
    work.close()


async def test_draining_gives_up_after_its_time() -> None:
    work = Work()

    async def endless() -> None:
        with work.tracked():
            await asyncio.Event().wait()

    task = asyncio.create_task(endless())
    await asyncio.sleep(0)
    assert not await work.drain(0.01)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    # Its thread may still be running, although its task is gone.
    assert work.is_under_way
    work.close()
