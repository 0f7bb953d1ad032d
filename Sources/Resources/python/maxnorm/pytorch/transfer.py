"""From a device to the host without waiting: pinned memory and an event, read on another thread."""

from __future__ import annotations

from typing import Callable, List, Sequence

import torch
from torch import Tensor

__all__ = ["fetch_scalars", "to_host"]


def to_host(tensors: Sequence[Tensor]) -> Callable[[], List[Tensor]]:
    """Starts to copy tensors; what is returned gives the copies and waits, if it must, on its own thread."""
    if all(tensor.device.type == "cpu" for tensor in tensors):
        copies = [tensor.detach().clone() for tensor in tensors]
        return lambda: copies
    if tensors[0].device.type != "cuda":
        # Elsewhere `.cpu()` waits; the clone keeps what was there now.
        kept = [tensor.detach().clone() for tensor in tensors]
        return lambda: [tensor.cpu() for tensor in kept]
    pinned = []
    for tensor in tensors:
        host = torch.empty(tensor.shape, dtype=tensor.dtype, pin_memory=True)
        host.copy_(tensor.detach(), non_blocking=True)
        pinned.append(host)
    event = torch.cuda.Event()
    event.record(torch.cuda.current_stream(tensors[0].device))

    def resolve() -> List[Tensor]:
        event.synchronize()
        return pinned

    return resolve


def fetch_scalars(tensors: Sequence[Tensor]) -> Callable[[], List[float]]:
    """The values of tensors of one element each."""
    stacked = torch.stack([tensor.detach().reshape(()).to(torch.float32) for tensor in tensors])
    fetch = to_host([stacked])
    return lambda: fetch()[0].tolist()
