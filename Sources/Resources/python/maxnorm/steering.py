"""How a run obeys: commands between two steps, pauses, pace, and the events that answer."""

from __future__ import annotations

import abc
import threading
import time
from collections import deque
from dataclasses import asdict
from typing import Any, Callable, Deque, Dict, NamedTuple, Optional, Protocol, Tuple, Union

from .changes import SETTINGS, Changed, Changes
from .commands import Command, CommandFile, Refusal
from .recorder import Recorder
from .registry import timestamp
from .samples import PendingEvent, Tracker
from .subject import Rounded, Sample, Subject

__all__ = ["Due", "SteeredRun", "Team"]


class Team(Protocol):
    """The ranks of a run, as `pytorch.distributed.Team` has them."""

    rank: int
    #: Steps from one agreement to the next.
    every: int

    def agree(self, plan: Optional[Dict[str, Any]], failed: bool) -> Tuple[Dict[str, Any], bool]:
        """Rank 0's plan, and whether a rank failed."""


class Due(NamedTuple):
    """What is to be told after a step, beside the losses."""

    layers: bool = False
    norms: bool = False
    #: Norms for a viewer, beside the log.
    view: bool = False


class SteeredRun(abc.ABC):
    """A run as far as it obeys; `Run` is one that records too."""

    #: Seconds from a viewer's last heartbeat to its end.
    viewer_timeout = 10.0

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        #: Optimizer steps completed.
        self.step = 0
        self._recorder: Optional[Recorder] = None
        self._tracker = Tracker(subject.layers)
        #: None where the process is alone.
        self._team: Optional[Team] = None
        self._commands: Optional[CommandFile] = None
        self._changes = Changes(subject, self._flush_step)
        #: Filled on the recorder's thread, emptied between two steps.
        self._mailbox: Deque[Union[Command, Refusal]] = deque()
        self._mail = threading.Condition()
        self._paused = self._stops = False
        #: The command that lets one step be made.
        self._single_step: Optional[Command] = None
        #: Steps a second; 0 is as fast as it goes.
        self._pace = 0.0
        self._last_step_at = self._paused_time = self._viewer_until = 0.0

    @abc.abstractmethod
    def _flush_step(self, layers: bool = True) -> None:
        """Tells the steps so far, so that no record spans a change."""

    @abc.abstractmethod
    def _due(self) -> Optional[Due]:
        """What is to be told now."""

    @abc.abstractmethod
    def _record(self, due: Due) -> None:
        """Tells the steps so far, and what is due beside them."""

    @abc.abstractmethod
    def _sample(self, norms: bool) -> Optional[Sample]:
        """The layers' figures."""

    @abc.abstractmethod
    def _remove_viewer_norms(self) -> None:
        """No viewer is there any more."""

    @abc.abstractmethod
    def constraint_failed(self, error: BaseException) -> None:
        """The projection raised."""

    @abc.abstractmethod
    def _guard(self, action: Callable[..., None], *arguments: Any) -> None:
        """No exception of ours leaves a hook."""

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
                self._record(Due(*plan["due"]))
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
            self._tell_change(self._changes.undo(command))
        elif action in SETTINGS:
            self._tell_change(self._changes.change(command))
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

    def _tell_change(self, made: Changed) -> None:
        self._event(made.command, made.former, made.value, clips=made.clips, undo=made.undo)

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
            record["from"] = _rounded(former)
        if value is not None:
            record["value"] = _rounded(value)
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


def _rounded(value: Any) -> Any:
    """A setting as float32 has it: what frameworks keep in 32 bits has no more digits."""
    return Rounded(value) if isinstance(value, float) else value
