"""What the constraint holds: weight tensors, their units and ceilings, the same for all frameworks."""

from __future__ import annotations

import fnmatch
import math
from dataclasses import dataclass
from typing import Any, Dict, Mapping, Optional, Sequence, Tuple, Union

__all__ = ["Ceilings", "WeightLayer", "TOLERANCES", "AT_CEILING", "tolerance_of"]

#: How far the norm of a unit may lie over its ceiling, relatively, without being touched. Float32
#: projects no closer than 1e-6; of 16-bit formats it is half a unit in the last place of the
#: significand, because with less half of all units are clipped at every step for ever.
TOLERANCES: Mapping[str, float] = {
    "float64": 1e-6,
    "float32": 1e-6,
    "bfloat16": 2.0**-8,
    "float16": 2.0**-11,
}

#: A unit counts as at its ceiling r from r times this on.
AT_CEILING = 1 - 1e-5


def tolerance_of(dtype: str) -> float:
    """The tolerance of weights stored as `dtype` (``float32``, ``bfloat16``, …)."""
    return TOLERANCES.get(dtype, 1e-6)


@dataclass(frozen=True)
class WeightLayer:
    """A weight tensor whose units the constraint may hold, as a record's header describes it."""

    #: The layer's name where it has one weight tensor, else layer and tensor: ``lstm.weight_ih_l0``.
    name: str
    #: The kind of layer: ``linear``, ``conv2d``, ``lstm``.
    kind: str
    #: The tensor's name within the layer: ``weight``.
    tensor: str
    #: As the framework stores it.
    shape: Tuple[int, ...]
    #: The number of unit vectors.
    units: int
    #: ``incoming``, ``outgoing`` or ``tensor``.
    axis: str = "incoming"

    def described(self, max_norm: Optional[float]) -> Dict[str, Any]:
        """The entry of a header's `layers`."""
        return {
            "name": self.name,
            "kind": self.kind,
            "tensor": self.tensor,
            "shape": list(self.shape),
            "units": self.units,
            "axis": self.axis,
            "max_norm": max_norm,
        }


MaxNorm = Union[None, float, Mapping[str, Optional[float]]]


class Ceilings:
    """The ceiling r of each layer: one for all, and those that layers have of their own.

    `max_norm` is r for every layer, None to observe only, or a mapping of name patterns (as of a
    shell: ``*`` and ``?``) to r or None. The first pattern that fits a layer holds; ``"*"`` gives the
    global r, which the keys ``+`` and ``-`` change.
    """

    def __init__(self, max_norm: MaxNorm, names: Sequence[str]) -> None:
        self.names = list(names)
        #: The ceilings of layers that have one of their own; None: the layer is free.
        self.own: Dict[str, Optional[float]] = {}
        #: The r of all others.
        self.shared: Optional[float] = None
        self._patterns: Dict[str, Optional[float]] = {}
        if isinstance(max_norm, Mapping):
            self._patterns = {str(key): _checked(value, str(key)) for key, value in max_norm.items()}
            self.shared = self._patterns.pop("*", None)
            for pattern, ceiling in self._patterns.items():
                fitting = fnmatch.filter(self.names, pattern)
                if not fitting:
                    shown = ", ".join(self.names[:8]) + (", …" if len(self.names) > 8 else "")
                    raise ValueError(
                        f"maxnorm: max_norm: {pattern!r}: expected a pattern that fits a layer, found none "
                        f"among {shown or 'no layers'}: try '*' or a layer's name"
                    )
                for name in fitting:
                    self.own.setdefault(name, ceiling)
        else:
            self.shared = _checked(max_norm, "max_norm")

    def of(self, name: str) -> Optional[float]:
        """The ceiling of a layer; None where none applies."""
        return self.own.get(name, self.shared)

    def matching(self, name: str) -> Optional[float]:
        """The ceiling of a layer that is not among the names."""
        for pattern, ceiling in self._patterns.items():
            if fnmatch.fnmatch(name, pattern):
                return ceiling
        return self.shared

    @property
    def all(self) -> Sequence[Optional[float]]:
        """The ceilings of all layers, in their order."""
        return [self.of(name) for name in self.names]


def _checked(value: Any, where: str) -> Optional[float]:
    if value is None:
        return None
    number = float(value)
    if not (math.isfinite(number) and number > 0):
        raise ValueError(f"maxnorm: max_norm: {where}: expected a finite number above 0, found {value!r}")
    return number
