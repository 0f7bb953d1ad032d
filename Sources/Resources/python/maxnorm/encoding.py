"""Records as lines of JSON: keys in the order given, numbers short, nothing a terminal obeys.

A number that is not finite is the string ``"NaN"``, ``"Infinity"`` or ``"-Infinity"``, as in the logs
of the program itself.
"""

from __future__ import annotations

import json
import math
import time
from typing import Any, List, Sequence

__all__ = ["encode", "Norms"]

#: Values of a list that are written at a time: the interpreter's lock is let go in between, so that a
#: training thread waits for less than 0.1 ms.
_CHUNK = 256


class Norms(List[float]):
    """Float32 values, each written with 8 significant digits: within 5e-8 of the value."""


def encode(record: Any) -> str:
    """The text of a record, without the line feed."""
    parts: List[str] = []
    _append(record, parts)
    return "".join(parts)


def _number(value: float) -> str:
    if math.isfinite(value):
        text = repr(value)
        return text[:-2] if text.endswith(".0") else text
    return '"NaN"' if value != value else '"Infinity"' if value > 0 else '"-Infinity"'


def _append(value: Any, parts: List[str]) -> None:
    if value is None:
        parts.append("null")
    elif value is True or value is False:
        parts.append("true" if value else "false")
    elif isinstance(value, str):
        # All but ASCII is escaped: no control character and no change of direction reaches a terminal.
        parts.append(json.dumps(value).replace("\x7f", "\\u007f"))
    elif isinstance(value, int):
        parts.append(str(int(value)))
    elif isinstance(value, float):
        parts.append(_number(value))
    elif isinstance(value, Norms):
        _append_norms(value, parts)
    elif isinstance(value, dict):
        opening = "{"
        for key, entry in value.items():
            parts.append(opening + json.dumps(str(key)) + ":")
            _append(entry, parts)
            opening = ","
        parts.append("}" if value else "{}")
    elif isinstance(value, (list, tuple)):
        opening = "["
        for entry in value:
            parts.append(opening)
            _append(entry, parts)
            opening = ","
        parts.append("]" if value else "[]")
    else:
        parts.append(json.dumps(str(value)))


def _append_norms(values: Sequence[float], parts: List[str]) -> None:
    parts.append("[")
    for start in range(0, len(values), _CHUNK):
        chunk = values[start : start + _CHUNK]
        if start:
            parts.append(",")
            time.sleep(0)
        text = ",".join(map("%.8g".__mod__, chunk))
        if "n" in text:  # nan, inf
            text = ",".join(_number(value) if not math.isfinite(value) else "%.8g" % value for value in chunk)
        parts.append(text)
    parts.append("]")
