"""The folder of live runs, where viewers find them: an entry a run."""

from __future__ import annotations

import os
import socket
from datetime import datetime, timezone
from typing import Any, Dict, Optional

from .encoding import encode

__all__ = ["RunEntry", "runs_folder", "timestamp", "process_start"]


def timestamp() -> str:
    """Now, as records say it: ``2026-11-30T09:58:12.402Z``."""
    now = datetime.now(timezone.utc)
    return now.strftime("%Y-%m-%dT%H:%M:%S.") + f"{now.microsecond // 1000:03d}Z"


def runs_folder() -> str:
    """``$MAXNORM_STATE/runs``, else that of the XDG state folder."""
    state = os.environ.get("MAXNORM_STATE")
    if not state:
        home = os.environ.get("XDG_STATE_HOME") or os.path.expanduser("~/.local/state")
        state = os.path.join(home, "maxnorm")
    return os.path.join(state, "runs")


def process_start(pid: int) -> Optional[int]:
    """Field 22 of ``/proc/PID/stat``, which tells a process from a later one of its number."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            # The name, in parentheses, may hold anything.
            return int(file.read().rpartition(b")")[2].split()[19])
    except (OSError, ValueError, IndexError):
        return None


def _boot_id() -> Optional[str]:
    try:
        with open("/proc/sys/kernel/random/boot_id") as file:
            return file.read().strip()
    except OSError:
        return None


class RunEntry:
    """The file ``RUN_ID.json`` of a run in the folder of live runs.

    Raises `OSError` where the folder is not ours to write.
    """

    def __init__(self, run_id: str, name: str, log: str, started: str, framework: str) -> None:
        self._fields: Dict[str, Any] = {
            "run_id": run_id,
            "name": name,
            "log": os.path.abspath(log),
            "host": socket.gethostname(),
            "boot_id": _boot_id(),
            "pid": os.getpid(),
            "process_start": process_start(os.getpid()),
            "started": started,
            "framework": framework,
            "exit_status": None,
        }
        folder = runs_folder()
        os.makedirs(folder, mode=0o700, exist_ok=True)
        self._path = os.path.join(folder, f"{run_id}.json")
        self._write()

    def end(self, exit_status: int) -> None:
        """Tells that the run is over."""
        self._fields["exit_status"] = exit_status
        self._write()

    def _write(self) -> None:
        folder, name = os.path.split(self._path)
        new = os.path.join(folder, f".{name}.new")
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(new, flags, 0o600)
        try:
            os.write(descriptor, (encode(self._fields) + "\n").encode())
        finally:
            os.close(descriptor)
        os.rename(new, self._path)
