"""The projection in whole-array operations, for frameworks that compile a step: Keras, JAX, MLX.

Nothing here imports a framework: `xp` is its module of operations with NumPy's names (`keras.ops`,
`jax.numpy`, `mlx.core`). Squares are added in a tree of sums of at most 16 terms, so that a norm's
relative error stays under 2e-7 in float32, which is all that JAX and MLX have on most devices.
"""

from __future__ import annotations

import math
from typing import Any, Callable, List, NamedTuple, Optional, Sequence, Tuple

from .encoding import Norms
from .layers import WeightLayer
from .subject import DIGEST_UNITS, LayerFigures, Sample, digest_of, figures_of

__all__ = ["ArraySample", "Projected", "Totals", "project", "squared_norms", "units_of"]

#: Terms of a sum in float32.
_TERMS = 16

#: Units of a digest that are named.
_LARGEST = 8


class Projected(NamedTuple):
    """A tensor after the projection, and what was found; all of them arrays."""

    weight: Any
    #: Units over r, units scaled back: int32. The sum of 1 − r/n over those: float32.
    exceeded: Any
    clipped: Any
    lost: Any


def squared_norms(xp: Any, weight: Any, axes: Sequence[int]) -> Any:
    """The squared norms over `axes`, which stay as dimensions of 1; float32."""
    sums = xp.square(weight)
    for axis in axes:
        sums = _tree_sum(xp, sums, axis)
    return sums


def _tree_sum(xp: Any, values: Any, axis: int) -> Any:
    count = values.shape[axis]
    if count <= _TERMS:
        return xp.sum(values, axis=axis, keepdims=True)
    before, after = tuple(values.shape[:axis]), tuple(values.shape[axis + 1 :])
    whole = count // _TERMS * _TERMS
    start = (slice(None),) * axis

    split = xp.reshape(values[start + (slice(0, whole),)], (*before, whole // _TERMS, _TERMS, *after))
    sums = xp.sum(split, axis=axis + 1)
    if whole != count:
        rest = xp.sum(values[start + (slice(whole, count),)], axis=axis, keepdims=True)
        sums = xp.concatenate([sums, rest], axis=axis)
    return _tree_sum(xp, sums, axis)


def project(
    xp: Any,
    weight: Any,
    axes: Sequence[int],
    ceiling: Any,
    switch: Any,
    tolerance: float,
    to_float32: Any,
    to_int32: Any,
    like_weight: Any,
) -> Projected:
    """Scales the units over `ceiling` (an array; infinite for none) back to it where `switch` is above 0.

    All others stay bit for bit. The last three arguments convert arrays, as the framework has it.
    """
    values = to_float32(weight)
    norms = xp.sqrt(squared_norms(xp, values, axes))
    over = xp.logical_and(norms > ceiling * (1 + tolerance), xp.isfinite(norms))
    acts = xp.logical_and(over, switch > 0)
    # Where nothing is over, r may be infinite and a norm 0.
    factors = xp.where(acts, ceiling / xp.where(acts, norms, xp.ones_like(norms)), xp.ones_like(norms))
    scaled = xp.where(acts, values * factors, values)
    return Projected(like_weight(scaled), xp.sum(to_int32(over)), xp.sum(to_int32(acts)), xp.sum(1 - factors))


class Totals:
    """Counts since the start, from counters of 32 bits that may run over."""

    def __init__(self, count: int) -> None:
        self._last = [(0, 0)] * count
        self._exceeded, self._clipped = [0] * count, [0] * count

    def update(self, counters: Sequence[Tuple[int, int, float]]) -> List[Tuple[int, int, float]]:
        """Units over r, units scaled back and the sum of r/n of each tensor, in the order of samples."""
        totals = []
        for index, (exceeded, clipped, lost) in enumerate(counters):
            before = self._last[index]
            self._exceeded[index] += _difference(exceeded, before[0])
            self._clipped[index] += _difference(clipped, before[1])
            self._last[index] = (exceeded, clipped)
            totals.append((self._exceeded[index], self._clipped[index], self._clipped[index] - lost))
        return totals


def _difference(now: int, before: int) -> int:
    return (now - before + 2**31) % 2**32 - 2**31


def units_of(shape: Sequence[int], axes: Sequence[int]) -> int:
    """The number of units of a tensor whose units lie along `axes`."""
    return math.prod(size for axis, size in enumerate(shape) if axis not in axes)


class ArraySample(Sample):
    """Weights that NumPy can read, and counters; norms are worked out in float64 on the recorder's thread."""

    def __init__(
        self,
        layers: Sequence[WeightLayer],
        axes: Sequence[Tuple[int, ...]],
        weights: Sequence[Any],
        counters: Callable[[], Sequence[Tuple[int, int, float]]],
        totals: Totals,
        ceilings: Sequence[Optional[float]],
        norms: bool,
    ) -> None:
        self._layers, self._axes, self._weights = layers, axes, weights
        self._counters, self._totals = counters, totals
        self._ceilings, self._norms = ceilings, norms
        self._resolved: Optional[List[LayerFigures]] = None

    def resolve(self) -> List[LayerFigures]:
        if self._resolved is None:
            counts = self._totals.update(self._counters())
            self._resolved = [self._layer(index, *counts[index]) for index in range(len(self._layers))]
            self._weights = []
        return self._resolved

    def _layer(self, index: int, exceeded: int, clipped: int, shrink: float) -> LayerFigures:
        import numpy

        values = numpy.asarray(self._weights[index], dtype=numpy.float32)
        squares = numpy.square(values, dtype=numpy.float64)
        norms = numpy.sqrt(squares.sum(axis=self._axes[index])).reshape(-1)
        ascending = numpy.sort(norms)
        every, digest = None, None
        if self._norms and norms.size <= DIGEST_UNITS:
            every = Norms(norms.tolist())
        elif self._norms:
            largest = numpy.argsort(norms)[: -_LARGEST - 1 : -1]
            digest = digest_of(ascending, [(int(place), float(norms[place])) for place in largest])
        return figures_of(ascending, self._ceilings[index], exceeded, clipped, shrink, every, digest)
