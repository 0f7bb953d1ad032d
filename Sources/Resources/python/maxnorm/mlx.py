"""Runs of MLX: arrays among the compiled step's inputs, and two lines.

mn = maxnorm.mlx.watch(model, optimizer, max_norm=2.0)
state = [model.state, optimizer.state, mn.state]

@partial(mx.compile, inputs=state, outputs=state)
def step(x, y):
    loss, grads = loss_and_grad(model, x, y)
    optimizer.update(model, grads)
    mn.project()                  # after the update
    return loss

loss = step(x, y)
mx.eval(state, loss)
mn.after(loss)                    # in the loop
"""

from __future__ import annotations

import math
from importlib import metadata
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Tuple

import mlx.core as mx
from mlx.utils import tree_flatten, tree_unflatten

from .arrays import ArraySample, Totals, project, units_of
from .changes import SCHEDULE_AT_0
from .commands import Refusal
from .layers import Ceilings, MaxNorm, WeightLayer, tolerance_of
from .run import Run
from .subject import Sample, Subject

__all__ = ["MLXRun", "watch"]


class _Weight(NamedTuple):
    path: str
    layer: WeightLayer
    axes: Tuple[int, ...]
    tolerance: float


class _MLXSubject(Subject):
    def __init__(self, model: Any, optimizer: Any, max_norm: MaxNorm, axis: str, enabled: bool) -> None:
        self.framework = f"mlx {metadata.version('mlx')}"
        self.model, self.optimizer, self.enabled = model, optimizer, enabled
        parameters: Any = tree_flatten(model.trainable_parameters())
        self._parameters = sum(value.size for _, value in parameters)
        self.weights = [_described(path, value, axis, parameters) for path, value in parameters if value.ndim >= 2]
        self._dtypes = sorted({_dtype(dict(parameters)[weight.path]) for weight in self.weights})
        self.layers = [weight.layer for weight in self.weights]
        self.ceilings = Ceilings(max_norm, [layer.name for layer in self.layers])
        self._totals = Totals(len(self.weights))
        count = len(self.weights)
        #: What the compiled step reads and writes.
        self.state: Dict[str, Any] = {
            "exceeded": mx.zeros(count, mx.int32),
            "clipped": mx.zeros(count, mx.int32),
            "lost": mx.zeros(count, mx.float32),
        }
        #: All changes of a scheduled rate so far, multiplied.
        self._rate_factor = 1.0
        self._write_state()
        self._schedule = getattr(optimizer, "_schedulers", {}).get("learning_rate")
        self._scale_schedule()

    def _scale_schedule(self) -> None:
        """Multiplies what a schedule gives by an array of the state: the schedule is compiled into the step."""
        schedule, state = self._schedule, self.state
        if schedule is not None:
            self.optimizer._schedulers["learning_rate"] = lambda step: schedule(step) * state["rate"]

    def detach(self) -> None:
        """The optimizer has the schedule that it came with."""
        if self._schedule is not None:
            self.optimizer._schedulers["learning_rate"] = self._schedule

    def _write_state(self) -> None:
        self.state["ceilings"] = mx.array([math.inf if r is None else r for r in self.ceilings.all], mx.float32)
        self.state["switch"] = mx.array(1.0 if self.enabled else 0.0, mx.float32)
        self.state["rate"] = mx.array(self._rate_factor, mx.float32)

    def project(self, counts: bool = True) -> None:
        values = dict(tree_flatten(self.model.trainable_parameters()))
        exceeded, clipped, lost, changed = [], [], [], []
        for number, weight in enumerate(self.weights):
            value = values.get(weight.path)
            if value is None:  # frozen meanwhile
                found_none = mx.array(0, mx.int32)
                exceeded.append(found_none)
                clipped.append(found_none)
                lost.append(mx.array(0.0))
                continue
            found = project(
                mx,
                value,
                weight.axes,
                self.state["ceilings"][number],
                self.state["switch"],
                weight.tolerance,
                lambda x: x.astype(mx.float32),
                lambda x: x.astype(mx.int32),
                lambda x, like=value: x.astype(like.dtype),
            )
            changed.append((weight.path, found.weight))
            exceeded.append(found.exceeded)
            clipped.append(found.clipped)
            lost.append(found.lost)
        if not changed:
            return
        self.model.update(tree_unflatten(changed))
        if counts:
            self.state["exceeded"] = self.state["exceeded"] + mx.stack(exceeded)
        self.state["clipped"] = self.state["clipped"] + mx.stack(clipped)
        self.state["lost"] = self.state["lost"] + mx.stack(lost)

    def header(self) -> Dict[str, Any]:
        return {
            "parameters": self._parameters,
            "experiment": {
                "framework": self.framework,
                "model": type(self.model).__name__,
                "optimizer": {"name": type(self.optimizer).__name__},
            },
            "weights": ", ".join(self._dtypes) or None,
            "tolerance": max(map(tolerance_of, self._dtypes), default=None),
        }

    def _read_counters(self) -> List[Tuple[int, int, float]]:
        return list(zip(*(self.state[name].tolist() for name in ("exceeded", "clipped", "lost"))))

    def counters(self) -> Callable[[], List[Tuple[int, int, float]]]:
        counters = self._read_counters()
        return lambda: self._totals.update(counters)

    def sample(self, norms: bool) -> Sample:
        import numpy

        # On this thread: MLX's arrays are worked out where they are asked for.
        values = dict(tree_flatten(self.model.parameters()))
        weights = [numpy.array(values[weight.path].astype(mx.float32)) for weight in self.weights]
        counters = self._read_counters()
        return ArraySample(
            self.layers,
            [weight.axes for weight in self.weights],
            weights,
            lambda: counters,
            self._totals,
            self.ceilings.all,
            norms,
        )

    def ceilings_changed(self, projects: bool) -> None:
        self._write_state()
        if projects and self.enabled:
            self.project(counts=False)
            mx.eval(self.model.parameters(), self.state)

    def learning_rate(self) -> Optional[float]:
        rate = getattr(self.optimizer, "learning_rate", None)
        return None if rate is None else float(rate)

    def read(self, setting: str) -> Tuple[Optional[float], Any]:
        if setting != "learning_rate":
            raise Refusal(f"{setting}: MLX has compiled it into the step")
        rate = self.learning_rate()
        return rate, rate if self._schedule is None else self._rate_factor

    def write(self, setting: str, value: float) -> None:
        """Changes the rate; one that follows a schedule goes on in proportion."""
        now = self.learning_rate()
        if self._schedule is None:
            self.optimizer.learning_rate = value
        elif not now:
            raise Refusal(SCHEDULE_AT_0)
        else:
            self.restore(setting, self._rate_factor * value / now)

    def restore(self, setting: str, state: Any) -> None:
        if self._schedule is None:
            self.optimizer.learning_rate = state
            return
        change, self._rate_factor = state / self._rate_factor, state
        self._write_state()
        # Until the next step works it out.
        self.optimizer.learning_rate = self.optimizer.learning_rate * change


class MLXRun(Run):
    """A run of MLX; `watch` makes one."""

    subject: _MLXSubject

    @property
    def state(self) -> Dict[str, Any]:
        """Arrays that belong to the inputs and outputs of a compiled step."""
        return self.subject.state

    def project(self) -> None:
        """In the step, after the optimizer's update: scales units over r back, and counts."""
        self.subject.project()

    def after(self, loss: Any = None) -> None:
        """In the loop, after ``mx.eval``: tells what happened, and obeys."""
        if loss is not None:
            self.loss(loss)
        self.stepped()


def watch(
    model: Any,
    optimizer: Any,
    max_norm: MaxNorm = None,
    *,
    axis: str = "incoming",
    enabled: bool = True,
    **options: Any,
) -> MLXRun:
    """Watches a training of an ``mlx.nn.Module``.

    Args:
        max_norm: The ceiling r of all layers, or a mapping of name patterns to r or None (``"*"`` for all
            others). None: the run is only observed.
        axis: What a unit is: ``incoming`` weights of an output, ``outgoing`` (over dimension 0 as stored)
            or the whole ``tensor``.
        options: Those of `maxnorm.run.Run`: ``log``, ``name``, ``title``, ``every``, ``header``, ``steer``.
    """
    subject = _MLXSubject(model, optimizer, max_norm, axis, enabled)
    run = MLXRun(subject, **options)
    run.on_finish = subject.detach
    return run


def _described(path: str, value: Any, axis: str, parameters: List[Tuple[str, Any]]) -> _Weight:
    layer, _, tensor = path.rpartition(".")
    alone = sum(other.rpartition(".")[0] == layer and v.ndim >= 2 for other, v in parameters) == 1
    every = tuple(range(value.ndim))
    # All of MLX's layers have their outputs first: [out, in], [out, height, width, in], [vocabulary, size].
    axes = every if axis == "tensor" else (0,) if axis == "outgoing" else every[1:]
    described = WeightLayer(
        layer if layer and alone else path, "weight", tensor, tuple(value.shape), units_of(value.shape, axes), axis
    )
    return _Weight(path, described, axes, tolerance_of(_dtype(value)))


def _dtype(value: Any) -> str:
    return str(value.dtype).replace("mlx.core.", "")
