"""The log: one line an event, as JSON or as text, with the request's id where there is one."""

from __future__ import annotations

import json
import logging
import queue
import sys
import threading
import time
from datetime import UTC, datetime

from server.settings import Settings

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message"}


class JsonFormatter(logging.Formatter):
    """A record as one JSON object: time, level, logger, event, what was given as ``extra``, and the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """The line for a record."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        line |= {name: value for name, value in vars(record).items() if name not in _STANDARD}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str, ensure_ascii=False)


class TextFormatter(logging.Formatter):
    """A record as a readable line, with what was given as ``extra`` behind it."""

    def format(self, record: logging.LogRecord) -> str:
        """The line for a record."""
        extra = " ".join(f"{name}={value}" for name, value in vars(record).items() if name not in _STANDARD)
        return f"{super().format(record)} {extra}".rstrip()


class PatientHandler(logging.Handler):
    """Hands records to another handler in a thread of its own, so that a log that nobody reads stops nothing: beyond
    `MOST` records that wait, further ones are dropped, and how many is said once there is room."""

    MOST = 10_000

    def __init__(self, target: logging.Handler) -> None:
        super().__init__()
        self._target = target
        self._records: queue.Queue[logging.LogRecord] = queue.Queue(self.MOST)
        self._dropped = 0
        threading.Thread(target=self._write, name="log", daemon=True).start()

    def emit(self, record: logging.LogRecord) -> None:
        """Takes a record, or counts it as dropped."""
        try:
            if self._dropped:
                message = f"{self._dropped} log records were dropped, because nobody read them"
                self._records.put_nowait(logging.LogRecord("palermo.log", logging.WARNING, "", 0, message, (), None))
                self._dropped = 0
            self._records.put_nowait(record)
        except queue.Full:
            self._dropped += 1

    def flush(self) -> None:
        """Waits a moment for what has been taken: called when the process ends."""
        end = time.monotonic() + 1
        while self._records.unfinished_tasks and time.monotonic() < end:
            time.sleep(0.01)

    def _write(self) -> None:
        while True:
            self._target.handle(self._records.get())
            self._records.task_done()


def configure_logging(settings: Settings) -> None:
    """Sends everything to standard error in the chosen format. Called by the command, not by the application."""
    handler = logging.StreamHandler(sys.stderr)
    text = TextFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    handler.setFormatter(JsonFormatter() if settings.log_format == "json" else text)
    logging.basicConfig(level=settings.log_level.upper(), handlers=[PatientHandler(handler)], force=True)
    logging.getLogger("httpx2").setLevel(logging.WARNING)  # it would log every request to a store elsewhere
