"""Work under way: commands in threads of their own, and a way to let everything end before the process does."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from functools import partial
from typing import Any, ParamSpec, TypeVar

_THREADS = 4
_DRAWING_THREADS = 2

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
Content = TypeVar("Content")


class Work:
    """Runs commands off the event loop and knows what is still running."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="command")
        self._drawing = ThreadPoolExecutor(_DRAWING_THREADS, thread_name_prefix="document")
        self._tasks: set[asyncio.Task[Any]] = set()
        self._was_left = False

    async def run(
        self, command: Callable[Arguments, Result], /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Result:
        """Runs a command, which only touches the database, in a thread of its own pool, in the same context."""
        called = partial(copy_context().run, partial(command, *args, **kwargs))
        return await asyncio.get_running_loop().run_in_executor(self._threads, called)

    async def draw(self, maker: Callable[[Content], Result], content: Content) -> Result:
        """Makes a document or a picture in another pool: none of them may hold up a decision."""
        return await asyncio.get_running_loop().run_in_executor(self._drawing, copy_context().run, maker, content)

    @contextmanager
    def tracked(self) -> Iterator[None]:
        """Counts the present task as work that the process waits for; asyncio alone would not even keep it alive."""
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("Only work inside a task can be waited for.")
        self._tasks.add(task)
        try:
            yield
        finally:
            self._tasks.discard(task)

    async def drain(self, seconds: float) -> bool:
        """Waits for what is running; False when something is still running after so many seconds."""
        tasks = self._tasks - {asyncio.current_task()}
        if not tasks:
            return True
        _, running = await asyncio.wait(tasks, timeout=seconds)
        self._was_left = bool(running)
        return not running

    @property
    def is_under_way(self) -> bool:
        """Whether something is still running, or was left to itself: its task may be gone, but not its thread."""
        return self._was_left or bool(self._tasks - {asyncio.current_task()})

    def close(self) -> None:
        """Gives the threads back; a command that is still running ends on its own."""
        for pool in (self._threads, self._drawing):
            pool.shutdown(wait=False, cancel_futures=True)
