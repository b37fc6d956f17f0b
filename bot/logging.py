"""The log: readable on a terminal or JSON a line, our own events and those of libraries alike."""

import logging
import sys
from typing import Literal, Protocol, TypeVar

import structlog
from structlog.contextvars import bind_contextvars
from structlog.typing import Processor

# Their debug lines hold headers and bodies, and with them tokens and names.
_TALKATIVE = ("slack_sdk", "slack_bolt", "aiohttp", "httpx", "httpcore", "msal", "urllib3", "apscheduler")


class Identified(Protocol):
    """What a click is about."""

    def ids(self) -> dict[str, str]:
        """What the log calls it."""
        ...


Target = TypeVar("Target", bound=Identified)


def about(target: Target) -> Target:
    """The same; whatever is logged from here on in the present task says what it is about."""
    bind_contextvars(**target.ids())
    return target


def set_up_logging(style: Literal["console", "json"], level: str) -> None:
    """Sends everything to standard error. Libraries speak up only about what they warn of."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_rendering(style)],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def _rendering(style: Literal["console", "json"]) -> list[Processor]:
    if style == "json":
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    # Rich tracebacks would print the values of local variables, and with them names and tokens.
    plain = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
    return [plain]
