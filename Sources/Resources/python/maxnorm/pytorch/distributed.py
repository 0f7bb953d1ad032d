"""Runs of several ranks: one rank tells, and all of them obey after the same step.

Ranks agree every few steps, never by the clock: a rank that acted on a command alone would differ from
the others for good, and one that asked by its own clock would wait for ranks that do not.
"""

from __future__ import annotations

import json
import sys
from typing import Any, Dict, List, Optional, Tuple

import torch
import torch.distributed as dist
from torch import Tensor

__all__ = ["Shard", "Team", "shard_of", "team_of"]


class Team:
    """The ranks of a training, with a group of their own for what they agree on."""

    def __init__(self, every: int) -> None:
        self.rank, self.world, self.every = dist.get_rank(), dist.get_world_size(), max(1, every)
        self._group = dist.new_group(backend="gloo")

    def agree(self, plan: Optional[Dict[str, Any]], failed: bool) -> Tuple[Dict[str, Any], bool]:
        """Rank 0's plan, on all ranks, and whether one of them failed; all ranks must call it."""
        data = json.dumps(plan).encode() if plan else b""
        head = torch.tensor([len(data), int(failed)], dtype=torch.int64)
        dist.all_reduce(head, group=self._group)
        length, failures = head.tolist()
        if length == 0:
            return {}, failures > 0
        payload = torch.empty(length, dtype=torch.uint8)
        if data:
            payload.copy_(torch.frombuffer(bytearray(data), dtype=torch.uint8))
        dist.broadcast(payload, 0, group=self._group)
        return json.loads(bytes(payload.tolist())), failures > 0

    def gather(self, part: Any) -> Optional[List[Any]]:
        """The parts of all ranks, on rank 0; None on the others."""
        parts: Optional[List[Any]] = [None] * self.world if self.rank == 0 else None
        dist.gather_object(part, parts, dst=0, group=self._group)
        return parts


def team_of(every: int) -> Optional[Team]:
    """The ranks of this process's training; None where it is alone."""
    if not (dist.is_available() and dist.is_initialized() and dist.get_world_size() > 1):
        return None
    return Team(every)


class Shard:
    """A rank's part of a weight: the rows of FSDP2's `Shard(0)`."""

    def __init__(self, parameter: Any, spans: bool) -> None:
        self._parameter = parameter
        #: Whether units have weights on several ranks, so that squares are added up among them.
        self.spans = spans
        self.group = parameter.device_mesh.get_group()

    def local(self) -> Tensor:
        """This rank's rows, the tensor itself."""
        return self._parameter.to_local()


def is_distributed(parameter: Any) -> bool:
    """Whether ranks share a tensor."""
    # Importing it takes a second; where it is not imported there is none.
    module = sys.modules.get("torch.distributed.tensor")
    kind = getattr(module, "DTensor", None)
    return kind is not None and isinstance(parameter, kind)


def shard_of(parameter: Any, spans: bool) -> Optional[Shard]:
    """The part of a distributed tensor; None where it is laid out in another way than rows over one mesh."""
    mesh, placements = parameter.device_mesh, parameter.placements
    if mesh.ndim == 1 and placements[0].is_shard(0):
        return Shard(parameter, spans)
    return None
