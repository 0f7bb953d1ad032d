"""Losses of the steps since the last record, without waiting for a device."""

from __future__ import annotations

import math
from typing import Any, Callable, List, Optional

__all__ = ["Losses", "LossFigures", "number_of"]


def number_of(value: Any) -> float:
    """A number, or the value of a tensor of one element; waits for its device."""
    item = getattr(value, "item", None)
    return float(item() if item is not None else value)


class LossFigures:
    """Count, sum, minimum and maximum of losses, some of them perhaps still on a device."""

    def __init__(self) -> None:
        self.count = 0
        self.sum = 0.0
        self.minimum = math.inf
        self.maximum = -math.inf
        #: Give losses when called, on the recorder's thread.
        self.waiting: List[Callable[[], List[float]]] = []

    def add(self, value: float) -> None:
        self.count += 1
        self.sum += value
        # NaN is no minimum or maximum to a comparison; a record must show it.
        if value < self.minimum or value != value:
            self.minimum = value
        if value > self.maximum or value != value:
            self.maximum = value

    def merge(self, later: "LossFigures") -> None:
        """Adds those of later steps."""
        self.count += later.count
        self.sum += later.sum
        if later.count:
            nan = math.isnan(self.sum)
            self.minimum = math.nan if nan else min(self.minimum, later.minimum)
            self.maximum = math.nan if nan else max(self.maximum, later.maximum)
        self.waiting += later.waiting

    def resolve(self) -> "LossFigures":
        """With all losses there; on the recorder's thread."""
        for fetch in self.waiting:
            for value in fetch():
                self.add(value)
        self.waiting = []
        return self


class Losses:
    """Takes the loss of each step."""

    #: Tensors that wait on a device before they are brought together.
    most_waiting = 256

    def __init__(self) -> None:
        self._figures = LossFigures()
        self._tensors: List[Any] = []
        self._last: Optional[float] = None
        #: Whether a loss may still be on its way, so that reading it would wait.
        self.waits: Callable[[Any], bool] = lambda value: False
        #: Starts to bring such losses to the host; what it returns gives them, on the recorder's thread.
        self.fetch: Callable[[List[Any]], Callable[[], List[float]]] = lambda values: (
            lambda: [number_of(value) for value in values]
        )

    def add(self, value: Any) -> None:
        """Adds a number, or a tensor of one element."""
        if self.waits(value):
            self._tensors.append(value)
            if len(self._tensors) >= self.most_waiting:
                self._send()
            return
        self._last = number = number_of(value)
        self._figures.add(number)

    @property
    def diverged(self) -> bool:
        """Whether the last loss was not finite."""
        return self._last is not None and not math.isfinite(self._last)

    def take(self) -> LossFigures:
        """What came since the last call."""
        self._send()
        taken, self._figures = self._figures, LossFigures()
        return taken

    def _send(self) -> None:
        if self._tensors:
            self._figures.waiting.append(self.fetch(self._tensors))
            self._tensors = []
