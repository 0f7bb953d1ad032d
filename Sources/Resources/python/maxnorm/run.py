"""A run: counts steps and hands its records over; `steering.py` has how it obeys."""

from __future__ import annotations

import os
import secrets
import socket
import time
from typing import Any, Callable, Dict, Mapping, Optional

from . import lifecycle
from .commands import CommandFile
from .losses import Losses
from .recorder import Recorder, open_log
from .registry import RunEntry, timestamp
from .samples import PendingEvaluation, PendingEvent, PendingNorms, PendingStep
from .steering import Due, SteeredRun, Team
from .subject import DIGEST_UNITS, Sample, Subject
from .version import __version__

__all__ = ["Run", "StopTraining"]

#: Asked at every step.
_now = time.monotonic


class StopTraining(SystemExit):
    """Raised between two steps when a viewer stopped the run and the loop does not ask `should_stop`."""


class Run(SteeredRun):
    """A training run as its viewers see it.

    `watch` makes one. The training loop may tell it more: `loss`, `evaluate`, `epoch`; the framework's
    hooks call `stepped` after each optimizer step.
    """

    #: Seconds between step records, at least.
    scalar_interval = 0.1
    #: Seconds between what is told of layers.
    layer_interval = 1.0
    #: Seconds between norms of every unit: of many units the longest, so that a log grows by 7 MB an hour.
    norms_intervals = (5.0, 60.0)
    #: Units whose norms are told in a second.
    norms_rate = 200
    #: Seconds between those that come with evaluations.
    evaluation_norms_interval = 5.0
    #: Seconds between signs of life.
    alive_interval = 2.0
    #: Seconds between norms for a viewer.
    viewer_interval = 0.2

    def __init__(
        self,
        subject: Subject,
        *,
        name: Optional[str] = None,
        title: str = "",
        log: Optional[str] = None,
        overwrite: bool = False,
        every: Optional[int] = None,
        header: Optional[Mapping[str, Any]] = None,
        steer: bool = True,
        origin: bool = True,
        strict: bool = False,
        team: Callable[[], Optional[Team]] = lambda: None,
    ) -> None:
        super().__init__(subject)
        self.name = name or lifecycle.script_name()
        self._title = title
        self._header = dict(header or {})
        self._every = every
        self._steer, self._tells_origin, self._strict = steer, origin, strict
        self._log, self._overwrite = log, overwrite
        self._find_team = team
        self._entry: Optional[RunEntry] = None
        self._begun = self._over = False
        #: Whether only time and the mailbox can make a step worth more than counting.
        self._is_calm = False
        self._warned: set = set()
        self._epoch: Optional[int] = None
        self.losses = Losses()
        self._asks_stop = False
        self._started_at = 0.0
        self._recorded_step = 0
        self._next_record = self._next_layers = self._next_norms = self._next_viewer = 0.0
        self._next_alive = self._next_evaluation_norms = 0.0
        self.run_id = secrets.token_hex(8)
        self.log_path: Optional[str] = None
        #: Called at the end: hooks go.
        self.on_finish: Callable[[], Any] = lambda: None
        lifecycle.enter(self)

    # What a training loop tells.

    def loss(self, value: Any) -> None:
        """Adds the loss of a step: a number, or a tensor that may still be on its way on a device."""
        if not self._over:
            self.losses.add(value)

    def evaluate(self, step: Optional[int] = None, epoch: Optional[int] = None, **figures: Any) -> None:
        """Records figures of an evaluation: ``validation_loss``, ``validation_accuracy``, any others."""
        self._guard(self._evaluate, step, epoch, figures)

    def epoch(self, number: int) -> None:
        """Tells which epoch begins, counted from 1."""
        self._epoch = int(number)

    @property
    def should_stop(self) -> bool:
        """Whether a viewer stopped the run; a loop that asks is not ended by an exception."""
        self._asks_stop = True
        return self._stops

    def finish(self, reason: str = "finished", error: Optional[str] = None, exit_status: int = 0) -> None:
        """Ends the run: what is left is written, the file of commands goes, and weights are held no longer."""
        if self._over:
            return
        self._over = True
        lifecycle.leave(self)
        self._guard(self.on_finish)
        if self._begun:
            self._guard(self._finish, reason, error, exit_status)

    def __enter__(self) -> "Run":
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if kind is None:
            self.finish()
        else:
            self.finish(*lifecycle.reason_of(kind, error))

    # What the framework's hooks call.

    def stepped(self) -> None:
        """An optimizer step is completed, and projected if it was to be."""
        if self._over:
            return
        self.step += 1
        # Nearly all steps: nothing is asked for, and nothing is due.
        if self._is_calm and not self._mailbox and not self._paused and _now() < self._next_record:
            return
        self._look_around()
        self._is_calm = self._begun and not (
            self._every or self._pace or self._stops or self._single_step or self._team is not None
        )

    def _look_around(self) -> None:
        """Tells what is due, obeys, and waits where it is paused or paced."""
        if not self._begun:
            self._guard(self._begin)
        if self._single_step is not None:
            self._guard(self._end_single_step)
        if self._team is not None:
            self._guard(self._obey_together)
        else:
            if self._mailbox:
                self._guard(self._obey)
            due = self._due()
            if due is not None:
                self._guard(self._record, due)
            if self._paused:
                self._wait_while_paused()
        if self._pace:
            self._keep_pace()
        if self._stops and not self._asks_stop and not self.subject.request_stop():
            raise StopTraining(0)

    @property
    def elapsed(self) -> float:
        """Seconds since the first step, without pauses."""
        return time.monotonic() - self._started_at - self._paused_time if self._begun else 0.0

    def constraint_failed(self, error: BaseException) -> None:
        """The projection raised: the constraint is off from here on, told once, unless `strict`."""
        if self._strict:
            raise error
        reason = f"{type(error).__name__}: {error}"
        self.subject.enabled, self.subject.failure = False, reason
        self.warn(f"the constraint is off: {reason}: training goes on without it")
        if self._recorder is not None:
            self._flush_step()
            record = {"type": "event", "step": self.step, "action": "constraint", "from": True, "value": False}
            self._recorder.put({**record, "reason": reason}, urgent=True)

    def warn(self, text: str) -> None:
        """One line on standard error, once; under a watcher, to it alone."""
        if text not in self._warned:
            self._warned.add(text)
            lifecycle.warn(self, text)

    # State that a resumed run goes on from.

    def state_dict(self) -> Dict[str, Any]:
        """Steps, switch, ceilings and counts, for a checkpoint of the script's own."""
        clipped = [layer.clipped for layer in self.subject.sample(norms=False).resolve()]
        return {
            "step": self.step,
            "epoch": self._epoch,
            "elapsed": self.elapsed,
            "enabled": self.subject.enabled,
            "max_norm": self.subject.ceilings.shared,
            "layers": dict(self.subject.ceilings.own),
            "clipped_total": self._tracker.totals(clipped),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Goes on from what `state_dict` gave."""
        self.step = self._recorded_step = int(state["step"])
        self._epoch = state.get("epoch")
        self.subject.enabled = bool(state["enabled"])
        self.subject.ceilings.shared = state["max_norm"]
        self.subject.ceilings.own = dict(state["layers"])
        self.subject.ceilings_changed(projects=False)
        self._tracker.go_on_from(state["clipped_total"])
        self._paused_time -= float(state.get("elapsed", 0.0))

    # Beginning and end.

    def _begin(self) -> None:
        self._begun = True
        self._started_at = self._last_step_at = time.monotonic()
        self._team = self._find_team()
        if self._team is not None:
            self.subject.share(self._team)
            if self._team.rank != 0:
                return
        log = lifecycle.log_path(self._log, self.name)
        descriptor = open_log(log, self._overwrite or self._log in lifecycle.NOT_FILES)
        self.log_path = os.path.abspath(log)
        self._recorder = Recorder(descriptor, self.warn)
        started = timestamp()
        self._recorder.put(self._header_record(started))
        self._next_alive = time.monotonic() + self.alive_interval
        self._recorder.between.append(self._say_alive)
        if self._steer:
            try:
                self._commands = CommandFile(self.log_path + ".commands", self.run_id)
                self._recorder.between.append(self._listen)
            except OSError as error:
                self.warn(f"this run takes no commands: {log}.commands: {error.strerror or error}")
        try:
            self._entry = RunEntry(self.run_id, self.name, self.log_path, started, self.subject.framework)
        except OSError as error:
            self.warn(f"this run is not in the list of live runs: {error}")
        lifecycle.announce(self)

    def _header_record(self, started: str) -> Dict[str, Any]:
        subject = self.subject
        facts = {**subject.header(), **self._header}
        record: Dict[str, Any] = {
            "type": "header",
            "version": 1,
            "program": f"maxnorm.py {__version__}",
            "name": self.name,
            "title": self._title,
            "parameters": facts.pop("parameters", None),
            "batch": facts.pop("batch", None),
            "steps_per_epoch": facts.pop("steps_per_epoch", None),
            "total_steps": facts.pop("total_steps", None),
            "metric": facts.pop("metric", None),
            "goal": facts.pop("goal", None),
            "experiment": facts.pop("experiment", {}),
            "layers": [layer.described(subject.ceilings.of(layer.name)) for layer in subject.layers],
        }
        record.update(facts)
        notes = subject.notes()
        if notes:
            record["notes"] = notes
        record["capabilities"] = ["alive", *(["commands"] if self._steer else [])]
        record["origin"] = {"run_id": self.run_id}
        if self._tells_origin:
            record["origin"].update({"pid": os.getpid(), "host": socket.gethostname()})
        record["origin"].update({"started": started, "framework": subject.framework})
        return {key: value for key, value in record.items() if value is not None}

    def _finish(self, reason: str, error: Optional[str], exit_status: int) -> None:
        if self._recorder is None:
            return
        if self.subject.is_collective:
            # Other ranks may have ended already.
            self._flush_step(layers=False)
        else:
            self._flush_step()
            self._put_norms(self._sample(norms=True))
        if reason == "finished":
            reason = "stopped" if self._stops else "diverged" if self.losses.diverged else "finished"
        tracker, step, elapsed = self._tracker, self.step, round(self.elapsed, 6)

        def end() -> Dict[str, Any]:
            record: Dict[str, Any] = {"type": "end", "step": step, "reason": reason}
            if error:
                record["error"] = error
            record.update(tracker.last_figures())
            record["clipped_total"] = sum(tracker.totals().values())
            record["elapsed"] = elapsed
            return record

        self._recorder.put(PendingEvent(end), urgent=True)
        self._recorder.close()
        if self._commands is not None:
            self._commands.close()
        self._remove_viewer_norms()
        if self._entry is not None:
            self._entry.end(exit_status)

    def abandon(self) -> None:
        """In a child after a fork: the run is the parent's."""
        self._over = True
        if self._recorder is not None:
            self._recorder.abandon()

    # Records.

    def _due(self) -> Optional[Due]:
        """What is to be told now; None: nothing."""
        if self._recorder is None or self._recorder.failed or self.step == self._recorded_step:
            return None
        if self._every:
            if self.step % self._every:
                return None
            now = time.monotonic()
        else:
            now = time.monotonic()
            if now < self._next_record:
                return None
        # Where ranks take samples together, each record has its layers, or their counts would be of more steps.
        together = self.subject.is_collective
        self._next_record = now + (self.layer_interval if together else self.scalar_interval)
        layers = bool(self._every) or together or now >= self._next_layers
        if layers:
            self._next_layers = now + self.layer_interval
        norms = now >= self._next_norms
        if norms:
            units = sum(min(layer.units, DIGEST_UNITS) for layer in self.subject.layers)
            shortest, longest = self.norms_intervals
            self._next_norms = now + min(max(units / self.norms_rate, shortest), longest)
        view = not norms and self._next_viewer <= now < self._viewer_until
        if view:
            self._next_viewer = now + self.viewer_interval
        return Due(layers, norms, view)

    def _record(self, due: Due) -> None:
        tells_norms = due.norms or due.view
        # One sample serves both records.
        sample = self._sample(norms=tells_norms) if due.layers or tells_norms else None
        self._put_step(sample)
        if tells_norms:
            self._put_norms(sample, for_viewer=due.view)

    def _flush_step(self, layers: bool = True) -> None:
        """The record of the steps so far, so that none spans a change."""
        if self.step > self._recorded_step:
            self._put_step(self._sample(norms=False) if layers else None)

    def _put_step(self, sample: Optional[Sample]) -> None:
        subject, losses = self.subject, self.losses.take()
        steps, self._recorded_step = self.step - self._recorded_step, self.step
        if self._recorder is None:
            return
        counts = sample is None and bool(subject.layers) and not subject.is_collective
        self._recorder.put(
            PendingStep(
                self._tracker,
                step=self.step,
                epoch=self._epoch,
                steps=steps,
                losses=losses,
                learning_rate=subject.learning_rate(),
                enabled=subject.enabled,
                max_norm=subject.ceilings.shared,
                has_ceiling=any(ceiling is not None for ceiling in subject.ceilings.all),
                sample=sample,
                counters=subject.counters() if counts else None,
                batch=self._header.get("batch"),
                elapsed=self.elapsed,
            )
        )

    def _sample(self, norms: bool) -> Optional[Sample]:
        """The layers' figures; where all ranks must take them together, also where nothing is written."""
        subject = self.subject
        if not subject.layers or (self._recorder is None and not subject.is_collective):
            return None
        return subject.sample(norms)

    def _put_norms(self, sample: Optional[Sample], for_viewer: bool = False) -> None:
        if self._recorder is None or sample is None:
            return
        path = self.log_path + ".norms" if for_viewer and self.log_path else None
        self._recorder.put(PendingNorms(self._tracker, self.step, sample, path))

    def _evaluate(self, step: Optional[int], epoch: Optional[int], figures: Mapping[str, Any]) -> None:
        if self._over:
            return
        if not self._begun:
            self._begin()
        if self._recorder is None:
            return
        # Perhaps rank 0 evaluates alone: what all ranks must take together comes with their next agreement.
        now = time.monotonic()
        tells_norms = bool(self._every) or now >= self._next_evaluation_norms
        sample = self._sample(norms=True) if tells_norms and not self.subject.is_collective else None
        if tells_norms and self.step > self._recorded_step:
            self._put_step(sample)
        if epoch is not None:
            self._epoch = int(epoch)
        record = PendingEvaluation(self._tracker, self.step if step is None else step, self._epoch, figures)
        self._recorder.put(record, urgent=True)
        if tells_norms:
            self._next_evaluation_norms = now + self.evaluation_norms_interval
            self._put_norms(sample)
            if sample is None:
                self._next_norms = 0.0

    def _say_alive(self) -> None:
        """On the recorder's thread: a step may take longer than a viewer waits for a sign of life."""
        now = time.monotonic()
        if now >= self._next_alive and self._recorder is not None:
            self._next_alive = now + self.alive_interval
            self._recorder.put({"type": "alive", "time": timestamp()})

    def _remove_viewer_norms(self) -> None:
        if self.log_path:
            try:
                os.unlink(self.log_path + ".norms")
            except OSError:
                pass

    def _guard(self, action: Callable[..., None], *arguments: Any) -> None:
        """No exception of ours leaves a hook."""
        try:
            action(*arguments)
        except Exception as error:
            if self._strict:
                raise
            if self._recorder is not None:
                self._recorder.failed = True
            self.warn(f"recording stopped: {_told(error)}: training goes on without it")


def _told(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return f"{type(error).__name__}: {error}"
