"""Runs of Lightning: a callback of the Trainer.

Trainer(callbacks=[maxnorm.lightning.MaxNormCallback(max_norm=2.0)])
"""

from __future__ import annotations

import os
from typing import Any, Dict, Optional

try:
    from lightning.pytorch import Callback, LightningModule, Trainer
except ImportError:  # the package under its former name
    from pytorch_lightning import Callback, LightningModule, Trainer  # type: ignore[assignment, no-redef]

from .layers import MaxNorm
from .lifecycle import reason_of
from .pytorch import watch
from .run import Run

__all__ = ["MaxNormCallback"]


class MaxNormCallback(Callback):
    """Holds the module's weights under a ceiling while it is fitted, and tells what happens.

    Args:
        max_norm: As for `maxnorm.watch`: r, a mapping of name patterns to r, or None to observe.
        options: All others of `maxnorm.pytorch.watch`.

    Counts, switch and ceilings are part of Lightning's checkpoints. A viewer's `stop` ends the fit in
    order, `checkpoint` writes ``maxnorm.ckpt`` into the Trainer's root folder.
    """

    def __init__(self, max_norm: MaxNorm = None, **options: Any) -> None:
        super().__init__()
        self._max_norm, self._options = max_norm, options
        self.run: Optional[Run] = None
        self._state: Optional[Dict[str, Any]] = None

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        options = dict(self._options)
        batches, steps = trainer.num_training_batches, trainer.estimated_stepping_batches
        if isinstance(batches, int):
            options.setdefault("steps_per_epoch", max(1, batches // trainer.accumulate_grad_batches))
        if isinstance(steps, int) and steps > 0:
            options.setdefault("total_steps", steps)
        options.setdefault("name", type(pl_module).__name__)
        options.setdefault("scheduler", [config.scheduler for config in trainer.lr_scheduler_configs])
        self.run = watch(pl_module, trainer.optimizers, self._max_norm, **options)
        if self._state is not None:
            self.run.load_state_dict(self._state)
            self._state = None
        subject: Any = self.run.subject

        def stop() -> None:
            trainer.should_stop = True

        def save() -> str:
            path = os.path.join(trainer.default_root_dir, "maxnorm.ckpt")
            trainer.save_checkpoint(path)
            return path

        subject.on_stop, subject.on_checkpoint = stop, save

    def on_train_epoch_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        if self.run is not None:
            self.run.epoch(trainer.current_epoch + 1)

    def on_before_backward(self, trainer: Trainer, pl_module: LightningModule, loss: Any) -> None:
        # Lightning divides by the batches whose gradients it adds up.
        if self.run is not None:
            self.run.loss(loss.detach() * trainer.accumulate_grad_batches)

    def on_validation_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        if self.run is None or trainer.sanity_checking:
            return
        figures: Any = {name: value for name, value in trainer.callback_metrics.items() if not name.startswith("train")}
        if figures:
            self.run.evaluate(epoch=trainer.current_epoch + 1, **figures)

    def on_train_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        if self.run is not None:
            self.run.finish()

    def on_exception(self, trainer: Trainer, pl_module: LightningModule, exception: BaseException) -> None:
        if self.run is not None:
            self.run.finish(*reason_of(type(exception), exception))

    def state_dict(self) -> Dict[str, Any]:
        return self.run.state_dict() if self.run is not None else {}

    def load_state_dict(self, state_dict: Dict[str, Any]) -> None:
        self._state = state_dict or None
