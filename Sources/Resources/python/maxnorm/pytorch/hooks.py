"""What runs after each step of an optimizer."""

from __future__ import annotations

import functools
from typing import Any, Callable

from torch.optim import Optimizer

__all__ = ["after_adding", "after_step"]


def after_step(optimizer: Optimizer, action: Callable[[], None]) -> Callable[[], None]:
    """Calls `action` after each step of `optimizer`; returns what ends that."""
    register = getattr(optimizer, "register_step_post_hook", None)
    if register is not None:
        return register(lambda *_: action()).remove
    return _wrap(optimizer, action)


def after_adding(optimizer: Optimizer, action: Callable[[], None]) -> Callable[[], None]:
    """Calls `action` after each group of parameters that is added to `optimizer`; returns what ends that."""
    add = optimizer.add_param_group
    is_on = [True]

    @functools.wraps(add)
    def adding(*arguments: Any, **options: Any) -> Any:
        result = add(*arguments, **options)
        if is_on[0]:
            action()
        return result

    optimizer.add_param_group = adding  # type: ignore[method-assign]

    def end() -> None:
        is_on[0] = False
        if vars(optimizer).get("add_param_group") is adding:
            del optimizer.add_param_group

    return end


def _wrap(optimizer: Optimizer, action: Callable[[], None]) -> Callable[[], None]:
    """PyTorch 1.13 has no hooks: the step of this one object is wrapped, as schedulers do."""
    step = optimizer.step
    is_on = [True]

    @functools.wraps(step)
    def wrapped(*arguments: Any, **options: Any) -> Any:
        result = step(*arguments, **options)
        if is_on[0]:
            action()
        return result

    if hasattr(step, "__self__"):
        wrapped.__self__ = step.__self__  # type: ignore[attr-defined]
    optimizer.step = wrapped  # type: ignore[method-assign]

    def end() -> None:
        is_on[0] = False

    return end
