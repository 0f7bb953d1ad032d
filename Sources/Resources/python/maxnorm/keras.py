"""Runs of Keras 3, on TensorFlow, JAX and torch: a callback, and a constraint.

    model.fit(x, y, callbacks=[maxnorm.keras.MaxNormCallback(max_norm=2.0)])

The ceilings, the switch and the counts are variables that a compiled step reads anew on all backends: a
change reaches it without compiling again.
"""

from __future__ import annotations

import functools
import math
import re
import weakref
from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple

import keras

from .arrays import ArraySample, Totals, project, units_of
from .changes import SCHEDULE_AT_0
from .commands import Refusal
from .layers import Ceilings, WeightLayer, tolerance_of
from .layers import MaxNorm as MaxNormSetting
from .lifecycle import Watch
from .run import Run
from .subject import Rounded, Sample, Subject

__all__ = ["MaxNorm", "MaxNormCallback", "install"]

#: What was made for an optimizer, for its next `fit`.
_variables: "weakref.WeakKeyDictionary[Any, Tuple[Any, Any, List[Tuple[Any, Any, Any]]]]" = weakref.WeakKeyDictionary()

#: The method of an optimizer that asks its schedule.
_CURRENT_RATE = "_get_current_learning_rate"

_WEIGHTS = ("kernel", "recurrent_kernel", "embeddings", "depthwise_kernel", "pointwise_kernel")


@keras.saving.register_keras_serializable(package="maxnorm")
class MaxNorm(keras.constraints.Constraint):
    """Scales each unit with a norm over r back to r, and touches nothing else.

    Unlike `keras.constraints.MaxNorm` there is no epsilon: units within r stay bit for bit as they are.

    Args:
        max_norm: The ceiling r; None for none.
        axis: The axis or axes along which a unit's weights lie: 0 for a dense kernel `[in, out]`,
            `(0, 1, 2)` for a convolution's `[height, width, in, out]`.
    """

    def __init__(self, max_norm: Optional[float] = 2.0, axis: Any = 0) -> None:
        self.max_norm = max_norm
        self.axes: Tuple[int, ...] = tuple(axis) if isinstance(axis, (list, tuple)) else (axis,)
        #: Variables: the ceiling, the switch, `[units over r, units scaled back]`, the sum of 1 − r/n.
        self._state: Optional[Tuple[Any, Any, Any, Any]] = None

    def follow(self, ceiling: Any, switch: Any, counts: Any, lost: Any) -> None:
        """From here on r and switch are these variables, and what is found is added to the others."""
        self._state = (ceiling, switch, counts, lost)

    def __call__(self, w: Any) -> Any:
        dtype = keras.backend.standardize_dtype(w.dtype)
        weight = keras.ops.convert_to_tensor(w)
        if self._state is None:
            if self.max_norm is None:
                return weight
            ceiling: Any = keras.ops.convert_to_tensor(self.max_norm, "float32")
            switch: Any = keras.ops.convert_to_tensor(1.0, "float32")
        else:
            ceiling, switch = (variable.value for variable in self._state[:2])
        found = project(
            keras.ops,
            weight,
            self.axes,
            ceiling,
            switch,
            tolerance_of(dtype),
            lambda x: keras.ops.cast(x, "float32"),
            lambda x: keras.ops.cast(x, "int32"),
            lambda x: keras.ops.cast(x, dtype),
        )
        if self._state is not None:
            counts, lost = self._state[2:]
            counts.assign(counts.value + keras.ops.stack([found.exceeded, found.clipped]))
            lost.assign(lost.value + found.lost)
        return found.weight

    def get_config(self) -> Dict[str, Any]:
        return {"max_norm": self.max_norm, "axis": list(self.axes)}


class _KerasSubject(Subject):
    """A model in `fit`."""

    def __init__(self, model: Any, max_norm: MaxNormSetting, axis: str, enabled: bool) -> None:
        backend = keras.backend.backend()
        self.framework = f"keras {keras.__version__} on {backend}"
        self.model, self.enabled = model, enabled
        self._notes: List[str] = []
        self._found = self._survey(axis)
        self._former = [variable.constraint for _, variable, _ in self._found]
        self.layers: List[WeightLayer] = [layer for layer, _, _ in self._found]
        if max_norm is None:
            # Ceilings that the model's own constraints have.
            max_norm = {
                layer.name: variable.constraint.max_norm
                for layer, variable, _ in self._found
                if isinstance(variable.constraint, MaxNorm)
            } or None
        self.ceilings = Ceilings(max_norm, [layer.name for layer in self.layers])
        # On JAX a variable has neither shape nor type while a step holds its value.
        self._parameters = sum(math.prod(variable.shape) for variable in model.trainable_variables)
        self._dtypes = sorted({keras.backend.standardize_dtype(v.dtype) for _, v, _ in self._found})
        self._totals = Totals(len(self.layers))
        self._switch, self._rate, self._states = self._attach()
        #: All changes of a scheduled rate so far, multiplied.
        self._rate_factor = 1.0
        self.write_state()

    def _survey(self, axis: str) -> List[Tuple[WeightLayer, Any, Tuple[int, ...]]]:
        owners = _owners(self.model)
        found = []
        others: List[str] = []
        prefix = f"{self.model.name}/"
        for variable in self.model.trainable_variables:
            owner = owners.get(id(variable))
            if variable.name not in _WEIGHTS or len(variable.shape) < 2 or owner is None:
                continue
            path = variable.path[len(prefix) :] if variable.path.startswith(prefix) else variable.path
            name, _, tensor = path.rpartition("/")
            if sum(v.name in _WEIGHTS for v in owner.trainable_variables) > 1:
                name = path
            if variable.constraint is not None and not isinstance(variable.constraint, MaxNorm):
                others.append(name)
                continue
            axes = _axes(owner, variable, axis)
            shape = tuple(variable.shape)
            layer = WeightLayer(
                name.replace("/", "."), _snake(type(owner).__name__), tensor, shape, units_of(shape, axes), axis
            )
            found.append((layer, variable, axes))
        if others:
            self._notes.append("constrained by another constraint: " + ", ".join(others[:6]))
        return found

    def _attach(self) -> Tuple[Any, Any, List[Tuple[Any, Any, Any]]]:
        """The variables of switch, rate, ceilings and counts, and the constraints that read them.

        JAX hands only the variables of model and optimizer to its compiled step. Elsewhere they stand
        apart, so that a saved optimizer is as it would be without us.
        """
        optimizer = self.model.optimizer
        known = _variables.get(optimizer)
        if known is None or len(known[2]) != len(self._found):
            if keras.backend.backend() == "jax":
                add: Any = optimizer.add_variable
            else:
                add = functools.partial(keras.Variable, initializer="zeros", trainable=False)
            known = (
                add(shape=(), dtype="float32", name="maxnorm_switch"),
                add(shape=(), dtype="float32", name="maxnorm_rate"),
                [
                    (
                        add(shape=(), dtype="float32", name=f"maxnorm_ceiling_{number}"),
                        add(shape=(2,), dtype="int32", name=f"maxnorm_counts_{number}"),
                        add(shape=(), dtype="float32", name=f"maxnorm_lost_{number}"),
                    )
                    for number in range(len(self._found))
                ],
            )
            _variables[optimizer] = known
        switch, rate, states = known
        for (_, variable, axes), (ceiling, counts, lost) in zip(self._found, states):
            counts.assign([0, 0])
            lost.assign(0.0)
            constraint = MaxNorm(None, axes)
            constraint.follow(ceiling, switch, counts, lost)
            variable.constraint = constraint
        self._scale_schedule(rate)
        self._compile_again()
        return switch, rate, states

    @property
    def _inner_optimizer(self) -> Any:
        """The optimizer itself, behind one that scales losses."""
        return getattr(self.model.optimizer, "inner_optimizer", self.model.optimizer)

    @property
    def _has_schedule(self) -> bool:
        rate = getattr(self._inner_optimizer, "_learning_rate", None)
        return isinstance(rate, keras.optimizers.schedules.LearningRateSchedule)

    def _scale_schedule(self, factor: Any) -> None:
        """Multiplies what a schedule gives by a variable: the schedule itself is compiled into the step.

        The optimizer's own method is hidden by one of this object, so that what is saved stays as it was.
        """
        if self._has_schedule:
            scheduled = type(self._inner_optimizer)._get_current_learning_rate
            optimizer = weakref.ref(self._inner_optimizer)
            vars(self._inner_optimizer)[_CURRENT_RATE] = lambda: scheduled(optimizer()) * factor.value

    def detach(self) -> None:
        """The model has again the constraints that it came with."""
        for (_, variable, _), former in zip(self._found, self._former):
            variable.constraint = former
        vars(self._inner_optimizer).pop(_CURRENT_RATE, None)
        self._compile_again()

    def _compile_again(self) -> None:
        """A step that was compiled before knows nothing of another constraint."""
        if getattr(self.model, "train_function", None) is not None:
            self.model.make_train_function(force=True)

    def synchronize(self) -> None:
        """On JAX the variables are read and written between steps only after this."""
        if keras.backend.backend() == "jax":
            self.model.jax_state_sync()

    def write_state(self) -> None:
        """Brings switch and ceilings to the step."""
        self._switch.assign(1.0 if self.enabled else 0.0)
        self._rate.assign(self._rate_factor)
        for (ceiling, _, _), r in zip(self._states, self.ceilings.all):
            ceiling.assign(math.inf if r is None else r)

    def header(self) -> Dict[str, Any]:
        optimizer = self.model.optimizer
        self.synchronize()
        return {
            "parameters": self._parameters,
            "experiment": {
                "framework": self.framework,
                "model": self.model.name,
                "optimizer": {
                    key: Rounded(value) if isinstance(value, float) else value
                    for key, value in optimizer.get_config().items()
                    if isinstance(value, (bool, int, float, str))
                },
            },
            "weights": ", ".join(self._dtypes) or None,
            "tolerance": max(map(tolerance_of, self._dtypes), default=None),
        }

    def notes(self) -> List[str]:
        return self._notes

    def learning_rate(self) -> Optional[float]:
        self.synchronize()
        return float(keras.ops.convert_to_numpy(self.model.optimizer.learning_rate))

    def counters(self) -> Callable[[], List[Tuple[int, int, float]]]:
        self.synchronize()
        counters = self._read_counters()
        return lambda: self._totals.update(counters)

    def _read_counters(self) -> List[Tuple[int, int, float]]:
        counters = []
        for _, counts, lost in self._states:
            exceeded, clipped = keras.ops.convert_to_numpy(counts.value).tolist()
            counters.append((exceeded, clipped, float(keras.ops.convert_to_numpy(lost.value))))
        return counters

    def sample(self, norms: bool) -> Sample:
        self.synchronize()
        weights = [keras.ops.convert_to_numpy(variable.value).copy() for _, variable, _ in self._found]
        counters = self._read_counters()
        return ArraySample(
            self.layers,
            [axes for _, _, axes in self._found],
            weights,
            lambda: counters,
            self._totals,
            self.ceilings.all,
            norms,
        )

    def ceilings_changed(self, projects: bool) -> None:
        self.synchronize()
        self.write_state()
        if not (projects and self.enabled):
            return
        for (_, variable, _), (_, counts, _) in zip(self._found, self._states):
            exceeded = keras.ops.convert_to_numpy(counts.value)[0]
            variable.assign(variable.constraint(variable))
            after = keras.ops.convert_to_numpy(counts.value)
            counts.assign([exceeded, after[1]])

    def read(self, setting: str) -> Tuple[Optional[float], Any]:
        if setting != "learning_rate":
            raise Refusal(f"{setting}: Keras has compiled it into the step")
        rate = self.learning_rate()
        return rate, self._rate_factor if self._has_schedule else rate

    def write(self, setting: str, value: float) -> None:
        """Changes the rate; one that follows a schedule goes on in proportion."""
        now = self.learning_rate()
        if not self._has_schedule:
            self.model.optimizer.learning_rate = value
        elif not now:
            raise Refusal(SCHEDULE_AT_0)
        else:
            self.restore(setting, self._rate_factor * value / now)

    def restore(self, setting: str, state: Any) -> None:
        self.synchronize()
        if self._has_schedule:
            self._rate_factor = state
            self._rate.assign(state)
        else:
            self.model.optimizer.learning_rate = state

    def request_stop(self) -> bool:
        self.model.stop_training = True
        return True


class MaxNormCallback(keras.callbacks.Callback):
    """Holds a model's weights under a ceiling during `fit`, and tells what happens.

    Args:
        max_norm: The ceiling r of all layers, or a mapping of name patterns to r or None (``"*"`` for all
            others). None: the model's own `MaxNorm` constraints, or none.
        axis: What a unit is: ``incoming`` weights of an output, ``outgoing`` (over dimension 0 as stored)
            or the whole ``tensor``.
        enabled: Whether units over r are scaled back from the first step on.
        options: Those of `maxnorm.run.Run`: ``log``, ``name``, ``title``, ``every``, ``steer``, …

    Loss and metrics of a batch are worked out of the means over the epoch that Keras gives.
    """

    def __init__(
        self, max_norm: MaxNormSetting = None, *, axis: str = "incoming", enabled: bool = True, **options: Any
    ) -> None:
        super().__init__()
        self._max_norm, self._axis, self._enabled, self._options = max_norm, axis, enabled, options
        self.run: Optional[Run] = None
        self._subject: Optional[_KerasSubject] = None
        self._batch, self._mean = -1, 0.0

    def on_train_begin(self, logs: Optional[Mapping[str, Any]] = None) -> None:
        self._subject = _KerasSubject(self.model, self._max_norm, self._axis, self._enabled)
        params = self.params or {}
        header: Dict[str, Any] = {"steps_per_epoch": params.get("steps")}
        if params.get("steps") and params.get("epochs"):
            header["total_steps"] = params["steps"] * params["epochs"]
        options = dict(self._options)
        options["header"] = {**{k: v for k, v in header.items() if v is not None}, **options.get("header", {})}
        self.run = Run(self._subject, **options)

    def on_epoch_begin(self, epoch: int, logs: Optional[Mapping[str, Any]] = None) -> None:
        self._batch, self._mean = -1, 0.0
        if self.run is not None:
            self.run.epoch(epoch + 1)

    def on_train_batch_end(self, batch: int, logs: Optional[Mapping[str, Any]] = None) -> None:
        if self.run is None:
            return
        # With steps_per_execution, several steps were made.
        made, before = batch - self._batch, self._batch + 1
        self._batch = batch
        mean = (logs or {}).get("loss")
        if mean is not None:
            mean = float(mean)
            self.run.loss((mean * (before + made) - self._mean * before) / made)
            self._mean = mean
        self.run.step += made - 1
        self.run.stepped()

    def on_epoch_end(self, epoch: int, logs: Optional[Mapping[str, Any]] = None) -> None:
        figures = {name: value for name, value in (logs or {}).items() if name not in ("loss", "learning_rate", "lr")}
        if self.run is not None and figures:
            self.run.evaluate(epoch=epoch + 1, **figures)

    def on_train_end(self, logs: Optional[Mapping[str, Any]] = None) -> None:
        if self.run is not None:
            self.run.finish()
        if self._subject is not None:
            self._subject.detach()


def install() -> None:
    """Under ``maxnorm watch``: every `fit` has the callback, in the first process that trains."""
    watcher = Watch.found()
    if watcher is None:
        return
    fit = keras.Model.fit

    @functools.wraps(fit)
    def watched(self: Any, *arguments: Any, **options: Any) -> Any:
        callbacks = options.get("callbacks") or []
        is_list = isinstance(callbacks, (list, tuple))
        if is_list and not any(isinstance(c, MaxNormCallback) for c in callbacks) and watcher.take_token():
            known = {
                k: v
                for k, v in watcher.options.items()
                if k in ("max_norm", "axis", "enabled", "name", "title", "every")
            }
            options["callbacks"] = [*callbacks, MaxNormCallback(**known)]
        return fit(self, *arguments, **options)

    keras.Model.fit = watched


def _owners(model: Any) -> Dict[int, Any]:
    """The innermost layer of each variable, by the variable's id."""
    layers: Dict[int, Any] = {}
    parts_of: Dict[int, int] = {}

    def visit(layer: Any) -> None:
        if id(layer) in layers:
            return
        layers[id(layer)] = layer
        parts = list(getattr(layer, "layers", None) or [])
        for value in vars(layer).values():
            parts += value if isinstance(value, (list, tuple)) else [value]
        parts = [part for part in parts if isinstance(part, keras.Layer)]
        parts_of[id(layer)] = len(parts)
        for part in parts:
            visit(part)

    visit(model)
    owners: Dict[int, Any] = {}
    # The layer itself has the fewest variables of all that hold one, and then the fewest parts.
    for layer in sorted(layers.values(), key=lambda layer: (-len(layer.variables), -parts_of[id(layer)])):
        for variable in layer.variables:
            owners[id(variable)] = layer
    return owners


def _axes(layer: Any, variable: Any, axis: str) -> Tuple[int, ...]:
    """The axes along which a unit's weights lie."""
    every = tuple(range(len(variable.shape)))
    if axis == "tensor":
        return every
    if axis == "outgoing":
        return (0,)
    if variable.name == "embeddings":
        return every[1:]
    if variable.name == "depthwise_kernel" or type(layer).__name__.startswith("Depthwise"):
        return every[:-2]
    if type(layer).__name__.endswith("Transpose"):
        return tuple(place for place in every if place != len(every) - 2)
    equation = getattr(layer, "equation", None)
    if isinstance(equation, str) and "," in equation and "->" in equation:
        _, kernel, output = re.split(",|->", equation.replace("...", ""))
        if len(kernel) == len(every):
            return tuple(place for place in every if kernel[place] not in output)
    return every[:-1]


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
