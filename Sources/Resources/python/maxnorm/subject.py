"""What a framework gives to a run: its layers, its figures, its settings.

One class a framework derives from `Subject`; everything else of a run is the same for all.
"""

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

from .commands import Refusal
from .encoding import Norms
from .layers import AT_CEILING, Ceilings, WeightLayer

__all__ = ["LayerFigures", "Sample", "Subject", "figures_of"]


@dataclass
class LayerFigures:
    """What is known of a layer at a step; counts are since the start of the run."""

    #: Minimum, quartiles and maximum of the units' norms.
    quantiles: Tuple[float, float, float, float, float]
    #: Every unit's norm, in unit order; None where there is a digest instead.
    norms: Optional[Norms]
    #: 33 quantiles and the largest units with their places, of layers of many units.
    digest: Optional[Dict[str, Any]]
    #: Units with a norm of at least r·(1 − 1e-5).
    at_ceiling: int
    #: Units found over r before the projection.
    exceeded: int
    #: Units scaled back to r.
    clipped: int
    #: The sum of r/n over the clipped units.
    shrink: float
    #: The ceiling r when the sample was taken.
    max_norm: Optional[float]

    @property
    def counts(self) -> Tuple[int, int, float]:
        """Units over r, units scaled back and the sum of r/n."""
        return self.exceeded, self.clipped, self.shrink


class Sample(abc.ABC):
    """Figures taken between two steps; taking one never waits for the device."""

    @abc.abstractmethod
    def resolve(self) -> List[LayerFigures]:
        """The figures of all layers, in their order; on the recorder's thread."""


class Subject(abc.ABC):
    """A model in training, seen from a run: every call comes between two optimizer steps."""

    #: As the header's origin names it: ``torch 2.13.0``.
    framework: str = ""
    #: The weight tensors that the constraint may hold, in model order.
    layers: Sequence[WeightLayer] = ()
    ceilings: Ceilings
    #: Whether units over r are scaled back, or only counted.
    enabled: bool = True
    #: Whether all ranks must take a sample together.
    is_collective: bool = False
    #: Why the constraint can act no more; None while it can.
    failure: Optional[str] = None

    def share(self, team: Any) -> None:
        """The ranks of the run are known: before the first step is told."""
        return None

    def header(self) -> Dict[str, Any]:
        """Facts for the header by its keys: ``parameters``, ``weights``, ``tolerance``, ``experiment``."""
        return {}

    def notes(self) -> List[str]:
        """What a user should know of what was found, a sentence each without a full stop."""
        return []

    def learning_rate(self) -> Optional[float]:
        """The rate of the last step."""
        return None

    @abc.abstractmethod
    def sample(self, norms: bool) -> Sample:
        """The figures of all layers; with every unit's norm, or a digest of them, if `norms`."""

    def counters(self) -> Callable[[], List[Tuple[int, int, float]]]:
        """Of each layer units over r, units scaled back and the sum of r/n, since the start.

        What is returned gives them, on the recorder's thread.
        """
        sample = self.sample(norms=False)
        return lambda: [layer.counts for layer in sample.resolve()]

    @abc.abstractmethod
    def ceilings_changed(self, projects: bool) -> None:
        """`enabled` or `ceilings` changed: projects at once if `projects` and the constraint is on."""

    def read(self, setting: str) -> Tuple[Optional[float], Any]:
        """A setting's value (None where there are several) and what `restore` needs to bring it back.

        Raises `Refusal` where this run has no such setting.
        """
        raise Refusal(f"{setting}: this run cannot change it")

    def write(self, setting: str, value: float) -> None:
        """Changes a setting."""
        raise Refusal(f"{setting}: this run cannot change it")

    def restore(self, setting: str, state: Any) -> None:
        """Takes a change back."""
        raise Refusal(f"{setting}: this run cannot change it")

    def save_checkpoint(self) -> str:
        """Writes the run's own checkpoint and returns its path."""
        raise Refusal("checkpoint: this run's own script saves its models")

    def request_stop(self) -> bool:
        """Asks the framework's loop to end; False where it cannot be asked."""
        return False


#: Numbers in a list, or in an array of one dimension of NumPy or PyTorch.
Values = Any

#: Layers of more units than this give a digest of their norms instead of all of them.
DIGEST_UNITS = 4096


def figures_of(
    sorted_norms: Values,
    max_norm: Optional[float],
    exceeded: int,
    clipped: int,
    shrink: float,
    norms: Optional[Norms] = None,
    digest: Optional[Dict[str, Any]] = None,
) -> LayerFigures:
    """Figures from a layer's norms in ascending order."""
    at_ceiling = 0
    if max_norm is not None:
        at_ceiling = len(sorted_norms) - _first_at_least(sorted_norms, max_norm * AT_CEILING)
    quantiles = tuple(quantile(sorted_norms, share) for share in (0.0, 0.25, 0.5, 0.75, 1.0))
    return LayerFigures(quantiles, norms, digest, at_ceiling, exceeded, clipped, shrink, max_norm)  # type: ignore[arg-type]


def digest_of(sorted_norms: Values, largest: Sequence[Tuple[int, float]]) -> Dict[str, Any]:
    """33 quantiles and the places and norms of the largest units."""
    return {
        "units": len(sorted_norms),
        "quantiles": Norms(quantile(sorted_norms, index / 32) for index in range(33)),
        "largest": [[place, Rounded(norm)] for place, norm in largest],
    }


class Rounded(float):
    """A float32 value that is written with the digits it has."""

    def __repr__(self) -> str:
        return "%.8g" % self


def quantile(sorted_values: Values, share: float) -> float:
    """The value below which a share lies, interpolated linearly as NumPy does; NaN where there is none."""
    if not len(sorted_values):
        return float("nan")
    position = share * (len(sorted_values) - 1)
    low = int(position)
    fraction = position - low
    value = float(sorted_values[low])
    if fraction:
        value += fraction * (float(sorted_values[low + 1]) - value)
    return Rounded(value)


def _first_at_least(sorted_values: Values, limit: float) -> int:
    low, high = 0, len(sorted_values)
    while low < high:
        middle = (low + high) // 2
        value = float(sorted_values[middle])
        # NaN, which sorts last, is no norm at a ceiling, but it is the end that is counted from.
        if value >= limit or value != value:
            high = middle
        else:
            low = middle + 1
    return low
