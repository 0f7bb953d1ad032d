"""Records that are worked out on the recorder's thread, and what is known there from one to the next."""

from __future__ import annotations

import os
import stat
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

from .encoding import encode
from .layers import WeightLayer
from .losses import LossFigures, number_of
from .subject import LayerFigures, Rounded, Sample

__all__ = ["Tracker", "PendingStep", "PendingNorms", "PendingEvaluation", "PendingEvent"]

_EVALUATED = ("train_loss", "train_accuracy", "validation_loss", "validation_accuracy")
#: What frameworks call them.
_OTHER_NAMES = {
    "val_loss": "validation_loss",
    "val_accuracy": "validation_accuracy",
    "val_acc": "validation_accuracy",
    "train_acc": "train_accuracy",
}


class Tracker:
    """Counts at the last record, from which the next one's are the difference."""

    def __init__(self, layers: Sequence[WeightLayer]) -> None:
        self.names = [layer.name for layer in layers]
        self._exceeded = [0] * len(self.names)
        self._clipped = [0] * len(self.names)
        self._shrink = [0.0] * len(self.names)
        #: Of the last step record, in seconds without pauses.
        self.elapsed = 0.0
        #: Added to the counts of this process: those of the run that it goes on from.
        self._earlier: Dict[str, int] = {}
        self._told: Dict[str, Dict[str, Any]] = {}
        self._evaluation: Dict[str, Any] = {}

    def go_on_from(self, totals: Mapping[str, int]) -> None:
        self._earlier = dict(totals)

    def totals(self, clipped: Optional[Sequence[int]] = None) -> Dict[str, int]:
        """Units clipped since the start, by layer: those at the last record, or of these counts."""
        counts = self._clipped if clipped is None else clipped
        return {name: count + self._earlier.get(name, 0) for name, count in zip(self.names, counts)}

    def take(self, counts: Sequence[Tuple[int, int, float]]) -> None:
        """These are the counts that the next record's are told from."""
        for index, (exceeded, clipped, shrink) in enumerate(counts):
            self._exceeded[index], self._clipped[index], self._shrink[index] = exceeded, clipped, shrink

    def clipped_now(self, sample: Sample) -> int:
        """Units that were clipped since the last record: what an event did."""
        figures = sample.resolve()
        clipped = sum(layer.clipped for layer in figures) - sum(self._clipped)
        self.take([layer.counts for layer in figures])
        return clipped

    def entries(self, figures: Sequence[LayerFigures]) -> List[Dict[str, Any]]:
        """The layers of a step record: those that changed since they were told last."""
        found: List[Dict[str, Any]] = []
        for index, (name, layer) in enumerate(zip(self.names, figures)):
            minimum, p25, median, p75, maximum = layer.quantiles
            clipped = layer.clipped - self._clipped[index]
            entry: Dict[str, Any] = {
                "name": name,
                "max_norm": layer.max_norm,
                "norm_min": minimum,
                "norm_p25": p25,
                "norm_median": median,
                "norm_p75": p75,
                "norm_max": maximum,
                "at_ceiling": layer.at_ceiling,
                "exceeded": layer.exceeded - self._exceeded[index],
                "clipped": clipped,
                "clipped_total": layer.clipped + self._earlier.get(name, 0),
                "shrink_mean": Rounded((layer.shrink - self._shrink[index]) / clipped) if clipped else 1,
            }
            if not entry["exceeded"] and self._told.get(name) == entry:
                continue
            self._told[name] = entry
            found.append(entry)
        self.take([layer.counts for layer in figures])
        return found

    def evaluated(self, record: Mapping[str, Any]) -> None:
        self._evaluation = {key: record[key] for key in ("validation_loss", "validation_accuracy") if key in record}

    def last_figures(self) -> Dict[str, Any]:
        """Those of the last evaluation, for the end record."""
        return self._evaluation


class PendingStep:
    """A step record."""

    optional = False

    def __init__(
        self,
        tracker: Tracker,
        *,
        step: int,
        epoch: Optional[int],
        steps: int,
        losses: LossFigures,
        learning_rate: Optional[float],
        enabled: bool,
        max_norm: Optional[float],
        has_ceiling: bool,
        sample: Optional[Sample],
        counters: Optional[Callable[[], List[Tuple[int, int, float]]]],
        batch: Optional[int],
        elapsed: float,
    ) -> None:
        self._tracker = tracker
        self.step, self.epoch, self.steps, self.losses = step, epoch, steps, losses
        self.learning_rate, self.enabled, self.max_norm = learning_rate, enabled, max_norm
        self.has_ceiling, self.batch, self.elapsed = has_ceiling, batch, elapsed
        #: The layers' figures, or their counts alone, so that the next record's are of its own steps.
        self.sample, self.counters = sample, counters

    def merged(self, later: Any) -> Optional["PendingStep"]:
        if not isinstance(later, PendingStep):
            return None
        later.steps += self.steps
        self.losses.merge(later.losses)
        later.losses = self.losses
        return later

    def resolve(self) -> Dict[str, Any]:
        losses = self.losses.resolve()
        record: Dict[str, Any] = {"type": "step", "step": self.step}
        if self.epoch is not None:
            record["epoch"] = self.epoch
        record["steps"] = self.steps
        if losses.count:
            record["loss"] = Rounded(losses.sum / losses.count)
            record["loss_min"], record["loss_max"] = Rounded(losses.minimum), Rounded(losses.maximum)
        if self.learning_rate is not None:
            record["learning_rate"] = Rounded(self.learning_rate)
        if self.has_ceiling:
            record["constraint"] = {"enabled": self.enabled, "max_norm": self.max_norm}
        layers: List[Dict[str, Any]] = []
        if self.sample is not None:
            layers = self._tracker.entries(self.sample.resolve())
        elif self.counters is not None:
            self._tracker.take(self.counters())
        record["layers"] = layers
        if self.batch and self.steps:
            seconds = self.elapsed - self._tracker.elapsed
            if seconds > 0:
                record["examples_per_second"] = round(self.batch * self.steps / seconds, 1)
        self._tracker.elapsed = self.elapsed
        record["elapsed"] = round(self.elapsed, 6)
        return record


class PendingNorms:
    """Every unit's norm, into the log or, for a viewer, into the file beside it."""

    optional = True

    def __init__(self, tracker: Tracker, step: int, sample: Sample, path: Optional[str]) -> None:
        self._tracker, self.step, self.sample, self.path = tracker, step, sample, path

    def merged(self, later: Any) -> None:
        return None

    def resolve(self) -> Optional[Dict[str, Any]]:
        record: Dict[str, Any] = {"type": "norms", "step": self.step, "layers": {}}
        digests: Dict[str, Any] = {}
        for name, layer in zip(self._tracker.names, self.sample.resolve()):
            if layer.norms is not None:
                record["layers"][name] = layer.norms
            elif layer.digest is not None:
                digests[name] = layer.digest
        if digests:
            record["digests"] = digests
        if self.path is None:
            return record
        _replace(self.path, encode(record) + "\n")
        return None


class PendingEvaluation:
    """Figures of an evaluation, which may be tensors."""

    optional = False

    def __init__(self, tracker: Tracker, step: int, epoch: Optional[int], figures: Mapping[str, Any]) -> None:
        self._tracker, self.step, self.epoch, self.figures = tracker, step, epoch, dict(figures)

    def merged(self, later: Any) -> None:
        return None

    def resolve(self) -> Dict[str, Any]:
        record: Dict[str, Any] = {"type": "evaluation", "step": self.step}
        if self.epoch is not None:
            record["epoch"] = self.epoch
        values = {_OTHER_NAMES.get(name, name): Rounded(number_of(value)) for name, value in self.figures.items()}
        for name in _EVALUATED:
            if name in values:
                record[name] = values.pop(name)
        record["metrics"] = values
        self._tracker.evaluated(record)
        return record


class PendingEvent:
    """An event or an end, with figures that are known when what came before is written."""

    optional = False

    def __init__(self, make: Callable[[], Optional[Dict[str, Any]]]) -> None:
        self._make = make

    def merged(self, later: Any) -> None:
        return None

    def resolve(self) -> Optional[Dict[str, Any]]:
        return self._make()


def _replace(path: str, text: str) -> None:
    """Writes a file anew and puts it in place of the former; what is no regular file of ours stays."""
    try:
        status = os.stat(path, follow_symlinks=False)
        if not stat.S_ISREG(status.st_mode) or status.st_uid != os.geteuid():
            return
    except FileNotFoundError:
        pass
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(path + ".new", flags, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    os.rename(path + ".new", path)
