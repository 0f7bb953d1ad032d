"""A run: counts steps, hands its records over, obeys commands between two steps."""

from __future__ import annotations

import os
import secrets
import socket
import threading
import time
from collections import deque
from dataclasses import asdict
from typing import Any, Callable, Deque, Dict, List, Mapping, NamedTuple, Optional, Protocol, Tuple, Union

from . import lifecycle
from .commands import Command, CommandFile, Refusal
from .losses import Losses
from .recorder import Recorder, open_log
from .registry import RunEntry, timestamp
from .samples import PendingEvaluation, PendingEvent, PendingNorms, PendingStep, Tracker
from .subject import DIGEST_UNITS, Sample, Subject
from .version import __version__

__all__ = ["Run", "StopTraining"]


class StopTraining(SystemExit):
    """Raised between two steps when a viewer stopped the run and the loop does not ask `should_stop`."""


class Team(Protocol):
    """The ranks of a run, as `pytorch.distributed.Team` has them."""

    rank: int
    #: Steps from one agreement to the next.
    every: int

    def agree(self, plan: Optional[Dict[str, Any]], failed: bool) -> Tuple[Dict[str, Any], bool]:
        """Rank 0's plan, and whether a rank failed."""


class _Due(NamedTuple):
    """What is to be told after a step, beside the losses."""

    layers: bool = False
    norms: bool = False
    #: Norms for a viewer, beside the log.
    view: bool = False


class Run:
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
    #: Seconds between norms for a viewer, and from its last heartbeat to its end.
    viewer_interval = 0.2
    viewer_timeout = 10.0

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
        self.subject = subject
        self.name = name or lifecycle.script_name()
        self.step = 0
        self._title = title
        self._header = dict(header or {})
        self._every = every
        self._steer, self._tells_origin, self._strict = steer, origin, strict
        self._log, self._overwrite = log, overwrite
        self._find_team = team
        #: None where the process is alone.
        self._team: Optional[Team] = None
        self._recorder: Optional[Recorder] = None
        self._entry: Optional[RunEntry] = None
        self._commands: Optional[CommandFile] = None
        self._mailbox: Deque[Union[Command, Refusal]] = deque()
        self._mail = threading.Condition()
        self._begun = self._over = False
        self._warned: set = set()
        self._epoch: Optional[int] = None
        self.losses = Losses()
        self._changes: List[_Change] = []
        self._paused = self._stops = self._asks_stop = False
        #: The command that lets one step be made.
        self._single_step: Optional[Command] = None
        self._pace = 0.0
        self._last_step_at = 0.0
        self._started_at = self._paused_time = 0.0
        self._recorded_step = 0
        self._next_record = self._next_layers = self._next_norms = self._next_viewer = 0.0
        self._viewer_until = 0.0
        self._next_alive = self._next_evaluation_norms = 0.0
        self._tracker = Tracker(subject.layers)
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

    def _due(self) -> Optional[_Due]:
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
        return _Due(layers, norms, view)

    def _record(self, due: _Due) -> None:
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

    # Commands.

    def _say_alive(self) -> None:
        """On the recorder's thread: a step may take longer than a viewer waits for a sign of life."""
        now = time.monotonic()
        if now >= self._next_alive and self._recorder is not None:
            self._next_alive = now + self.alive_interval
            self._recorder.put({"type": "alive", "time": timestamp()})

    def _listen(self) -> None:
        """On the recorder's thread."""
        if self._commands is None:
            return
        now = time.monotonic()
        if self._viewer_until and now > self._viewer_until:
            self._viewer_until = 0.0
            self._remove_viewer_norms()
        found = self._commands.poll()
        for command in found:
            if isinstance(command, Command) and command.action == "watch":
                self._viewer_until = now + self.viewer_timeout
                continue
            with self._mail:
                self._mailbox.append(command)
                self._mail.notify_all()

    def _remove_viewer_norms(self) -> None:
        if self.log_path:
            try:
                os.unlink(self.log_path + ".norms")
            except OSError:
                pass

    def _obey(self) -> None:
        while self._mailbox:
            self._carry_out(self._mailbox.popleft())

    def _obey_together(self) -> None:
        """All ranks carry out the same commands and tell the same step, after the same step."""
        team = self._team
        if team is None or not (self._paused or self.step % team.every == 0):
            return
        while True:
            plan, failed = team.agree(self._plan() if team.rank == 0 else None, self.subject.failure is not None)
            if failed and self.subject.failure is None:
                self.constraint_failed(RuntimeError("it failed on another rank"))
            for fields in plan.get("commands", []):
                self._carry_out(Command(**fields))
            if "due" in plan:
                self._record(_Due(*plan["due"]))
            if not self._paused or self._stops:
                return
            if team.rank == 0:
                start = time.monotonic()
                with self._mail:
                    if not self._mailbox:
                        # Far below any time-out of the other ranks, which wait to agree again.
                        self._mail.wait(0.25)
                self._paused_time += time.monotonic() - start
                if self._recorder is None or self._recorder.failed or self._commands is None:
                    self._mailbox.append(Command("resume"))

    def _plan(self) -> Dict[str, Any]:
        """What rank 0 tells all ranks to do now."""
        plan: Dict[str, Any] = {}
        commands = []
        while self._mailbox:
            command = self._mailbox.popleft()
            if isinstance(command, Refusal):
                self._answer(command.record())
            elif command.expires is not None and command.expires <= time.time():
                self._answer(Refusal("expires: the command came too late", command.id).record())
            else:
                commands.append({**asdict(command), "expires": None})
        if commands:
            plan["commands"] = commands
        due = self._due()
        if due is not None:
            plan["due"] = list(due)
        return plan

    def _end_single_step(self) -> None:
        command, self._single_step = self._single_step, None
        self._paused = True
        if command is not None:
            self._event(command)

    def _wait_while_paused(self) -> None:
        """Holds the training; ends by itself where nobody could end it any more."""
        start = time.monotonic()
        while self._paused and not self._stops:
            if self._recorder is None or self._recorder.failed or self._commands is None:
                self._paused = False
                break
            with self._mail:
                if not self._mailbox:
                    self._mail.wait(1.0)
            pause_so_far = time.monotonic() - start
            self._paused_time += pause_so_far
            start = time.monotonic()
            self._guard(self._obey)
        self._last_step_at = time.monotonic()

    def _keep_pace(self) -> None:
        due = self._last_step_at + 1 / self._pace
        while self._pace:
            remaining = due - time.monotonic()
            if remaining <= 0:
                break
            with self._mail:
                if self._mail.wait(min(remaining, 0.25)):
                    break
        self._last_step_at = time.monotonic()

    def _answer(self, record: Dict[str, Any]) -> None:
        if self._recorder is not None:
            self._recorder.put(record, urgent=True)

    def _carry_out(self, command: Union[Command, Refusal]) -> None:
        try:
            if isinstance(command, Refusal):
                raise command
            if command.expires is not None and command.expires <= time.time():
                raise Refusal("expires: the command came too late", command.id)
            self._perform(command)
        except Refusal as refusal:
            if refusal.id is None and isinstance(command, Command):
                refusal.id = command.id
            self._answer(refusal.record())

    def _perform(self, command: Command) -> None:
        action = command.action
        if action == "undo":
            self._undo(command)
        elif action in ("constraint", "max_norm", "learning_rate", "momentum", "weight_decay", "dropout"):
            self._change(command)
        elif action == "pause":
            if self._paused:
                raise Refusal("pause: the run is paused already", unchanged=True)
            self._event(command, time=True)
            self._paused = True
        elif action == "resume":
            if not self._paused:
                raise Refusal("resume: the run is not paused", unchanged=True)
            self._event(command, time=True)
            self._paused = False
        elif action == "step":
            if not self._paused:
                raise Refusal("step: the run is not paused")
            # Its event comes after the step.
            self._single_step, self._paused = command, False
        elif action == "pace":
            former, self._pace = self._pace, float(command.value or 0)
            self._event(command, former, self._pace)
        elif action == "checkpoint":
            path = self.subject.save_checkpoint()
            self._event(command, value=path)
        elif action == "stop":
            self._event(command)
            self._stops, self._paused = True, False
        else:
            raise Refusal(f"{action}: a run of {self.subject.framework.split(' ')[0]} cannot do it")

    def _change(self, command: Command) -> None:
        action, layer, value = command.action, command.layer, command.value
        if layer is not None and layer not in self.subject.ceilings.names:
            raise Refusal(f"max_norm: layer: expected one of the header's layers, found {layer[:40]!r}")
        former, state = self._read(action, layer)
        if former == value:
            raise Refusal(f"{action}: it is so already", unchanged=True)
        self._flush_step()
        self._write(action, layer, value)
        self._changes.append(_Change(command.asker, action, layer, former, state))
        self._event(command, former, value, clips=_lowers(action, former, value))

    def _undo(self, command: Command) -> None:
        own = [index for index, change in enumerate(self._changes) if change.asker == command.asker]
        if not own:
            raise Refusal("undo: there is no change to take back")
        change = self._changes[own[-1]]
        later = self._changes[own[-1] + 1 :]
        if any((other.action, other.layer) == (change.action, change.layer) for other in later):
            raise Refusal(f"undo: {change.action}: another has changed it since")
        del self._changes[own[-1]]
        former, _ = self._read(change.action, change.layer)
        self._flush_step()
        self._write(change.action, change.layer, change.value, change.state)
        # A schedule may have led a rate elsewhere meanwhile.
        value, _ = self._read(change.action, change.layer)
        clips = _lowers(change.action, former, value)
        self._event(Command(change.action, value, change.layer, command.id), former, value, clips=clips, undo=True)

    def _read(self, action: str, layer: Optional[str]) -> Tuple[Any, Any]:
        subject = self.subject
        if action == "constraint":
            if subject.failure is not None:
                raise Refusal(f"constraint: it failed: {subject.failure}")
            if not any(ceiling is not None for ceiling in subject.ceilings.all):
                raise Refusal("constraint: no layer has a ceiling: set max_norm first")
            return subject.enabled, None
        if action == "max_norm":
            if not subject.layers:
                raise Refusal("max_norm: the run has no layer that can be constrained")
            if layer is None:
                return subject.ceilings.shared, None
            return subject.ceilings.of(layer), layer in subject.ceilings.own
        return subject.read(action)

    def _write(self, action: str, layer: Optional[str], value: Any, state: Any = None) -> None:
        subject = self.subject
        if action == "constraint":
            subject.enabled = bool(value)
            subject.ceilings_changed(projects=True)
        elif action == "max_norm":
            if layer is None:
                subject.ceilings.shared = value
            elif state is False:
                # An undo: the layer had no ceiling of its own.
                subject.ceilings.own.pop(layer, None)
            else:
                subject.ceilings.own[layer] = value
            subject.ceilings_changed(projects=True)
        elif state is not None:
            subject.restore(action, state)
        else:
            subject.write(action, value)

    def _event(
        self,
        command: Command,
        former: Any = None,
        value: Any = None,
        *,
        clips: bool = False,
        undo: bool = False,
        time: bool = False,
    ) -> None:
        self._flush_step()
        record: Dict[str, Any] = {"type": "event", "step": self.step, "action": command.action}
        if command.layer is not None:
            record["layer"] = command.layer
        if former is not None:
            record["from"] = former
        if value is not None:
            record["value"] = value
        after: Dict[str, Any] = {}
        if undo:
            after["undo"] = True
        if command.id is not None:
            after["id"] = command.id
        if time:
            after["time"] = timestamp()
        sample = self._sample(norms=False) if clips and self.subject.enabled else None
        if self._recorder is None:
            return
        if sample is not None:
            tracker = self._tracker
            self._recorder.put(
                PendingEvent(lambda: {**record, "clipped": tracker.clipped_now(sample), **after}), urgent=True
            )
        else:
            self._recorder.put({**record, **after}, urgent=True)

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


class _Change:
    """A change that can be taken back."""

    def __init__(self, asker: str, action: str, layer: Optional[str], value: Any, state: Any) -> None:
        self.asker, self.action, self.layer, self.value, self.state = asker, action, layer, value, state


def _lowers(action: str, former: Any, value: Any) -> bool:
    """Whether the change projects at once: switching on, or a lower r."""
    if action == "constraint":
        return bool(value)
    return action == "max_norm" and value is not None and (former is None or value < former)


def _told(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return f"{type(error).__name__}: {error}"
