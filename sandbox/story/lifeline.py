"""A process that ends when the process that started it is gone, even one that was killed without a chance to say so.

The parent holds one end of a pipe and never writes. The system closes it with the parent, whatever ends that, and the
child reads the end of the pipe.
"""

import os
import signal
import threading

VARIABLE = "SANDBOX_LIFELINE"
"""The environment variable by which a parent names the descriptor of the other end."""


def end_with_parent(descriptor: int) -> None:
    """Asks this process to end, by SIGTERM, as soon as nobody holds the other end of the pipe."""
    threading.Thread(target=_watch, args=(descriptor,), daemon=True).start()


def end_with_named_parent() -> None:
    """The same with the descriptor that the environment names, if it names one."""
    named = os.environ.pop(VARIABLE, "")
    if named.isdecimal():
        end_with_parent(int(named))


def _watch(descriptor: int) -> None:
    while os.read(descriptor, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
