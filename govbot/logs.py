"""What is logged, as a JSON object a line: what happened, where, and of which class an error was; no content.

A draft's words, a question, a name or a token could reach a log in two ways. We might put them there: so a line has
fields of a fixed list alone, and each holds a figure or one plain word. Libraries put them there: slack_bolt writes out
bodies of requests, slack_sdk messages and headers, and the messages of exceptions may quote anything. So of a library's
message only those words are logged that stand in its source; what it put between them is left out.
"""

from __future__ import annotations

import ast
import logging
import re
import sys
import threading
import time
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import structlog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType
    from typing import TextIO

    from structlog.typing import EventDict

#: Fields of a line; any other is left out.
FIELDS = (
    *("event", "level", "time", "logger", "at", "job", "kind", "workspace", "method", "step", "error"),
    *("seconds", "status", "slot", "port", "n"),
)
#: What we say happened: "job_written".
_EVENT = re.compile(r"[a-z][a-z0-9_]{0,39}")
#: What a field may hold: an id, a class, a method, a kind; nothing with a space in it.
_VALUE = re.compile(r"[A-Za-z0-9_.:-]{1,80}")
#: What tokens begin with.
_TOKEN = re.compile(r"xox|xapp|xwfp|bearer", re.IGNORECASE)
#: What stands in the place of what is left out.
_LEFT_OUT = "…"
_LONGEST = 200
#: Libraries whose own handlers would write beside ours.
_LIBRARIES = (
    "aiohttp",
    "alembic",
    "asyncio",
    "dbos",
    "py.warnings",
    "sentence_transformers",
    "slack_bolt",
    "slack_sdk",
    "sqlalchemy",
    "waitress",
)
_METHODS = frozenset({"debug", "info", "warning", "warn", "error", "exception", "critical", "log"})
#: Seconds in which one place of a library is heard once, below the level at which each is heard.
_HEARD_EACH, _ALWAYS_HEARD = 30.0, logging.CRITICAL
_HERE = Path(__file__).parent


def set_up_logs(
    stream: TextIO | None = None, *, level: int = logging.INFO, clock: Callable[[], float] = time.monotonic
) -> None:
    """Log as JSON lines to a stream, standard error without one, whatever logs in this process."""
    handler = _new_handler(stream or sys.stderr, clock)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _LIBRARIES:
        library = logging.getLogger(name)
        library.handlers[:] = []
        library.propagate = True
        # What libraries tell of their daily work is of no use to whoever looks after the bot.
        library.setLevel(max(level, logging.WARNING) if level >= logging.INFO else logging.NOTSET)
    # The job engine adds a handler where it sees none of its own.
    engine = logging.getLogger("dbos")
    engine.handlers[:], engine.propagate = [handler], False
    logging.captureWarnings(True)
    threading.excepthook = _note_thread
    sys.unraisablehook = _note_unraisable


def set_up_library(name: str) -> None:
    """Log what one library warns of as JSON lines on standard error, where the process logs in its own way."""
    library = logging.getLogger(name)
    if is_set_up() or any(isinstance(one, _Handler) for one in library.handlers):
        return
    library.handlers[:], library.propagate = [_new_handler(sys.stderr, time.monotonic)], False
    library.setLevel(logging.WARNING)


def _new_handler(stream: TextIO, clock: Callable[[], float]) -> _Handler:
    handler = _Handler(stream)
    handler.setFormatter(_Lines())
    handler.addFilter(_Calm(clock))
    return handler


def is_set_up() -> bool:
    """Return whether this process logs as JSON lines."""
    return any(isinstance(one, _Handler) for one in logging.getLogger().handlers)


def new_logger(name: str) -> structlog.stdlib.BoundLogger:
    """Return a logger whose events are words such as "job_written", with fields of FIELDS."""
    logger = structlog.wrap_logger(
        logging.getLogger(name),
        processors=[structlog.stdlib.filter_by_level, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    return cast("structlog.stdlib.BoundLogger", logger)


def known_fields(_logger: object, _method: str, fields: EventDict) -> EventDict:
    """Return what may be logged of an event of ours: fields of the list that hold a figure or a plain word."""
    event = str(fields.get("event", ""))
    kept = {name: fields[name] for name in FIELDS if name in fields and name != "event" and _is_plain(fields[name])}
    return {"event": event if _EVENT.fullmatch(event) else _LEFT_OUT, **kept}


class _Handler(logging.StreamHandler[Any]):
    """Writes lines; where one cannot be made, nothing of it is shown."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 (logging's name)
        """Say nothing: logging itself would print the message and its arguments."""


class _Lines(logging.Formatter):
    """Makes a JSON line of whatever is logged."""

    _render = structlog.processors.JSONRenderer(ensure_ascii=False)

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        ours = record.msg if isinstance(record.msg, dict) and hasattr(record, "_logger") else None
        fields = known_fields(None, "", ours) if ours is not None else {"event": _words_of(record)}
        failed = _failed(record.exc_info if ours is None else ours.get("exc_info"))
        if failed is not None:
            fields["error"] = type(failed).__name__
            fields["at"] = _innermost(failed.__traceback__)
        elif ours is None:
            fields["at"] = _place(record.pathname, record.lineno)
        fields["level"] = record.levelname.lower()
        fields["logger"] = record.name if _VALUE.fullmatch(record.name) else _LEFT_OUT
        fields["time"] = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        return str(self._render(None, "", {name: fields[name] for name in FIELDS if name in fields}))


class _Calm(logging.Filter):
    """Lets a library say a thing once in a while: while Slack or the database is away it says it all the time."""

    def __init__(self, clock: Callable[[], float]) -> None:
        super().__init__()
        self._clock = clock
        self._heard: dict[tuple[str, int], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a record is written."""
        if hasattr(record, "_logger") or record.levelno >= _ALWAYS_HEARD:
            return True
        place, now = (record.pathname, record.lineno), self._clock()
        if now - self._heard.get(place, -_HEARD_EACH) < _HEARD_EACH:
            return False
        self._heard[place] = now
        return True


def _note_thread(failed: threading.ExceptHookArgs) -> None:
    """Log that a thread ended of an exception, without its message."""
    new_logger(__name__).error("thread_failed", exc_info=failed.exc_value)


def _note_unraisable(failed: sys.UnraisableHookArgs) -> None:
    """Log that something failed where nobody could be told, without its message."""
    new_logger(__name__).error("failed_unseen", exc_info=failed.exc_value)


def _failed(given: object) -> BaseException | None:
    """Return the exception that is logged along, however it is given."""
    if isinstance(given, tuple):
        given = given[1]
    return sys.exc_info()[1] if given is True else given if isinstance(given, BaseException) else None


def _is_plain(value: object) -> bool:
    if isinstance(value, (bool, int, float)):
        return True
    return isinstance(value, str) and bool(_VALUE.fullmatch(value)) and not _TOKEN.search(value)


# Libraries' messages


def _words_of(record: logging.LogRecord) -> str:
    """Return the words of a message that stand in the source; the function's name where there are none."""
    words = _words_at(record.pathname, record.lineno)
    if record.args and isinstance(record.args, tuple) and "%" in words:
        is_ours = Path(record.pathname).is_relative_to(_HERE)
        try:
            words %= tuple(arg if _may_show(arg, is_ours) else _LEFT_OUT for arg in record.args)
        except (TypeError, ValueError):
            pass
    words = " ".join(words.split())[:_LONGEST]
    return words if words.strip(_LEFT_OUT + " ") else record.funcName or _LEFT_OUT


def _may_show(value: object, is_ours: bool) -> bool:
    return isinstance(value, (int, float)) or (is_ours and _is_plain(value))


@cache
def _words_at(path: str, line: int) -> str:
    """Return the words of the logging call that stands at a place, as its source has them."""
    tree = _tree(path)
    around = [call for call in _calls(tree) if call.lineno <= line <= (call.end_lineno or call.lineno)]
    if tree is None or not around:
        return ""
    call = max(around, key=lambda found: found.lineno)
    assert isinstance(call.func, ast.Attribute)
    said = call.args[1:] if call.func.attr == "log" else call.args
    return _literal(said[0], tree, line) if said else ""


def _calls(tree: ast.Module | None) -> Iterator[ast.Call]:
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _METHODS:
            yield node


def _literal(node: ast.expr, tree: ast.Module, line: int) -> str:
    """Return the words of an expression; what is only known when it runs is left out."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_literal(part, tree, line) for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _literal(node.left, tree, line) + _literal(node.right, tree, line)
    if isinstance(node, ast.Call):
        # What makes a message is named after it: `logger.warning(warning_unhandled_request(req))`.
        name = ast.unparse(node.func).rpartition(".")[2]
        return name if "_" in name else _LEFT_OUT
    if isinstance(node, ast.Name):
        # Said in a line before: `message = f"…"; logger.warning(message)`.
        before = [one for one in _assignments(tree, node.id) if one.lineno < line]
        if before:
            last = max(before, key=lambda found: found.lineno)
            return _literal(last.value, tree, last.lineno)
    return _LEFT_OUT


def _assignments(tree: ast.Module, name: str) -> Iterator[ast.Assign]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and any(isinstance(to, ast.Name) and to.id == name for to in node.targets):
            yield node


@cache
def _tree(path: str) -> ast.Module | None:
    try:
        return ast.parse(Path(path).read_text(encoding="utf-8"))
    except (OSError, SyntaxError, ValueError):
        return None


def _innermost(trace: TracebackType | None) -> str:
    """Return where an exception came up."""
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return _LEFT_OUT if trace is None else _place(trace.tb_frame.f_code.co_filename, trace.tb_lineno)


def _place(path: str, line: int) -> str:
    """Return a place in the source by the ends of its path, which name nobody's folders."""
    return f"{'/'.join(Path(path).parts[-2:])}:{line}"
