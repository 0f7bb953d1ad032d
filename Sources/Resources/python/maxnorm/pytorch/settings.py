"""Settings of optimizers, schedulers and dropout layers that a command may change."""

from __future__ import annotations

import gc
from typing import Any, Dict, Iterable, List, Optional, Sequence, Tuple

import torch
from torch import nn
from torch.optim import Optimizer

from ..changes import SCHEDULE_AT_0
from ..commands import Refusal

__all__ = ["Settings"]

try:
    from torch.optim.lr_scheduler import LRScheduler
except ImportError:  # PyTorch 1.13
    from torch.optim.lr_scheduler import _LRScheduler as LRScheduler

#: What schedulers keep in a parameter group, beside its rate, that is a rate.
_GROUP_RATES = ("initial_lr", "max_lr", "min_lr")

_DROPOUT = (nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.Dropout3d, nn.AlphaDropout, nn.FeatureAlphaDropout)


class Settings:
    """Reads and changes the settings of a training."""

    def __init__(
        self,
        models: Sequence[nn.Module],
        optimizers: Sequence[Optimizer],
        schedulers: Optional[Sequence[Any]] = None,
    ) -> None:
        self._models, self._optimizers = list(models), list(optimizers)
        self._schedulers = None if schedulers is None else list(schedulers)
        #: All changes of the rate so far, multiplied.
        self._rate_factor = 1.0

    @property
    def _groups(self) -> Iterable[Dict[str, Any]]:
        return (group for optimizer in self._optimizers for group in optimizer.param_groups)

    def learning_rate(self) -> Optional[float]:
        """The rate of the first parameter group."""
        return float(self._optimizers[0].param_groups[0]["lr"])

    def read(self, setting: str) -> Tuple[Optional[float], Any]:
        """A setting's value, None where there are several, and what `restore` takes it back by."""
        if setting == "learning_rate":
            return self.learning_rate(), self._rate_factor
        if setting == "dropout":
            rates = [layer.p for layer in self._dropouts()]
            return _common(rates), rates
        values = self._values(setting)
        return _common([value for value in values if value] or values), values

    def write(self, setting: str, value: float) -> None:
        """Changes a setting everywhere.

        A rate goes on in proportion: each group and whatever its schedulers count from is multiplied by
        the same factor. A weight decay of 0, as biases have it, stays where others are not 0.
        """
        if setting == "learning_rate":
            now = self.learning_rate()
            if not now:
                raise Refusal(SCHEDULE_AT_0)
            self._scale_rates(value / now)
        elif setting == "dropout":
            for layer in self._dropouts():
                layer.p = value
        else:
            values = self._values(setting)
            self._set(setting, [value if former or not any(values) else former for former in values])

    def restore(self, setting: str, state: Any) -> None:
        """Takes a change back."""
        if setting == "learning_rate":
            self._scale_rates(state / self._rate_factor)
        elif setting == "dropout":
            for layer, rate in zip(self._dropouts(), state):
                layer.p = rate
        else:
            self._set(setting, state)

    def _dropouts(self) -> List[Any]:
        layers = [layer for model in self._models for layer in model.modules() if isinstance(layer, _DROPOUT)]
        if not layers:
            raise Refusal("dropout: the model has no dropout layer")
        return layers

    def _values(self, setting: str) -> List[float]:
        values = [float(group[setting]) for group in self._groups if setting in group]
        if not values:
            names = ", ".join(type(optimizer).__name__ for optimizer in self._optimizers)
            raise Refusal(f"{setting}: {names} has none")
        return values

    def _set(self, setting: str, values: Sequence[float]) -> None:
        for group, value in zip((group for group in self._groups if setting in group), values):
            group[setting] = value

    def _scale_rates(self, factor: float) -> None:
        self._rate_factor *= factor
        for group in self._groups:
            for key in ("lr", *_GROUP_RATES):
                if key in group:
                    group[key] = _scaled(group[key], factor)
        for scheduler in self._found_schedulers():
            for name in ("base_lrs", "max_lrs"):
                rates = getattr(scheduler, name, None)
                if isinstance(rates, list):
                    setattr(scheduler, name, [_scaled(rate, factor) for rate in rates])

    def _found_schedulers(self) -> List[Any]:
        if self._schedulers is None:
            # Nobody else knows which schedulers an optimizer has; once a command, 10 to 50 ms.
            own = set(map(id, self._optimizers))
            return [
                candidate
                for candidate in gc.get_objects()
                # By its type: a weak proxy would ask an object that is gone.
                if issubclass(type(candidate), LRScheduler) and id(getattr(candidate, "optimizer", None)) in own
            ]
        return self._schedulers


def _scaled(rate: Any, factor: float) -> Any:
    if isinstance(rate, torch.Tensor):
        # Captured by a compiled step: it must stay the same tensor.
        rate.mul_(factor)
        return rate
    return rate * factor


def _common(values: Sequence[float]) -> Optional[float]:
    return values[0] if values and all(value == values[0] for value in values) else None
