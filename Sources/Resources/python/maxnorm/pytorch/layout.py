"""Where the units of a weight tensor lie, and their norms, exact enough to be held against a ceiling.

Float32 sums of at most 256 squares, which the framework adds pairwise or in several lanes, move to
float64: the relative error of a norm stays under 2e-7. A single float32 accumulator drifts by 1e-6 and more at
4,096 terms, and clips the same unit again and again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Sequence, Tuple

import torch
from torch import Tensor

__all__ = ["UnitLayout", "layout_of"]

#: Squares that are added in float32.
PARTIAL = 256


@dataclass(frozen=True)
class UnitLayout:
    """A tensor seen as `[blocks, rows, units, width]`: a unit is its values in one block, at one place.

    The incoming weights of a linear layer `[out, in]` are `[out, 1, 1, in]`, the output channels of a
    transposed convolution `[in, out, kh, kw]` are `[1, in, out, kh·kw]`.
    """

    blocks: int
    rows: int
    units: int
    width: int

    @property
    def count(self) -> int:
        """The number of units."""
        return self.blocks * self.units

    @property
    def shape(self) -> Tuple[int, int, int, int]:
        return (self.blocks, self.rows, self.units, self.width)

    def squared_norms(self, weight: Tensor) -> Tensor:
        """The squared norm of each unit, `[count]`, float64 (float32 on devices without it)."""
        wide = torch.float32 if weight.device.type == "mps" else torch.float64
        if weight.dtype == torch.float64:
            return weight.reshape(self.shape).square().sum(dim=(1, 3)).reshape(-1)
        if self.rows == 1 and self.units == 1:
            return self._of_rows(weight.reshape(self.blocks, self.width), wide)
        return self._of_columns(weight.reshape(self.shape), wide)

    def _of_rows(self, matrix: Tensor, wide: torch.dtype) -> Tensor:
        # A norm is read in vectors, unlike a sum of squares.
        if self.width <= PARTIAL:
            return _norms(matrix, 1).to(wide).square_()
        whole = self.width // PARTIAL * PARTIAL
        parts = _norms(matrix[:, :whole].unflatten(1, (-1, PARTIAL)), 2)
        total = parts.to(wide).square_().sum(dim=1)
        if whole != self.width:
            total += _norms(matrix[:, whole:], 1).to(wide).square_()
        return total

    def _of_columns(self, box: Tensor, wide: torch.dtype) -> Tensor:
        squares = box.to(torch.float32).square()
        whole = self.rows // PARTIAL * PARTIAL
        parts = squares[:, :whole].unflatten(1, (-1, PARTIAL)).sum(dim=2)
        total = parts.to(wide).sum(dim=1)
        total += squares[:, whole:].sum(dim=1).to(wide)
        return total.sum(dim=2).reshape(-1)

    def scale(self, weight: Tensor, factors: Tensor) -> None:
        """Scales each unit by its factor `[count]`, in place; a factor of 1 leaves it bit for bit."""
        shaped = factors.to(torch.float64 if weight.dtype == torch.float64 else torch.float32).reshape(
            self.blocks, 1, self.units, 1
        )
        if weight.dtype in (torch.float64, torch.float32) and weight.is_contiguous():
            weight.view(self.shape).mul_(shaped)
        else:
            # A factor rounded to 16 bits would not lead to r, and a flattened copy would be scaled
            # instead of the tensor.
            scaled = weight.reshape(self.shape).to(shaped.dtype) * shaped
            weight.copy_(scaled.to(weight.dtype).reshape(weight.shape))


def _norms(values: Tensor, dim: int) -> Tensor:
    return torch.linalg.vector_norm(values, dim=dim, dtype=torch.float32)


def layout_of(shape: Sequence[int], axis: str, output_dim: int = 0, groups: int = 1) -> UnitLayout:
    """The units of a tensor of this shape.

    `axis` is ``incoming`` (one unit for each output), ``outgoing`` (norms over dimension 0 of the stored
    tensor, as ``param.norm(2, dim=0)`` has them) or ``tensor``. `output_dim` is the dimension of the
    outputs: 0, or 1 in transposed convolutions `[in, out / groups, …]` and GPT-2's `[in, out]`.
    """
    numel = math.prod(shape)
    if axis == "tensor":
        return UnitLayout(1, 1, 1, numel)
    if axis == "outgoing":
        return UnitLayout(1, shape[0], numel // max(shape[0], 1), 1)
    if output_dim == 0:
        return UnitLayout(shape[0], 1, 1, numel // max(shape[0], 1))
    return UnitLayout(groups, shape[0] // groups, shape[1], math.prod(shape[2:]))
