"""The file that a run takes commands from: ``LOG.commands``, one JSON object a line.

The rules are those of the manual's article *Watching and steering a run*: the run makes the file and
keeps it open, whoever may write it appends lines, and what is garbage, expired or meant for another
run is refused, never obeyed.
"""

from __future__ import annotations

import json
import math
import os
import re
import stat
import struct
import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Callable, Dict, List, Mapping, NamedTuple, Optional, Union

__all__ = ["Command", "CommandFile", "Refusal", "parse"]

LINE_LIMIT = 65_536
LINES_A_SECOND = 100
KNOWN_IDS = 4_096

_ID = re.compile(r"[A-Za-z0-9._-]{1,128}\Z")
_EXPIRY = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z\Z")

Value = Union[None, bool, float, int]


class Refusal(Exception):
    """A command that is not carried out, and why."""

    def __init__(self, reason: str, id: Optional[str] = None, unchanged: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.id = id
        #: The run is already as the command wants it.
        self.unchanged = unchanged

    def record(self) -> Dict[str, Any]:
        """The record that answers the command."""
        record: Dict[str, Any] = {"type": "refused"}
        if self.id is not None:
            record["id"] = self.id
        record["reason"] = self.reason
        if self.unchanged:
            record["unchanged"] = True
        return record


@dataclass(frozen=True)
class Command:
    """A command that may be carried out between two steps."""

    action: str
    value: Value = None
    layer: Optional[str] = None
    id: Optional[str] = None
    #: Seconds since 1970 from which on it is worth nothing.
    expires: Optional[float] = None

    @property
    def asker(self) -> str:
        """Who asks: what stands before the last full stop of the id."""
        return self.id.rpartition(".")[0] if self.id else ""


class _Range(NamedTuple):
    words: str
    holds: Callable[[float], bool]


_FLAG = "true or false"
_ABOVE_0 = _Range("a number above 0", lambda x: x > 0)
_SHARE = _Range("a number from 0 to below 1", lambda x: 0 <= x < 1)
_NOT_BELOW_0 = _Range("a number of 0 or more", lambda x: x >= 0)
_SEED = "a whole number, 0 to 9223372036854775807"

#: What each action takes: a flag, a range, a seed or nothing.
ACTIONS: Mapping[str, Union[None, str, _Range]] = {
    "constraint": _FLAG,
    "max_norm": _ABOVE_0,
    "learning_rate": _ABOVE_0,
    "momentum": _SHARE,
    "weight_decay": _NOT_BELOW_0,
    "dropout": _SHARE,
    "batch_norm_freeze": _FLAG,
    "twin": _FLAG,
    "fork": None,
    "undo": None,
    "pause": None,
    "resume": None,
    "step": None,
    "pace": _NOT_BELOW_0,
    "checkpoint": None,
    "reset": None,
    "reseed": _SEED,
    "stop": None,
    "watch": None,
}

_KEYS = {"id", "run_id", "action", "layer", "value", "expires"}


def parse(line: bytes, run_id: str) -> Command:
    """The command of a line.

    Raises `Refusal`, with the command's id where that could be read.
    """
    try:
        fields = json.loads(line.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Refusal("expected a JSON object, found other text") from None
    if not isinstance(fields, dict):
        raise Refusal("expected a JSON object, found other JSON")
    id = fields.get("id")
    if id is not None and not (isinstance(id, str) and _ID.match(id)):
        raise Refusal("id: expected 1 to 128 characters from A-Z a-z 0-9 . _ -")
    try:
        return _checked(fields, id, run_id)
    except Refusal as refusal:
        refusal.id = id
        raise


def _no_constant(name: str) -> float:
    raise ValueError(name)


def _checked(fields: Dict[str, Any], id: Optional[str], run_id: str) -> Command:
    action = fields.get("action")
    if not isinstance(action, str) or action not in ACTIONS:
        raise Refusal(f"action: expected one of {', '.join(ACTIONS)}, found {_shown(action)}")
    for key in fields:
        if key not in _KEYS:
            raise Refusal(f"{_shown(key)}: expected no such key")
    if "run_id" in fields and fields["run_id"] != run_id:
        raise Refusal("run_id: the command is for another run")
    expires = None
    if "expires" in fields:
        expires = _time(fields["expires"])
        if expires <= time.time():
            raise Refusal("expires: the command came too late")
    layer = fields.get("layer")
    if layer is not None and (action != "max_norm" or not isinstance(layer, str)):
        raise Refusal("layer: expected a layer's name, with max_norm only")
    return Command(action, _value(action, fields), layer, id, expires)


def _value(action: str, fields: Dict[str, Any]) -> Value:
    expected = ACTIONS[action]
    value = fields.get("value")
    if expected is None:
        if value is not None:
            raise Refusal(f"{action}: expected no value, found {_shown(value)}")
        return None
    words = expected.words if isinstance(expected, _Range) else expected
    refusal = Refusal(f"{action}: expected {words}, found {_shown(value)}")
    if expected is _FLAG:
        if not isinstance(value, bool):
            raise refusal
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise refusal
    if expected is _SEED:
        if not isinstance(value, int) or not 0 <= value < 2**63:
            raise refusal
        return value
    assert isinstance(expected, _Range)
    try:
        number = struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:
        raise refusal from None
    if not math.isfinite(number) or not expected.holds(number):
        raise refusal
    return float(value)


def _shown(value: Any) -> str:
    """A value in an answer, at most 40 characters of it."""
    text = json.dumps(value) if value is not None else "none"
    return text if len(text) <= 40 else text[:39] + "…"


def _time(text: Any) -> float:
    if not isinstance(text, str) or not _EXPIRY.match(text):
        raise Refusal("expires: expected a time as 2026-11-30T10:00:00Z")
    whole, _, fraction = text[:-1].partition(".")
    try:
        moment = datetime.strptime(whole, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=timezone.utc)
    except ValueError:
        raise Refusal("expires: expected a time as 2026-11-30T10:00:00Z") from None
    return moment.timestamp() + (float("0." + fraction) if fraction else 0.0)


class CommandFile:
    """``LOG.commands``: made, kept open, read in whole lines, removed at the end.

    Raises `OSError` where the file cannot be made or is not one that this run may trust; the message
    says why.
    """

    def __init__(self, path: str, run_id: str) -> None:
        self.path = path
        self._run_id = run_id
        self._skips_rest = False
        self._line = b""
        self._is_too_long = False
        self._ids: "OrderedDict[str, None]" = OrderedDict()
        self._second = (0, 0)
        flags = os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
        try:
            self._descriptor = os.open(path, flags | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            self._descriptor = os.open(path, os.O_RDONLY | flags & ~os.O_RDWR)
            problem = _distrust(os.fstat(self._descriptor))
            if problem:
                os.close(self._descriptor)
                raise OSError(0, f"expected a file of commands that only its owner writes, found {problem}") from None
        status = os.fstat(self._descriptor)
        self._identity = (status.st_dev, status.st_ino)
        self._offset = status.st_size
        if self._offset:
            # Where it ends in the middle of a line, the rest of that line is not for us.
            self._skips_rest = os.pread(self._descriptor, 1, self._offset - 1) != b"\n"

    def poll(self) -> List[Union[Command, Refusal]]:
        """The commands of the lines that came since the last call, and refusals of the others."""
        size = os.fstat(self._descriptor).st_size
        if size < self._offset:
            self._offset, self._line, self._is_too_long, self._skips_rest = size, b"", False, False
        found: List[Union[Command, Refusal]] = []
        while size > self._offset:
            data = os.pread(self._descriptor, min(size - self._offset, 1 << 20), self._offset)
            if not data:
                break
            self._offset += len(data)
            self._take(data, found)
        return found

    def _take(self, data: bytes, found: List[Union[Command, Refusal]]) -> None:
        *ended, rest = data.split(b"\n")
        for piece in ended:
            line, self._line = self._line + piece, b""
            too_long = self._is_too_long or len(line) + 1 > LINE_LIMIT
            self._is_too_long = False
            if self._skips_rest:
                self._skips_rest = False
            elif line.strip() or too_long:
                self._judge(line, too_long, found)
        self._line += rest
        if len(self._line) > LINE_LIMIT:
            self._line, self._is_too_long = b"", True

    def _judge(self, line: bytes, too_long: bool, found: List[Union[Command, Refusal]]) -> None:
        now = int(time.monotonic())
        count = self._second[1] + 1 if self._second[0] == now else 1
        self._second = (now, count)
        if count > LINES_A_SECOND:
            if count == LINES_A_SECOND + 1:
                found.append(Refusal(f"more than {LINES_A_SECOND} lines a second: the rest of them is passed over"))
            return
        if too_long:
            found.append(Refusal(f"expected a line of at most {LINE_LIMIT} bytes"))
            return
        try:
            command = parse(line, self._run_id)
        except Refusal as refusal:
            if refusal.id is None or self._is_new(refusal.id):
                found.append(refusal)
            return
        if command.id is None or self._is_new(command.id):
            found.append(command)

    def _is_new(self, id: str) -> bool:
        if id in self._ids:
            return False
        self._ids[id] = None
        if len(self._ids) > KNOWN_IDS:
            self._ids.popitem(last=False)
        return True

    def close(self, remove: bool = True) -> None:
        """Removes the file if it still is the one that was opened."""
        try:
            if remove:
                status = os.stat(self.path, follow_symlinks=False)
                if (status.st_dev, status.st_ino) == self._identity:
                    os.unlink(self.path)
        except OSError:
            pass
        finally:
            os.close(self._descriptor)


def _distrust(status: os.stat_result) -> Optional[str]:
    if not stat.S_ISREG(status.st_mode):
        return "something else"
    if status.st_uid != os.geteuid():
        return "a file of another user"
    if status.st_nlink != 1:
        return "a file of several names"
    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return "a file that others may write"
    return None
