"""Runs of JAX with optax: a gradient transformation, and one line in the loop.

    mn = maxnorm.optax.watch(params, max_norm=2.0)
    tx = optax.chain(optax.adam(1e-3), mn.transformation)     # the last of the chain
    ...
    params, opt_state, loss = step(params, opt_state, batch)  # compiled once
    params, opt_state = mn.after(params, opt_state, loss)     # in the loop, outside of what is compiled

Ceilings, switch and counts are arrays of the transformation's state: a change reaches the compiled step
without compiling again, and nothing calls back from it.
"""

from __future__ import annotations

import math
import re
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Sequence, Tuple, Union

import jax
import jax.numpy as jnp
import optax

from .arrays import ArraySample, Totals, project, units_of
from .changes import SCHEDULE_AT_0
from .commands import Refusal
from .layers import Ceilings, MaxNorm, WeightLayer, tolerance_of
from .run import Run
from .subject import Sample, Subject

__all__ = ["MaxNormState", "OptaxRun", "watch"]

#: For a leaf's path and the leaf, the axes along which a unit's weights lie; None: no unit's.
Axes = Callable[[str, Any], Optional[Tuple[int, ...]]]


class MaxNormState(NamedTuple):
    """The transformation's state: an entry for each weight tensor, `[tensors]`."""

    #: r, infinite where there is none: float32.
    ceilings: Any
    #: 1 where the constraint is on, 0 where it observes.
    switch: Any
    #: Units over r, and units scaled back, since the start, modulo 2³²: int32.
    exceeded: Any
    clipped: Any
    #: The sum of 1 − r/n over the units that were scaled back: float32.
    lost: Any
    #: All changes of a scheduled learning rate so far, multiplied: float32.
    rate: Any


class _Leaf(NamedTuple):
    place: int
    layer: WeightLayer
    axes: Tuple[int, ...]
    tolerance: float


class _OptaxSubject(Subject):
    def __init__(
        self,
        params: Any,
        max_norm: MaxNorm,
        axis: str,
        axes: Optional[Axes],
        enabled: bool,
        learning_rate: Union[None, float, optax.Schedule],
    ) -> None:
        self.framework = f"jax {jax.__version__}, optax {optax.__version__}"
        self.enabled = enabled
        leaves, self._structure = jax.tree_util.tree_flatten_with_path(params)
        self._parameters = sum(math.prod(jnp.shape(leaf)) for _, leaf in leaves)
        self.leaves = _survey(leaves, axis, axes)
        self._dtypes = sorted({str(leaves[leaf.place][1].dtype) for leaf in self.leaves})
        self.layers = [leaf.layer for leaf in self.leaves]
        self.ceilings = Ceilings(max_norm, [layer.name for layer in self.layers])
        self._totals = Totals(len(self.leaves))
        #: The rate of a step by its number from 0, as the optimizer has it.
        self._schedule: Optional[Callable[[int], Any]] = None
        if learning_rate is not None:
            self._schedule = jax.jit(learning_rate) if callable(learning_rate) else lambda step: learning_rate
        self._rate_factor = 1.0
        #: Steps made.
        self.steps = 0
        #: Between `after` and the next step: the optimizer's state and the parameters.
        self.opt_state: Any = None
        self.params: Any = None

    # In the compiled step.

    def init(self, params: Any) -> MaxNormState:
        count = len(self.leaves)
        return MaxNormState(
            self._ceilings(),
            self._switch(),
            jnp.zeros(count, jnp.int32),
            jnp.zeros(count, jnp.int32),
            jnp.zeros(count, jnp.float32),
            self._rate(),
        )

    def update(self, updates: Any, state: MaxNormState, params: Any = None) -> Tuple[Any, MaxNormState]:
        if params is None:
            raise ValueError("maxnorm: optax: expected update(grads, state, params), found no params")
        weights = jax.tree_util.tree_leaves(params)
        changes, structure = jax.tree_util.tree_flatten(updates)
        # Behind the optimizer: what it wants to add, its rate included.
        changes = [_scaled(change, state.rate) for change in changes]
        exceeded, clipped, lost = [], [], []
        for number, leaf in enumerate(self.leaves):
            weight, change = weights[leaf.place], changes[leaf.place]
            after = (weight + change).astype(weight.dtype)
            found = _project(after, leaf, state.ceilings[number], state.switch)
            # Where nothing was scaled the update itself stays, bit for bit.
            changes[leaf.place] = jnp.where(found.weight != after, (found.weight - weight).astype(change.dtype), change)
            exceeded.append(found.exceeded)
            clipped.append(found.clipped)
            lost.append(found.lost)
        if self.leaves:
            state = state._replace(
                exceeded=state.exceeded + jnp.stack(exceeded),
                clipped=state.clipped + jnp.stack(clipped),
                lost=state.lost + jnp.stack(lost),
            )
        return jax.tree_util.tree_unflatten(structure, changes), state

    # Between two steps.

    def _ceilings(self) -> Any:
        return jnp.asarray([math.inf if r is None else r for r in self.ceilings.all], jnp.float32)

    def _switch(self) -> Any:
        return jnp.asarray(1.0 if self.enabled else 0.0, jnp.float32)

    def _rate(self) -> Any:
        return jnp.asarray(self._rate_factor, jnp.float32)

    def _own_state(self) -> MaxNormState:
        states = [state for state in jax.tree_util.tree_leaves(self.opt_state, is_leaf=_is_own) if _is_own(state)]
        if len(states) != 1:
            raise ValueError(f"maxnorm: optax: expected mn.transformation once in the chain, found {len(states)}")
        return states[0]

    def _put(self, is_it: Callable[[Any], bool], change: Callable[[Any], Any]) -> None:
        self.opt_state = jax.tree_util.tree_map(
            lambda state: change(state) if is_it(state) else state, self.opt_state, is_leaf=is_it
        )

    def header(self) -> Dict[str, Any]:
        return {
            "parameters": self._parameters,
            "experiment": {"framework": self.framework},
            "weights": ", ".join(self._dtypes) or None,
            "tolerance": max(map(tolerance_of, self._dtypes), default=None),
        }

    def _copied_counters(self) -> Callable[[], List[Tuple[int, int, float]]]:
        state = self._own_state()
        # Copies, for the step may be given the memory of what it reads.
        counters = [jnp.copy(array) for array in (state.exceeded, state.clipped, state.lost)]
        return lambda: list(zip(*(array.tolist() for array in counters)))

    def counters(self) -> Callable[[], List[Tuple[int, int, float]]]:
        counters = self._copied_counters()
        return lambda: self._totals.update(counters())

    def sample(self, norms: bool) -> Sample:
        weights = jax.tree_util.tree_leaves(self.params)
        copies = [jnp.copy(weights[leaf.place]) for leaf in self.leaves]
        return ArraySample(
            self.layers,
            [leaf.axes for leaf in self.leaves],
            copies,
            self._copied_counters(),
            self._totals,
            self.ceilings.all,
            norms,
        )

    def ceilings_changed(self, projects: bool) -> None:
        if self.opt_state is None:
            return
        self._put(_is_own, lambda state: state._replace(ceilings=self._ceilings(), switch=self._switch()))
        if not (projects and self.enabled):
            return
        weights, structure = jax.tree_util.tree_flatten(self.params)
        state = self._own_state()
        clipped, lost = [], []
        for number, leaf in enumerate(self.leaves):
            found = _project(weights[leaf.place], leaf, state.ceilings[number], state.switch)
            weights[leaf.place] = found.weight
            clipped.append(found.clipped)
            lost.append(found.lost)
        self.params = jax.tree_util.tree_unflatten(structure, weights)
        self._put(
            _is_own, lambda own: own._replace(clipped=own.clipped + jnp.stack(clipped), lost=own.lost + jnp.stack(lost))
        )

    def learning_rate(self) -> Optional[float]:
        states = self._hyperparameters("learning_rate")
        if states:
            rate = float(states[0].hyperparams["learning_rate"])
        elif self._schedule is not None:
            # Where nothing of the training is waited for.
            with jax.default_device(jax.devices("cpu")[0]):
                rate = float(self._schedule(max(0, self.steps - 1)))
        else:
            return None
        return rate * self._rate_factor

    def _hyperparameters(self, name: str) -> List[Any]:
        leaves = jax.tree_util.tree_leaves(self.opt_state, is_leaf=_is_injected)
        return [state for state in leaves if _is_injected(state) and name in state.hyperparams]

    def _is_in_proportion(self, setting: str) -> bool:
        """Whether it is the rate, and no state has it that could be given another."""
        if setting != "learning_rate":
            return False
        states = self._hyperparameters(setting)
        return not states or setting in getattr(states[0], "hyperparams_states", {})

    def read(self, setting: str) -> Tuple[Optional[float], Any]:
        if self._is_in_proportion(setting):
            rate = self.learning_rate()
            if rate is None:
                raise Refusal(
                    "learning_rate: expected watch(…, learning_rate=RATE) to tell the optimizer's rate or schedule, or "
                    "an optimizer of optax.inject_hyperparams"
                )
            return rate, self._rate_factor
        states = self._hyperparameters(setting)
        if not states:
            raise Refusal(f"{setting}: expected an optimizer of optax.inject_hyperparams that has it")
        if setting in getattr(states[0], "hyperparams_states", {}):
            raise Refusal(f"{setting}: it follows a schedule that is compiled into the step")
        value = float(states[0].hyperparams[setting])
        return value, value

    def write(self, setting: str, value: float) -> None:
        if self._is_in_proportion(setting):
            now = self.learning_rate()
            if not now:
                raise Refusal(SCHEDULE_AT_0)
            return self._scale_rate(self._rate_factor * value / now)

        def changed(state: Any) -> Any:
            if setting not in state.hyperparams:
                return state
            former = state.hyperparams[setting]
            new = jnp.asarray(value, getattr(former, "dtype", jnp.float32))
            return state._replace(hyperparams={**state.hyperparams, setting: new})

        self._put(_is_injected, changed)

    def restore(self, setting: str, state: Any) -> None:
        if self._is_in_proportion(setting):
            self._scale_rate(state)
        else:
            self.write(setting, state)

    def _scale_rate(self, factor: float) -> None:
        self._rate_factor = factor
        self._put(_is_own, lambda state: state._replace(rate=self._rate()))


class OptaxRun(Run):
    """A run of JAX; `watch` makes one."""

    subject: _OptaxSubject

    @property
    def transformation(self) -> optax.GradientTransformation:
        """The constraint, as the last transformation of a chain."""
        return optax.GradientTransformation(self.subject.init, self.subject.update)

    def after(self, params: Any, opt_state: Any, loss: Any = None) -> Tuple[Any, Any]:
        """After a step, in the loop: tells what happened and returns what to go on with.

        Never waits for the device. The parameters are others than those given only where the constraint
        was switched on or r lowered. `evaluate` may be called between this and the next step.
        """
        if loss is not None:
            self.loss(loss)
        subject = self.subject
        subject.opt_state, subject.params = opt_state, params
        subject.steps = self.step + 1
        self.stepped()
        return subject.params, subject.opt_state


def watch(
    params: Any,
    max_norm: MaxNorm = None,
    *,
    axis: str = "incoming",
    axes: Optional[Axes] = None,
    enabled: bool = True,
    learning_rate: Union[None, float, optax.Schedule] = None,
    **options: Any,
) -> OptaxRun:
    """Watches a training of these parameters.

    Args:
        params: The parameters, a tree of arrays: of flax, haiku, equinox or of your own.
        max_norm: The ceiling r of all weights, or a mapping of name patterns to r or None (``"*"`` for
            all others). None: the run is only observed.
        axis: What a unit is: ``incoming`` weights of an output, ``outgoing`` (over dimension 0 as stored)
            or the whole ``tensor``.
        axes: For a leaf's path and the leaf, the axes along which a unit's weights lie, or None for a leaf
            that is not constrained. Without it, leaves of two dimensions or more are: those named
            ``weight`` are `[out, …]`, embeddings `[vocabulary, size]`, all others `[…, out]`.
        learning_rate: The optimizer's rate or schedule, to be told and changed in proportion; not needed
            where `optax.inject_hyperparams` has it.
        options: Those of `maxnorm.run.Run`: ``log``, ``name``, ``title``, ``every``, ``header``, ``steer``.
    """
    run = OptaxRun(_OptaxSubject(params, max_norm, axis, axes, enabled, learning_rate), **options)
    run.losses.waits = lambda loss: isinstance(loss, jax.Array)
    return run


def _project(weight: Any, leaf: _Leaf, ceiling: Any, switch: Any) -> Any:
    dtype = weight.dtype
    return project(
        jnp,
        weight,
        leaf.axes,
        ceiling,
        switch,
        leaf.tolerance,
        lambda x: x.astype(jnp.float32),
        lambda x: x.astype(jnp.int32),
        lambda x: x.astype(dtype),
    )


def _scaled(change: Any, factor: Any) -> Any:
    """Bit for bit the same where the factor is 1."""
    if not jnp.issubdtype(change.dtype, jnp.floating):
        return change
    return (change * factor).astype(change.dtype)


def _is_own(state: Any) -> bool:
    return isinstance(state, MaxNormState)


def _is_injected(state: Any) -> bool:
    return isinstance(getattr(state, "hyperparams", None), dict)


def _survey(leaves: Sequence[Tuple[Any, Any]], axis: str, axes: Optional[Axes]) -> List[_Leaf]:
    found = []
    names = [_path(path) for path, _ in leaves]
    for place, ((_, leaf), name) in enumerate(zip(leaves, names)):
        if jnp.ndim(leaf) < 2 or not jnp.issubdtype(leaf.dtype, jnp.floating):
            continue
        along = axes(name, leaf) if axes is not None else _axes(name, jnp.ndim(leaf), axis)
        if along is None:
            continue
        layer, _, tensor = name.rpartition(".")
        alone = (
            sum(other.rpartition(".")[0] == layer and jnp.ndim(leaves[i][1]) > 1 for i, other in enumerate(names)) == 1
        )
        shape = tuple(jnp.shape(leaf))
        described = WeightLayer(
            layer if layer and alone else name, "weight", tensor or name, shape, units_of(shape, along), axis
        )
        found.append(_Leaf(place, described, along, tolerance_of(str(leaf.dtype))))
    return found


def _path(path: Sequence[Any]) -> str:
    parts = [getattr(part, "key", getattr(part, "name", getattr(part, "idx", part))) for part in path]
    names = [str(part) for part in parts]
    return ".".join(names[1:] if names[0] == "params" and len(names) > 1 else names)


def _axes(name: str, dimensions: int, axis: str) -> Tuple[int, ...]:
    every = tuple(range(dimensions))
    if axis == "tensor":
        return every
    if axis == "outgoing":
        return (0,)
    layer, _, tensor = name.rpartition(".")
    if tensor in ("weight", "embedding", "embeddings"):
        return every[1:]
    if dimensions == 3 and re.search(r"(query|key|value)$", layer):
        return (0,)  # flax's attention, [in, heads, size]
    return every[:-1]
