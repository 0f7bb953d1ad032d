"""How a run begins and ends with its process: names, logs, forks, exceptions, the wrapper's token."""

from __future__ import annotations

import atexit
import json
import os
import sys
import time
from typing import TYPE_CHECKING, Any, Dict, List, Optional, Tuple

if TYPE_CHECKING:
    from .run import Run

__all__ = ["enter", "leave", "log_path", "script_name", "reason_of", "announce", "NOT_FILES", "Watch"]

#: Logs that are no files to be kept.
NOT_FILES = (os.devnull,)

_runs: List["Run"] = []
#: The exception that ended the interpreter.
_ended_by: Optional[Tuple[Any, Any]] = None
_is_set_up = False


def enter(run: "Run") -> None:
    """From here on the run ends with its process, and is none of a child's."""
    global _is_set_up
    _runs.append(run)
    if _is_set_up:
        return
    _is_set_up = True
    atexit.register(_end_all)
    os.register_at_fork(after_in_child=_forget_all)
    former = sys.excepthook

    def hook(kind: Any, error: Any, trace: Any) -> None:
        global _ended_by
        _ended_by = (kind, error)
        former(kind, error, trace)

    sys.excepthook = hook


def leave(run: "Run") -> None:
    """The run has ended."""
    if run in _runs:
        _runs.remove(run)


def _end_all() -> None:
    ended_by = _ended_by
    error = getattr(sys, "last_value", None)
    if ended_by is None and error is not None and not hasattr(sys, "ps1"):
        # A hook of the script's own stands in the place of ours (rich's traceback); a notebook goes on.
        ended_by = (type(error), error)
    reason = reason_of(*ended_by) if ended_by else ("finished", None, 0)
    for run in list(_runs):
        run.finish(*reason)


def _forget_all() -> None:
    for run in _runs:
        run.abandon()
    _runs.clear()


def reason_of(kind: Any, error: Any) -> Tuple[str, Optional[str], int]:
    """Reason, error and exit status of a run that an exception ended."""
    if issubclass(kind, KeyboardInterrupt):
        return "interrupted", None, 130
    if issubclass(kind, SystemExit):
        code = getattr(error, "code", None)
        status = code if isinstance(code, int) else 0 if code is None else 1
        if status == 0:
            return "finished", None, 0
        return "failed", _in_a_line(kind, code), status
    return "failed", _in_a_line(kind, error), 1


def _in_a_line(kind: Any, message: Any) -> str:
    """Type and message of an exception."""
    try:
        words = " ".join(str(message).split())
    except Exception:  # of a script's own exceptions nothing is sure
        words = ""
    text = f"{kind.__name__}: {words}" if words else kind.__name__
    return text if len(text) <= 500 else text[:499] + "…"


def script_name() -> str:
    """The name of the script that runs, without its ending."""
    name = os.path.splitext(os.path.basename(sys.argv[0] if sys.argv else ""))[0]
    if name in ("", "-c", "-m", "ipykernel_launcher", "colab_kernel_launcher"):
        return "run"
    if name == "__main__":
        return os.path.basename(os.path.dirname(sys.argv[0])) or "run"
    return name


class Watch:
    """The folder that ``maxnorm watch`` makes for a command: options, a token, states.

    It is named by ``MAXNORM_WATCH`` and holds ``watch.json`` with the options of `maxnorm.watch`. One
    process is the run: the first that makes an optimizer step takes the token, each rank its own.
    """

    variable = "MAXNORM_WATCH"

    def __init__(self, folder: str) -> None:
        self.folder = folder
        with open(os.path.join(folder, "watch.json"), encoding="utf-8") as file:
            self.options: Dict[str, Any] = json.load(file)
        self._is_ours: Optional[bool] = None

    _found: Optional["Watch"] = None

    @classmethod
    def found(cls) -> Optional["Watch"]:
        """That of this process; None where nobody watches it."""
        folder = os.environ.get(cls.variable)
        if folder and (cls._found is None or cls._found.folder != folder):
            try:
                status = os.stat(folder)
                if status.st_uid != os.geteuid() or status.st_mode & 0o077:
                    return None
                cls._found = cls(folder)
            except (OSError, ValueError):
                return None
        return cls._found if folder else None

    @property
    def log(self) -> str:
        return self.options.get("log") or os.path.join(self.folder, "records.jsonl")

    @property
    def is_ours(self) -> bool:
        """Whether this process has taken the token."""
        return bool(self._is_ours)

    def take_token(self) -> bool:
        """Whether this process is the run (its rank of it)."""
        if self._is_ours is None:
            rank = os.environ.get("RANK", "0")
            token = os.path.join(self.folder, f"token-{rank if rank.isdigit() else 0}")
            try:
                os.close(os.open(token, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
                self._is_ours = True
            except OSError:
                self._is_ours = False
        return self._is_ours

    def tell(self, state: str, **more: Any) -> None:
        """A line for the screen that waits: ``{"state":"imported","framework":"torch","pid":4711}``."""
        line = json.dumps({"state": state, **more, "pid": os.getpid()}) + "\n"
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
            descriptor = os.open(os.path.join(self.folder, "states.jsonl"), flags, 0o600)
            try:
                os.write(descriptor, line.encode())
            finally:
                os.close(descriptor)
        except OSError:
            pass


def log_path(log: Optional[str], name: str) -> str:
    """Where the records go: what was asked for, the watcher's folder, or a new file in ``maxnorm-runs``."""
    if log is not None:
        return os.fspath(log)
    watch = Watch.found()
    if watch is not None and watch.take_token() and not os.path.exists(watch.log):
        return watch.log
    stem = os.path.join("maxnorm-runs", f"{name}-{time.strftime('%Y%m%d-%H%M%S')}")
    path, number = f"{stem}.jsonl", 2
    while os.path.exists(path):
        path, number = f"{stem}-{number}.jsonl", number + 1
    return path


def warn(run: "Run", text: str) -> None:
    """A line on standard error; under a watcher, nothing is among the script's own words."""
    watch = Watch.found()
    if watch is not None and watch.is_ours:
        watch.tell("warning", text=text)
        return
    try:
        print(f"maxnorm: {text}", file=sys.stderr, flush=True)
    except Exception:  # nobody listens
        pass


def announce(run: "Run") -> None:
    """Says once where the records go, on standard error; under a watcher, to it alone."""
    watch = Watch.found()
    if watch is not None and run.log_path == os.path.abspath(watch.log):
        watch.tell("watching", framework=run.subject.framework, log=run.log_path)
    elif run.log_path not in NOT_FILES:
        run.warn(f"records: {run.log_path}: 'maxnorm attach {run.log_path}' shows the run")
