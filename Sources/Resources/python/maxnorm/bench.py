"""What the projection costs: ``python -m maxnorm bench [--library PATH]``.

Three nets, one thread: a small one, one of two wide layers, a transformer of 12 blocks. After each step
of plain training the article's own projection (`apply_max_norm`, norms over dimension 0) or all that
`maxnorm.watch` does is timed, first with nothing over r, then with every unit over it. Both take turns
within one run, a few steps each, so that what else the machine does meets both; medians are told.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import statistics
import time
from typing import Any, Callable, Dict, List, Optional, Tuple

__all__ = ["main"]


def main(arguments: Optional[List[str]] = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m maxnorm bench", description=__doc__.split("\n")[0])
    parser.add_argument("--library", default=os.environ.get("MAXNORM_LIBRARY"), help="the program's own kernels")
    parser.add_argument("--seconds", type=float, default=6.0, help="for each net and case (default 6)")
    parser.add_argument("--net", choices=[*_NETS], action="append", help="only this one (repeatable)")
    parser.add_argument("--device", default="cpu", help="cpu (default), cuda")
    options = parser.parse_args(arguments)
    import torch

    torch.set_num_threads(1)
    print(
        f"torch {torch.__version__}, one thread, {platform.machine()}, {os.cpu_count()} processors, load "
        f"{os.getloadavg()[0]:.1f}; kernels: {options.library or 'torch'}"
    )
    print("medians in µs, and in % of a plain step\n")
    print(
        "| net | plain step | one read of the weights | over r | article | maxnorm | times less | 1.3 reads + 15 µs |"
    )
    print(
        "| --- | ---------: | ----------------------: | ------ | ------: | ------: | ---------: | ----------------: |"
    )
    for name in options.net or _NETS:
        for case in ("nothing", "everything"):
            print(_row(name, case, options), flush=True)
    return 0


def _small(torch: Any) -> Tuple[Any, Any, Any]:
    nn = torch.nn
    model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
    return model, lambda p: torch.optim.SGD(p, lr=1e-3), (torch.randn(32, 64), torch.randint(0, 10, (32,)))


def _wide(torch: Any) -> Tuple[Any, Any, Any]:
    nn = torch.nn
    model = nn.Sequential(nn.Linear(784, 1024), nn.ReLU(), nn.Linear(1024, 1024), nn.ReLU(), nn.Linear(1024, 10))
    data = (torch.randn(128, 784), torch.randint(0, 10, (128,)))
    return model, lambda p: torch.optim.SGD(p, lr=1e-4, momentum=0.9), data


def _transformer(torch: Any) -> Tuple[Any, Any, Any]:
    nn = torch.nn

    class Language(nn.Module):  # type: ignore[name-defined]
        """12 blocks of width 256 on 8 x 128 tokens."""

        def __init__(self) -> None:
            super().__init__()
            self.embedding = nn.Embedding(256, 256)
            block = nn.TransformerEncoderLayer(256, 4, 1024, dropout=0.0, batch_first=True, norm_first=True)
            self.blocks = nn.TransformerEncoder(block, 12, enable_nested_tensor=False)
            self.head = nn.Linear(256, 256)

        def forward(self, tokens: Any) -> Any:
            return self.head(self.blocks(self.embedding(tokens))).transpose(1, 2)

    data = (torch.randint(0, 256, (8, 128)), torch.randint(0, 256, (8, 128)))
    return Language(), lambda p: torch.optim.AdamW(p, lr=1e-5), data


#: Steps of one variant before the other takes its turn.
_BLOCK = 12

_NETS: Dict[str, Callable[[Any], Any]] = {"64-64-64-10": _small, "784-1024-1024-10": _wide, "transformer": _transformer}


def _row(name: str, case: str, options: Any) -> str:
    import torch

    import maxnorm
    from maxnorm.pytorch import action_of

    torch.manual_seed(1)
    limit = 1e6 if case == "nothing" else 0.1
    wait = torch.cuda.synchronize if options.device == "cuda" else lambda: None
    variants = []
    for variant in ("article", "maxnorm"):
        model, make, data = _NETS[name](torch)
        model = model.to(options.device)
        inputs, targets = (tensor.to(options.device) for tensor in data)
        optimizer = make(model.parameters())
        weights = [p for n, p in model.named_parameters() if p.dim() >= 2 and "weight" in n]
        act, end = _article(torch, weights, limit), lambda: None
        if variant == "maxnorm":
            run = maxnorm.watch(
                model, optimizer, limit, log=os.devnull, steer=False, library=options.library, strict=True
            )
            # Called by hand, so that its time can be taken.
            run.on_finish()
            act, end = action_of(run), run.finish
        # Everything over r: the weights are made longer before each step, outside of what is measured.
        grow = _grow(torch, weights) if case == "everything" else lambda: None
        variants.append((_step(torch, model, optimizer, inputs, targets), grow, act, end))
    flat = torch.nn.utils.parameters_to_vector(weights).detach()
    steps: List[float] = []
    costs: List[List[float]] = [[], []]
    reads: List[float] = []
    clock = time.perf_counter
    stop = clock() + options.seconds
    gc.disable()
    try:
        while clock() < stop or len(reads) < 3:
            for place, (step, grow, act, _) in enumerate(variants):
                for number in range(_BLOCK):
                    grow()
                    wait()
                    before = clock()
                    step()
                    wait()
                    between = clock()
                    act()
                    wait()
                    # The first steps find the other variant's code and weights in the caches.
                    if number >= _BLOCK // 4:
                        costs[place].append(clock() - between)
                        steps.append(between - before)
            before = clock()
            torch.dot(flat, flat)
            wait()
            reads.append(clock() - before)
    finally:
        gc.enable()
    for _, _, _, end in variants:
        end()
    plain, once = statistics.median(steps), statistics.median(reads[1:])
    article, ours = (statistics.median(cost) for cost in costs)
    bound = f"{(1.3 * once + 15e-6) * 1e6:.1f}" if case == "nothing" else ""
    return (
        f"| {name} | {plain * 1e6:.0f} | {once * 1e6:.1f} | {case} | {article * 1e6:.1f} ({article / plain:.1%}) "
        f"| {ours * 1e6:.1f} ({ours / plain:.1%}) | {article / ours:.1f} | {bound} |"
    )


def _article(torch: Any, weights: List[Any], r: float) -> Callable[[], None]:
    def apply_max_norm() -> None:
        """As the article has it."""
        with torch.no_grad():
            for param in weights:
                norm = param.norm(2, dim=0, keepdim=True)
                desired = torch.clamp(norm, 0, r)
                param *= desired / (1e-8 + norm)

    return apply_max_norm


def _step(torch: Any, model: Any, optimizer: Any, inputs: Any, targets: Any) -> Callable[[], None]:
    cross_entropy = torch.nn.functional.cross_entropy

    def step() -> None:
        optimizer.zero_grad()
        cross_entropy(model(inputs), targets).backward()
        optimizer.step()

    return step


def _grow(torch: Any, weights: List[Any]) -> Callable[[], None]:
    def grow() -> None:
        with torch.no_grad():
            torch._foreach_mul_(weights, 1.01)

    with torch.no_grad():
        for weight in weights:
            weight.div_(weight.flatten(1).norm(dim=1).reshape(-1, *[1] * (weight.dim() - 1)) / 0.1)
    return grow
