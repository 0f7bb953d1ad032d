"""Runs of Hugging Face's Trainer: a callback.

Trainer(..., callbacks=[maxnorm.huggingface.MaxNormCallback(max_norm=2.0)])
"""

from __future__ import annotations

from typing import Any, Callable, Dict, Optional

from transformers import TrainerCallback

from .layers import MaxNorm
from .pytorch import watch
from .run import Run

__all__ = ["MaxNormCallback"]

#: Figures of an evaluation that say how long it took.
_TIMES = ("runtime", "samples_per_second", "steps_per_second")


class MaxNormCallback(TrainerCallback):
    """Holds the model's weights under a ceiling while it is trained, and tells what happens.

    Args:
        max_norm: As for `maxnorm.watch`: r, a mapping of name patterns to r, or None to observe.
        options: All others of `maxnorm.pytorch.watch`.

    The loss of each forward pass in training is what the model returns. A viewer's `stop` ends the
    training in order; `checkpoint` saves at the end of the step, where the Trainer's own checkpoints are.
    """

    def __init__(self, max_norm: MaxNorm = None, **options: Any) -> None:
        self._max_norm, self._options = max_norm, options
        self.run: Optional[Run] = None
        self._forget: Callable[[], None] = lambda: None
        self._stops = self._saves = False

    def on_train_begin(self, args: Any, state: Any, control: Any, **given: Any) -> None:
        model, optimizer = given["model"], given["optimizer"]
        options: Dict[str, Any] = {"name": getattr(model.config, "model_type", type(model).__name__), **self._options}
        options.setdefault("total_steps", state.max_steps)
        options.setdefault("batch", state.train_batch_size)
        if state.num_train_epochs:
            options.setdefault("steps_per_epoch", max(1, state.max_steps // state.num_train_epochs))
        if given.get("lr_scheduler") is not None:
            options.setdefault("scheduler", getattr(given["lr_scheduler"], "scheduler", given["lr_scheduler"]))
        # Accelerate's wrapper passes steps on to the optimizer that makes them.
        self.run = run = watch(model, getattr(optimizer, "optimizer", optimizer), self._max_norm, **options)
        subject: Any = run.subject

        def stop() -> None:
            self._stops = True

        def save() -> str:
            self._saves = True
            return f"{args.output_dir}/checkpoint-{state.global_step + 1}"

        subject.on_stop, subject.on_checkpoint = stop, save

        def look(module: Any, arguments: Any, output: Any) -> None:
            loss = output.get("loss") if isinstance(output, dict) else getattr(output, "loss", None)
            if module.training and loss is not None:
                run.loss(loss.detach())

        self._forget = model.register_forward_hook(look).remove

    def on_epoch_begin(self, args: Any, state: Any, control: Any, **given: Any) -> None:
        if self.run is not None:
            self.run.epoch(int(state.epoch or 0) + 1)

    def on_step_end(self, args: Any, state: Any, control: Any, **given: Any) -> Any:
        if self._stops:
            control.should_training_stop = True
        if self._saves:
            self._saves, control.should_save = False, True
        return control

    def on_evaluate(self, args: Any, state: Any, control: Any, metrics: Any = None, **given: Any) -> None:
        figures: Dict[str, Any] = {}
        for name, value in (metrics or {}).items():
            if isinstance(value, (int, float)) and name.startswith("eval_"):
                name = name[len("eval_") :]
                if name in _TIMES:
                    continue
                figures[f"validation_{name}" if name in ("loss", "accuracy") else name] = value
        if self.run is not None and figures:
            self.run.evaluate(**figures)

    def on_train_end(self, args: Any, state: Any, control: Any, **given: Any) -> None:
        self._forget()
        if self.run is not None:
            self.run.finish()
