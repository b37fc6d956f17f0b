"""Word that something in the workspace changed, for whoever watches it: a web page open in any number of tabs."""

import asyncio


class Pulse:
    """A number that grows with every change. It is beaten and watched on one event loop."""

    def __init__(self) -> None:
        """Nothing has changed yet."""
        self.number = 0
        self._watchers: set[asyncio.Event] = set()

    def beat(self) -> None:
        """Something changed: everybody who waits wakes up."""
        self.number += 1
        for watcher in self._watchers:
            watcher.set()

    async def after(self, number: int) -> int:
        """The newest number, as soon as it is another one than the number that the watcher knows."""
        watcher = asyncio.Event()
        self._watchers.add(watcher)
        try:
            while self.number == number:
                watcher.clear()
                await watcher.wait()
        finally:
            self._watchers.discard(watcher)
        return self.number
