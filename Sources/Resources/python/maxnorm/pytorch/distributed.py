"""Runs of several ranks: one rank tells, all of them obey after the same step."""

from __future__ import annotations

from typing import Any, Optional

__all__ = ["team_of"]


def team_of(every: int) -> Optional[Any]:
    """The ranks of this process's group; None where it is alone."""
    return None
