"""The projection of a list of weight tensors in PyTorch's own operations, on any device.

All units of all tensors lie in one flat vector of norms, so that comparing, counting and the factors
take a handful of operations however many tensors there are. Nothing waits for the device: counts stay
there until a sample fetches them.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Callable, List, Optional, Sequence

import torch
import torch.distributed as dist
from torch import Tensor

from .survey import WeightTensor
from .transfer import to_host

__all__ = ["Counts", "Figures", "Projection", "Snapshot"]


@dataclass
class Figures:
    """Counts since the start and squared norms of the tensors, on the host."""

    exceeded: List[float]
    clipped: List[float]
    shrink: List[float]
    #: The squared norm of each unit, one tensor each.
    squared: List[Tensor]


#: Gives the figures when they are there, on the recorder's thread.
Snapshot = Callable[[], Figures]


class Counts:
    """Sums since the start, on the device: `[tensors]` each."""

    def __init__(self, count: int, device: torch.device) -> None:
        wide = torch.float32 if device.type == "mps" else torch.float64
        #: Units over r, units scaled back, and the sum of r/n over those.
        self.exceeded = torch.zeros(count, dtype=wide, device=device)
        self.clipped = torch.zeros(count, dtype=wide, device=device)
        self.shrink = torch.zeros(count, dtype=wide, device=device)


class Projection:
    """Weight tensors on one device under their ceilings."""

    def __init__(self, tensors: Sequence[WeightTensor], tolerances: Sequence[float]) -> None:
        self.tensors = list(tensors)
        self._tolerances = list(tolerances)
        self.device = tensors[0].parameter.device
        self.counts = Counts(len(self.tensors), self.device)
        self.wide = self.counts.exceeded.dtype
        self._sizes = [tensor.layout.count for tensor in self.tensors]
        self.places = [0]
        for size in self._sizes:
            self.places.append(self.places[-1] + size)
        #: The squared norm of each unit after the last projection, of tensors that are held.
        self.squared = torch.zeros(self.places[-1], dtype=self.wide, device=self.device)
        #: The same as the last step left it, those that are held one after the other.
        self._latest: Optional[Tensor] = None
        self._ceilings: List[Optional[float]] = [None] * len(self.tensors)
        self._held: List[int] = []

    def set_ceilings(self, ceilings: Sequence[Optional[float]]) -> None:
        """The ceiling of each tensor, None for none."""
        self._ceilings = list(ceilings)
        self.refresh()

    def refresh(self) -> None:
        """Looks again which tensors train: frozen ones are left as they are."""
        self._keep()
        self._held = [
            index
            for index, ceiling in enumerate(self._ceilings)
            if ceiling is not None and self.tensors[index].parameter.requires_grad
        ]
        held = set(self._held)
        #: Tensors that no step measures.
        self._free = [index for index in range(len(self.tensors)) if index not in held]
        sizes = torch.tensor([self._sizes[index] for index in self._held], dtype=torch.int64)

        def spread(values: List[float]) -> Tensor:
            return torch.repeat_interleave(torch.tensor(values, dtype=self.wide), sizes).to(self.device)

        ceilings = [as_float32(self._ceilings[index]) for index in self._held]
        self._r = spread(ceilings)
        self._limits = spread([(r * (1 + self._tolerances[index])) ** 2 for r, index in zip(ceilings, self._held)])
        shards = [self.tensors[index].shard for index in self._held]
        self._spans = any(shard is not None and shard.spans for shard in shards)
        self._latest = None
        places = torch.arange(len(self._held))
        self._owner = torch.repeat_interleave(places, sizes).to(self.device)
        self._index = torch.tensor(self._held, dtype=torch.int64, device=self.device)

    def look_for_frozen(self) -> None:
        """Looks again which tensors train, where that has changed."""
        held = [
            index
            for index, ceiling in enumerate(self._ceilings)
            if ceiling is not None and self.tensors[index].parameter.requires_grad
        ]
        if held != self._held:
            self.refresh()

    def squared_norms(self, index: int) -> Tensor:
        """The squared norms of a tensor's units as it stands, on its device."""
        tensor = self.tensors[index]
        return tensor.layout.squared_norms(tensor.values())

    def counters(self) -> Callable[[], Sequence[Sequence[float]]]:
        """Units over r, units scaled back and the sum of r/n of the tensors, a list each."""
        counts = self.counts
        fetch = to_host([counts.exceeded, counts.clipped, counts.shrink])
        return lambda: [values.tolist() for values in fetch()]

    def snapshot(self) -> Snapshot:
        """The figures as they are now; what is on a device is on its way."""
        self._keep()
        free = self._free
        on_host = self.device.type == "cpu"
        # On the host the norms of tensors that no step measures are the recorder's thread's work.
        aliases = {index: self.tensors[index].values() for index in free}
        measured = [] if on_host else [self.tensors[index].layout.squared_norms(aliases[index]) for index in free]
        fetch = to_host([self.counts.exceeded, self.counts.clipped, self.counts.shrink, self.squared, *measured])

        def resolve() -> Figures:
            exceeded, clipped, shrink, squared, *others = fetch()
            pieces = list(squared.split(self._sizes))
            for place, index in enumerate(free):
                pieces[index] = others[place] if others else (self.tensors[index].layout.squared_norms(aliases[index]))
            return Figures(exceeded.tolist(), clipped.tolist(), shrink.tolist(), pieces)

        return resolve

    def _keep(self) -> None:
        """Brings the norms of the last step to their places."""
        if self._latest is None:
            return
        if len(self._held) == len(self.tensors):
            self.squared = self._latest
            return
        start = 0
        for index in self._held:
            end = start + self._sizes[index]
            self.squared[self.places[index] : self.places[index + 1]] = self._latest[start:end]
            start = end

    @torch.no_grad()
    def project(self, projects: bool, counts: bool = True) -> None:
        """Counts the units over their ceilings and, if `projects`, scales them back.

        With `counts` false those that are scaled count as clipped, but not as exceeded by a step.
        """
        if not self._held:
            return
        parts = [self.squared_norms(index) for index in self._held]
        squared = torch.cat(parts) if len(parts) > 1 else parts[0]
        if self._spans:
            squared = self._with_other_ranks(squared)
        over = squared > self._limits
        on_host = self.device.type == "cpu"
        if not on_host or bool(over.any()):
            if on_host:
                squared = self._complete(squared)
            over = (squared > self._limits) & torch.isfinite(squared)
            marks = over.to(self.wide)
            found = torch.zeros(len(self._held), dtype=self.wide, device=self.device)
            found.index_add_(0, self._owner, marks)
            if counts:
                self.counts.exceeded.index_add_(0, self._index, found)
            if projects:
                factors = torch.where(over, self._r / squared.sqrt(), 1.0)
                shrink = torch.zeros_like(found).index_add_(0, self._owner, factors * marks)
                self.counts.clipped.index_add_(0, self._index, found)
                self.counts.shrink.index_add_(0, self._index, shrink)
                self._scale(factors, found.tolist() if on_host else None)
                squared = torch.where(over, self._r * self._r, squared)
        self._latest = squared

    def _scale(self, factors: Tensor, found: Optional[List[float]]) -> None:
        start = 0
        for place, index in enumerate(self._held):
            end = start + self._sizes[index]
            # On a device nobody knows here whether there is anything to scale.
            if found is None or found[place]:
                tensor = self.tensors[index]
                tensor.layout.scale(tensor.values(), factors[start:end])
            start = end

    def _with_other_ranks(self, squared: Tensor) -> Tensor:
        """Adds up the squares of units that have weights on several ranks."""
        start = 0
        for index in self._held:
            end = start + self._sizes[index]
            shard = self.tensors[index].shard
            if shard is not None and shard.spans:
                part = squared[start:end].contiguous()
                dist.all_reduce(part, group=shard.group)
                squared[start:end] = part
            start = end
        return squared

    def _complete(self, squared: Tensor) -> Tensor:
        """The same with norms beyond float32's squares (values over 1.8e19)."""
        if bool(torch.isfinite(squared).all()):
            return squared
        parts = [
            self.tensors[index]
            .values()
            .to(torch.float64)
            .reshape(self.tensors[index].layout.shape)
            .square()
            .sum(dim=(1, 3))
            .reshape(-1)
            for index in self._held
        ]
        return torch.cat(parts)


def as_float32(value: Optional[float]) -> float:
    """A ceiling as the program holds it."""
    return struct.unpack("f", struct.pack("f", value))[0]
