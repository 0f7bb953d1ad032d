"""The thread that writes a run's log: training hands over and goes on.

The queue is bounded. When the disk is slower than the training, step records merge into one another
and norms are left out, but no header, event, evaluation or end is lost. Whatever goes wrong with the
log stops the recording, with one warning, and nothing else.
"""

from __future__ import annotations

import os
import threading
import time
import traceback
from collections import deque
from typing import Any, Callable, Deque, Dict, List, Optional, Protocol, Union

from .encoding import encode

__all__ = ["Recorder", "Pending", "open_log"]

Record = Dict[str, Any]


class Pending(Protocol):
    """A record that is worked out on the recorder's thread."""

    #: Whether it may be left out when the queue is full.
    optional: bool

    def merged(self, later: "Pending") -> Optional["Pending"]:
        """Both as one; None where they cannot be."""

    def resolve(self) -> Optional[Record]:
        """The record; may wait for a device."""


Item = Union[Record, Pending]


def open_log(path: str, overwrite: bool = False) -> int:
    """Opens a new log for appending; its descriptor is no child's.

    Raises `FileExistsError` where there is one already and `overwrite` is false.
    """
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
    return os.open(path, flags | (os.O_TRUNC if overwrite else os.O_EXCL), 0o644)


class Recorder:
    """Writes records to `descriptor`, on a thread of its own.

    `warn` takes the one warning there may be. Records are on their way to the disk at most
    `interval` seconds after they were handed over.
    """

    #: Records that wait at most before they merge.
    capacity = 1024
    interval = 0.05

    def __init__(self, descriptor: int, warn: Callable[[str], None]) -> None:
        self._descriptor = descriptor
        self._warn = warn
        self._queue: Deque[Item] = deque()
        self._lock = threading.Lock()
        #: Set for what may not wait: events, evaluations, the end.
        self._urgent = threading.Event()
        self._idle = threading.Condition(self._lock)
        self._busy = False
        self._closing = False
        self.failed = False
        #: Called on the recorder's thread between writes, about every `interval` seconds.
        self.between: List[Callable[[], None]] = []
        self._thread = threading.Thread(target=self._run, name="maxnorm-recorder", daemon=True)
        self._thread.start()

    def put(self, item: Item, urgent: bool = False) -> None:
        """Hands a record over; never waits for the disk."""
        with self._lock:
            if self.failed or self._closing:
                return
            if len(self._queue) >= self.capacity:
                self._make_room(item)
            else:
                self._queue.append(item)
        if urgent:
            self._urgent.set()

    def _make_room(self, item: Item) -> None:
        last = self._queue[-1]
        if isinstance(item, dict):
            self._queue.append(item)
            return
        if item.optional:
            return
        merged = None if isinstance(last, dict) else last.merged(item)
        if merged is None:
            self._queue.append(item)
        else:
            self._queue[-1] = merged

    def flush(self, timeout: float = 5.0) -> bool:
        """Waits until all that was handed over is written; False where it took too long."""
        deadline = time.monotonic() + timeout
        self._urgent.set()
        with self._idle:
            while (self._queue or self._busy) and not self.failed:
                remaining = deadline - time.monotonic()
                if remaining <= 0 or not self._thread.is_alive():
                    return False
                self._idle.wait(min(remaining, 0.1))
        return not self.failed

    def close(self, timeout: float = 5.0) -> None:
        """Writes what is left and ends the thread; after `timeout` seconds it is given up."""
        self.flush(timeout)
        self._closing = True
        self._urgent.set()
        if self._thread is not threading.current_thread():
            self._thread.join(timeout)

    def abandon(self) -> None:
        """In a child after a fork: the parent's thread, lock and file are not ours."""
        self.failed = True
        self._queue = deque()
        self._lock = threading.Lock()
        self._idle = threading.Condition(self._lock)

    def _run(self) -> None:
        try:
            while True:
                self._urgent.wait(self.interval)
                self._urgent.clear()
                self._write_queue()
                for action in self.between:
                    action()
                if self._closing and not self._queue:
                    break
        except BaseException as error:  # whatever it is, training goes on
            self._fail(error)
        finally:
            try:
                os.close(self._descriptor)
            except OSError:
                pass

    def _write_queue(self) -> None:
        while True:
            with self._idle:
                if not self._queue:
                    self._busy = False
                    self._idle.notify_all()
                    return
                self._busy = True
                item = self._queue.popleft()
            record = item if isinstance(item, dict) else item.resolve()
            if record is not None:
                self._write(encode(record) + "\n")

    def _write(self, line: str) -> None:
        data = line.encode("utf-8")
        while data:
            written = os.write(self._descriptor, data)
            data = data[written:]

    def _fail(self, error: BaseException) -> None:
        with self._idle:
            self.failed = True
            self._busy = False
            self._queue.clear()
            self._idle.notify_all()
        if isinstance(error, OSError):
            reason = error.strerror or str(error)
        else:
            frame = traceback.extract_tb(error.__traceback__)[-1]
            reason = f"{type(error).__name__}: {error} ({os.path.basename(frame.filename)}:{frame.lineno})"
        self._warn(f"recording stopped: {reason}: training goes on without it")
