"""Runs of PyTorch: `watch` holds a model's weights under a ceiling and tells what happens."""

from __future__ import annotations

import os
import weakref
from typing import Any, Callable, List, Mapping, Optional, Sequence, Union

import torch
from torch import nn
from torch.optim import Optimizer

from ..layers import MaxNorm
from ..lifecycle import Watch
from ..run import Run
from .distributed import team_of
from .hooks import after_adding, after_step
from .subject import TorchSubject
from .transfer import fetch_scalars

__all__ = ["watch"]

#: The run of each optimizer: watched again, as in a notebook's cell, the former run ends.
_runs: "weakref.WeakKeyDictionary[Optimizer, Run]" = weakref.WeakKeyDictionary()


def watch(
    model: Union[nn.Module, Sequence[nn.Module]],
    optimizer: Union[Optimizer, Sequence[Optimizer]],
    max_norm: MaxNorm = None,
    *,
    enabled: bool = True,
    axis: str = "incoming",
    name: Optional[str] = None,
    title: str = "",
    log: Optional[str] = None,
    overwrite: bool = False,
    every: Optional[int] = None,
    batch: Optional[int] = None,
    steps_per_epoch: Optional[int] = None,
    total_steps: Optional[int] = None,
    metric: Optional[str] = None,
    goal: Optional[str] = None,
    scheduler: Any = None,
    library: Optional[str] = None,
    steer: bool = True,
    strict: bool = False,
    agree_every: int = 10,
) -> Run:
    """Watches a training: after each optimizer step weights are held to `max_norm` and counted.

    Each unit's incoming weight vector ``w`` whose L2 norm exceeds r is scaled back, ``w ← w · r / ‖w‖₂``;
    everything else stays bit for bit as it is, and so does the optimizer's state (Srivastava et al. 2014,
    section 5.1).

    Args:
        model: A module, wrapped and compiled or not, or several.
        optimizer: The optimizer of its parameters, or several. A step of the run is a step of the
            optimizer that makes most of them.
        max_norm: The ceiling r of all layers, or a mapping of name patterns to r or None, of which
            ``"*"`` stands for all others. None: the run is only observed.
        enabled: Whether units over r are scaled back from the first step on.
        axis: What a unit is: ``incoming`` weights of an output, ``outgoing`` (norms over dimension 0, as
            ``param.norm(2, dim=0)``), or the whole ``tensor``.
        log: The file of records; else a new one in the folder ``maxnorm-runs``.
        every: Optimizer steps between records; else a record comes every 100 ms at most.
        batch: Examples in a step, for the examples a second.
        metric: The figure of evaluations that says what is best, and which way it improves by `goal`,
            ``minimize`` or ``maximize``.
        scheduler: The learning rate schedulers, which otherwise are looked for when a rate is changed.
        library: The path that ``maxnorm python --library`` prints, for the program's own kernels.
        steer: Whether the run takes commands from ``LOG.commands``.
        strict: Whether errors of recording and projection are raised, rather than told once.
        agree_every: With several ranks, steps from one agreement on commands to the next.
    """
    models, optimizers = _listed(model), _listed(optimizer)
    schedulers = None if scheduler is None else _listed(scheduler)
    for each in optimizers:
        former = _runs.pop(each, None)
        if former is not None:
            former.finish()
    watcher = Watch.found()
    if library is None:
        library = os.environ.get("MAXNORM_LIBRARY") or (watcher.options.get("library") if watcher else None)
    subject = TorchSubject(
        models, optimizers, max_norm, axis=axis, enabled=enabled, schedulers=schedulers, library=library
    )
    header = {
        "batch": batch,
        "steps_per_epoch": steps_per_epoch,
        "total_steps": total_steps,
        "metric": metric,
        "goal": goal,
    }
    run = Run(
        subject,
        name=name,
        title=title,
        log=log,
        overwrite=overwrite,
        every=every,
        steer=steer,
        strict=strict,
        team=lambda: team_of(agree_every),
        header={key: value for key, value in header.items() if value is not None},
    )
    run.losses.waits = lambda loss: isinstance(loss, torch.Tensor) and loss.device.type != "cpu"
    run.losses.fetch = fetch_scalars
    handles: List[Callable[[], None]] = []
    counts = [0] * len(optimizers)
    for place, each in enumerate(optimizers):
        handles.append(after_step(each, action_of(run, place, counts)))
        handles.append(after_adding(each, lambda: run._guard(_hold_added, run)))
        _runs[each] = run
    if batch is None:
        _look_for_batch(models[0], run)
    run.on_finish = lambda: [end() for end in handles]
    return run


def _listed(value: Any) -> List[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def action_of(run: Run, place: int = 0, counts: Sequence[int] = (0,)) -> Callable[[], None]:
    """What runs after each step of the optimizer at `place`; `counts` holds the steps of each."""
    subject: Any = run.subject
    project = subject.project
    if len(counts) == 1:

        def after_only_step() -> None:
            try:
                project(0)
            except Exception as error:  # told once; the constraint is off then
                run.constraint_failed(error)
            run.stepped()

        return after_only_step

    steps: Any = counts

    def after() -> None:
        try:
            project(place)
        except Exception as error:
            run.constraint_failed(error)
        steps[place] += 1
        # A step of the run is one of the optimizer that is ahead.
        if steps[place] == max(steps) and steps.count(steps[place]) == 1:
            run.stepped()

    return after


def _hold_added(run: Run) -> None:
    """Parameters were added to an optimizer, as where layers are thawed one after the other."""
    names = run.subject.hold_added()  # type: ignore[attr-defined]
    if names:
        shown = ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")
        run.warn(f"added to the optimizer after the run began: held, but in no record: {shown}")


def _look_for_batch(model: nn.Module, run: Run) -> None:
    """Takes the number of examples from the model's first input."""
    if not hasattr(nn.Module, "register_full_backward_pre_hook") or hasattr(model, "_orig_mod"):
        return  # PyTorch 1.13 hides named arguments; a compiled model would be compiled again

    def look(_: nn.Module, arguments: Any, named: Mapping[str, Any]) -> None:
        handle.remove()
        for value in [*arguments, *named.values()]:
            if isinstance(value, torch.Tensor) and value.dim() > 0:
                run._header.setdefault("batch", int(value.shape[0]))
                return

    handle = model.register_forward_pre_hook(look, with_kwargs=True)
