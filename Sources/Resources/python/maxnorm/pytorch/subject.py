"""A PyTorch training as a run's subject."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

import torch
from torch import nn
from torch.optim import Optimizer

from ..encoding import Norms
from ..layers import Ceilings, WeightLayer, tolerance_of
from ..subject import DIGEST_UNITS, LayerFigures, Sample, Subject, digest_of, figures_of
from .distributed import Team
from .library import LibraryError, NativeProjection, fits, load
from .projection import Figures, Projection, Snapshot
from .settings import Settings
from .survey import WeightTensor, survey

__all__ = ["TorchSubject"]

#: Units of a digest that are named.
_LARGEST = 8


class TorchSubject(Subject):
    """Models and their optimizers."""

    def __init__(
        self,
        models: Sequence[nn.Module],
        optimizers: Sequence[Optimizer],
        max_norm: Any,
        *,
        axis: str = "incoming",
        enabled: bool = True,
        schedulers: Optional[Sequence[Any]] = None,
        library: Optional[str] = None,
    ) -> None:
        self.framework = f"torch {torch.__version__}"
        self.models, self.optimizers = list(models), list(optimizers)
        self.enabled = enabled
        self._axis = axis
        owner = self._owners()
        found = survey(self.models, set(owner), axis)
        self._notes = found.notes
        self.tensors: List[WeightTensor] = found.tensors
        self.layers: List[WeightLayer] = [tensor.layer for tensor in self.tensors]
        self.ceilings = Ceilings(max_norm, [layer.name for layer in self.layers])
        self.settings = Settings(self.models, self.optimizers, schedulers)
        self.is_collective = any(tensor.shard is not None for tensor in self.tensors)
        self._team: Optional[Team] = None
        self._project_natively = self._load(library)
        #: For each optimizer its projections, one a device and kind of memory, with their tensors' places.
        self.projections: List[List[Tuple[List[int], Projection]]] = []
        for place in range(len(self.optimizers)):
            own = [index for index, tensor in enumerate(self.tensors) if owner[id(tensor.parameter)] == place]
            self.projections.append([(indices, self._projection(indices)) for indices in self._alike(own)])
        #: The same of tensors that came later, which stand behind the layers.
        self._added: List[List[Tuple[List[int], Projection]]] = [[] for _ in self.optimizers]
        self._set_ceilings()

    def _owners(self) -> Dict[int, int]:
        """The place of the optimizer that has a parameter, by the parameter's id."""
        return {
            id(parameter): place
            for place, optimizer in enumerate(self.optimizers)
            for group in optimizer.param_groups
            for parameter in group["params"]
        }

    def hold_added(self) -> List[str]:
        """Takes weights that were added to an optimizer under their ceilings; returns their names.

        What layers there are stands in the header, so that these are in no record.
        """
        owner, known = self._owners(), {id(tensor.parameter) for tensor in self.tensors}
        found = [t for t in survey(self.models, set(owner), self._axis).tensors if id(t.parameter) not in known]
        first = len(self.tensors)
        self.tensors += found
        for place, added in enumerate(self._added):
            own = [first + number for number, tensor in enumerate(found) if owner[id(tensor.parameter)] == place]
            added += [(indices, self._projection(indices)) for indices in self._alike(own)]
        self._set_ceilings()
        return [tensor.layer.name for tensor in found]

    def _load(self, library: Optional[str]) -> Any:
        if library is None:
            return None
        try:
            return load(library)
        except LibraryError as error:
            self._notes.append(f"{error}: PyTorch's operations are used")
            return None

    def _alike(self, indices: Sequence[int]) -> List[List[int]]:
        groups: Dict[Any, List[int]] = {}
        for index in indices:
            tensor = self.tensors[index]
            native = self._project_natively is not None and fits(tensor)
            groups.setdefault((tensor.parameter.device, native), []).append(index)
        return list(groups.values())

    def _projection(self, indices: Sequence[int]) -> Projection:
        tensors = [self.tensors[index] for index in indices]
        tolerances = [tolerance_of(_dtype(tensor.parameter)) for tensor in tensors]
        if self._project_natively is not None and all(map(fits, tensors)):
            return NativeProjection(tensors, tolerances, self._project_natively)
        return Projection(tensors, tolerances)

    #: What a framework above PyTorch does for a viewer: end its loop, write its checkpoint.
    on_stop: Optional[Callable[[], None]] = None
    on_checkpoint: Optional[Callable[[], str]] = None

    def request_stop(self) -> bool:
        if self.on_stop is None:
            return False
        self.on_stop()
        return True

    def save_checkpoint(self) -> str:
        return self.on_checkpoint() if self.on_checkpoint is not None else super().save_checkpoint()

    # What the hooks call.

    def project(self, optimizer: int) -> None:
        """After a step of an optimizer: counts, and scales back if the constraint is on."""
        if self.failure is None:
            for _, projection in self.projections[optimizer]:
                projection.project(self.enabled)
            for _, projection in self._added[optimizer]:
                projection.project(self.enabled)

    # What the run asks.

    def header(self) -> Dict[str, Any]:
        parameters = {id(p): p for model in self.models for p in model.parameters() if p.requires_grad}
        dtypes = sorted({_dtype(tensor.parameter) for tensor in self.tensors})
        optimizers = [_described(optimizer) for optimizer in self.optimizers]
        return {
            "parameters": sum(parameter.numel() for parameter in parameters.values()),
            "threads": torch.get_num_threads(),
            "experiment": {
                "framework": self.framework,
                "model": ", ".join(type(model).__name__ for model in self.models),
                "optimizer": optimizers[0] if len(optimizers) == 1 else optimizers,
            },
            "weights": dtypes[0] if len(dtypes) == 1 else ", ".join(dtypes) or None,
            "tolerance": max(map(tolerance_of, dtypes), default=None),
        }

    def notes(self) -> List[str]:
        return self._notes

    def learning_rate(self) -> Optional[float]:
        return self.settings.learning_rate()

    def sample(self, norms: bool) -> Sample:
        for group in (*self.projections, *self._added):
            for _, projection in group:
                projection.look_for_frozen()
        taken = [(indices, projection.snapshot()) for group in self.projections for indices, projection in group]
        if self.is_collective and self._team is not None:
            taken = [(indices, self._merged(indices, snapshot())) for indices, snapshot in taken]
        return _TorchSample(taken, self.ceilings.all, norms)

    def counters(self) -> Callable[[], List[Tuple[int, int, float]]]:
        taken = [(indices, projection.counters()) for group in self.projections for indices, projection in group]

        def resolve() -> List[Tuple[int, int, float]]:
            found: Dict[int, Tuple[int, int, float]] = {}
            for indices, counters in taken:
                for index, exceeded, clipped, shrink in zip(indices, *counters()):
                    found[index] = (int(exceeded), int(clipped), shrink)
            return [found[index] for index in range(len(found))]

        return resolve

    def share(self, team: Team) -> None:
        """From here on samples are those of all ranks, on rank 0."""
        self._team = team

    def _merged(self, indices: Sequence[int], own: Figures) -> Snapshot:
        """The rows of all ranks as whole layers; what every rank has whole is rank 0's."""
        assert self._team is not None
        parts = self._team.gather(own)
        if parts is not None:
            for place, index in enumerate(indices):
                shard = self.tensors[index].shard
                if shard is None or shard.spans:
                    continue
                own.squared[place] = torch.cat([part.squared[place] for part in parts])
                for counts in ("exceeded", "clipped", "shrink"):
                    getattr(own, counts)[place] = sum(getattr(part, counts)[place] for part in parts)
        return lambda: own

    def ceilings_changed(self, projects: bool) -> None:
        self._set_ceilings()
        if projects and self.enabled:
            for group in (*self.projections, *self._added):
                for _, projection in group:
                    projection.project(True, counts=False)

    def _set_ceilings(self) -> None:
        late = [self.ceilings.matching(tensor.layer.name) for tensor in self.tensors[len(self.layers) :]]
        ceilings = [*self.ceilings.all, *late]
        for group in (*self.projections, *self._added):
            for indices, projection in group:
                projection.set_ceilings([ceilings[index] for index in indices])

    def read(self, setting: str) -> Tuple[Optional[float], Any]:
        return self.settings.read(setting)

    def write(self, setting: str, value: float) -> None:
        self.settings.write(setting, value)

    def restore(self, setting: str, state: Any) -> None:
        self.settings.restore(setting, state)


class _TorchSample(Sample):
    def __init__(
        self, taken: Sequence[Tuple[List[int], Snapshot]], ceilings: Sequence[Optional[float]], norms: bool
    ) -> None:
        self._taken, self._ceilings, self._norms = taken, ceilings, norms
        self._resolved: Optional[List[LayerFigures]] = None

    def resolve(self) -> List[LayerFigures]:
        if self._resolved is None:
            figures: Dict[int, LayerFigures] = {}
            for indices, snapshot in self._taken:
                taken = snapshot()
                for place, index in enumerate(indices):
                    figures[index] = self._layer(
                        taken.squared[place].sqrt(),
                        self._ceilings[index],
                        int(taken.exceeded[place]),
                        int(taken.clipped[place]),
                        taken.shrink[place],
                    )
            self._resolved = [figures[index] for index in range(len(figures))]
        return self._resolved

    def _layer(
        self, norms: torch.Tensor, ceiling: Optional[float], exceeded: int, clipped: int, shrink: float
    ) -> LayerFigures:
        # Sorting in PyTorch lets the interpreter go on meanwhile.
        ascending: Any = norms.sort().values
        every, digest = None, None
        if self._norms and len(norms) <= DIGEST_UNITS:
            every = Norms(norms.tolist())
        elif self._norms:
            top = norms.topk(_LARGEST)
            digest = digest_of(ascending, list(zip(top.indices.tolist(), top.values.tolist())))
        if len(norms) <= DIGEST_UNITS:
            ascending = ascending.tolist()
        return figures_of(ascending, ceiling, exceeded, clipped, shrink, every, digest)


def _dtype(parameter: torch.Tensor) -> str:
    return str(parameter.dtype).replace("torch.", "")


#: PyTorch's names of settings, where the program has others.
_NAMES = {"lr": "learning_rate", "eps": "epsilon"}


def _described(optimizer: Optimizer) -> Dict[str, Any]:
    """The optimizer's settings, those of its first group, under the names that the program has for them."""
    described: Dict[str, Any] = {"name": type(optimizer).__name__.lower()}
    for key, value in optimizer.param_groups[0].items():
        if key != "params" and isinstance(value, (bool, int, float, str, tuple, list)):
            described[_NAMES.get(key, key)] = value
    if len(optimizer.param_groups) > 1:
        described["groups"] = len(optimizer.param_groups)
    return described
