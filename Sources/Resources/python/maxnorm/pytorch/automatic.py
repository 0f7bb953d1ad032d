"""Finds model, optimizers and loss of a PyTorch training that does not tell them."""

from __future__ import annotations

import functools
import gc
from typing import Any, Dict, List, Optional, Set

import torch
from torch import nn
from torch.optim import Optimizer

from ..lifecycle import Watch
from ..run import Run
from . import _runs, action_of, watch
from .hooks import after_step

try:
    from torch.optim.optimizer import register_optimizer_step_post_hook
except ImportError:  # PyTorch 1.13
    register_optimizer_step_post_hook = None  # type: ignore[assignment]

__all__ = ["install"]

#: Steps after which a loss should have been seen.
_STEPS_WITHOUT_LOSS = 30

#: What a scaled loss was before, as an attribute of the tensor.
_UNSCALED = "_maxnorm_unscaled"

_OPTIONS = ("max_norm", "axis", "name", "title", "every", "enabled", "library", "agree_every")


class _Finder:
    """One a process."""

    def __init__(self, watcher: Watch) -> None:
        self.watcher = watcher
        self.run: Optional[Run] = None
        self.is_idle = False
        self._loss: Any = None
        self._has_loss = False

    def saw_loss(self, differentiated: torch.Tensor) -> None:
        """Something of one element was differentiated."""
        loss = getattr(differentiated, _UNSCALED, differentiated)
        self._has_loss = True
        if self.run is not None:
            self.run.loss(loss.detach())
        elif not self.is_idle:
            self._loss = loss.detach()

    def saw_step(self, optimizer: Optimizer) -> None:
        """An optimizer made a step."""
        if self.is_idle:
            return
        if self.run is None:
            if _runs.get(optimizer) is not None or not self.watcher.take_token():
                self.is_idle = True  # the script watches itself, or another process is the run
                return
            self._begin(optimizer)
        if self.run is not None and self.run.step == _STEPS_WITHOUT_LOSS and not self._has_loss:
            self.watcher.tell("no_loss")

    def _begin(self, optimizer: Optimizer) -> None:
        optimizers = _optimizers(optimizer)
        models = _models(optimizers)
        if not models:
            self.is_idle = True
            self.watcher.tell("no_model")
            return
        options = {key: value for key, value in self.watcher.options.items() if key in _OPTIONS}
        self.run = watch(models, optimizers, **options)
        if self._loss is not None:
            self.run.loss(self._loss)
            self._loss = None
        # The hook that was just made acts from the next step on.
        counts = [0] * len(optimizers)
        if len(optimizers) == 1:
            action_of(self.run)()
        else:
            action_of(self.run, optimizers.index(optimizer), counts)()


def install() -> None:
    """Looks from here on for the first step of an optimizer."""
    watcher = Watch.found()
    if watcher is None:
        return
    finder = _Finder(watcher)

    def after(optimizer: Optimizer) -> None:
        try:
            finder.saw_step(optimizer)
        except Exception as error:  # the script must not hear of us
            finder.is_idle = True
            watcher.tell("failed", framework="torch", reason=f"{type(error).__name__}: {error}")

    backward = torch.Tensor.backward

    @functools.wraps(backward)
    def seen(self: torch.Tensor, *arguments: Any, **options: Any) -> Any:
        if self.numel() == 1:
            finder.saw_loss(self)
        return backward(self, *arguments, **options)

    torch.Tensor.backward = seen  # type: ignore[method-assign]
    _remember_unscaled()
    if register_optimizer_step_post_hook is not None:
        register_optimizer_step_post_hook(lambda optimizer, *_: after(optimizer))
        return
    initialize = Optimizer.__init__

    @functools.wraps(initialize)
    def initialized(self: Optimizer, *arguments: Any, **options: Any) -> None:
        initialize(self, *arguments, **options)
        if "step" not in self.__dict__:
            after_step(self, lambda: after(self))

    Optimizer.__init__ = initialized  # type: ignore[method-assign]


def _remember_unscaled() -> None:
    """A loss that a gradient scaler has scaled knows what it was."""
    for home in (getattr(torch, "amp", None), torch.cuda.amp):
        scaler = getattr(home, "GradScaler", None)
        if scaler is None or "scale" not in vars(scaler):
            continue
        scale = scaler.scale

        def scaled(self: Any, outputs: Any, scale: Any = scale) -> Any:
            result = scale(self, outputs)
            if isinstance(result, torch.Tensor) and isinstance(outputs, torch.Tensor):
                setattr(result, _UNSCALED, outputs.detach())
            return result

        scaler.scale = functools.wraps(scale)(scaled)


def _parameters(optimizer: Optimizer) -> Set[int]:
    return {id(parameter) for group in optimizer.param_groups for parameter in group["params"]}


def _optimizers(first: Optimizer) -> List[Optimizer]:
    """The optimizer that made a step, and others of other parameters."""
    found, owned = [first], _parameters(first)
    for candidate in gc.get_objects():
        if issubclass(type(candidate), Optimizer) and candidate is not first and hasattr(candidate, "param_groups"):
            own = _parameters(candidate)
            if own and not own & owned:
                found.append(candidate)
                owned |= own
    return found


def _models(optimizers: List[Optimizer]) -> List[nn.Module]:
    """The smallest modules that hold all parameters of each optimizer, each module once."""
    modules = [thing for thing in gc.get_objects() if issubclass(type(thing), nn.Module) and hasattr(thing, "_modules")]
    sizes: Dict[int, Set[int]] = {}
    for module in modules:
        sizes[id(module)] = {id(parameter) for parameter in module.parameters()}
    found: List[nn.Module] = []
    for optimizer in optimizers:
        own = _parameters(optimizer)
        whole = [module for module in modules if own <= sizes[id(module)]]
        if not whole:
            continue
        fewest = min(len(sizes[id(module)]) for module in whole)
        # Of wrappers and what they wrap, the outermost has the most modules below it.
        best = max((m for m in whole if len(sizes[id(m)]) == fewest), key=lambda m: sum(1 for _ in m.modules()))
        if not any(best is model for model in found):
            found.append(best)
    return found
