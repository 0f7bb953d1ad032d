"""Changes of a run's settings by commands, and taking them back by whoever asked for them."""

from __future__ import annotations

from typing import Any, Callable, List, NamedTuple, Optional, Tuple

from .commands import Command, Refusal
from .subject import Subject

__all__ = ["Changed", "Changes", "SCHEDULE_AT_0", "SETTINGS"]

#: Why a rate cannot be changed in proportion.
SCHEDULE_AT_0 = "learning_rate: the schedule has come to 0: no rate goes on from there"

#: Actions that change a setting, which an undo takes back.
SETTINGS = ("constraint", "max_norm", "learning_rate", "momentum", "weight_decay", "dropout")


class Changed(NamedTuple):
    """A change that was made."""

    #: With the action, layer and value of the setting, and the id of what was asked.
    command: Command
    former: Any
    value: Any
    #: Whether units were projected at once: the constraint was switched on, or r lowered.
    clips: bool
    undo: bool = False


class _Entry(NamedTuple):
    asker: str
    action: str
    layer: Optional[str]
    value: Any
    state: Any


class Changes:
    """The settings of `subject`; `before` is called before each change."""

    def __init__(self, subject: Subject, before: Callable[[], None]) -> None:
        self._subject, self._before = subject, before
        self._made: List[_Entry] = []

    def change(self, command: Command) -> Changed:
        """Makes a change.

        Raises `Refusal` where there is no such setting, or where it is so already.
        """
        action, layer, value = command.action, command.layer, command.value
        if layer is not None and layer not in self._subject.ceilings.names:
            raise Refusal(f"max_norm: layer: expected one of the header's layers, found {layer[:40]!r}")
        former, state = self._read(action, layer)
        if former == value:
            raise Refusal(f"{action}: it is so already", unchanged=True)
        self._before()
        self._write(action, layer, value)
        self._made.append(_Entry(command.asker, action, layer, former, state))
        return Changed(command, former, value, _lowers(action, former, value))

    def undo(self, command: Command) -> Changed:
        """Takes back the last change of whoever asks.

        Raises `Refusal` where there is none, or another has changed the same since.
        """
        own = [index for index, change in enumerate(self._made) if change.asker == command.asker]
        if not own:
            raise Refusal("undo: there is no change to take back")
        change = self._made[own[-1]]
        later = self._made[own[-1] + 1 :]
        if any((other.action, other.layer) == (change.action, change.layer) for other in later):
            raise Refusal(f"undo: {change.action}: another has changed it since")
        del self._made[own[-1]]
        former, _ = self._read(change.action, change.layer)
        self._before()
        self._write(change.action, change.layer, change.value, change.state)
        # A schedule may have led a rate elsewhere meanwhile.
        value, _ = self._read(change.action, change.layer)
        clips = _lowers(change.action, former, value)
        asked = Command(change.action, value, change.layer, command.id)
        return Changed(asked, former, value, clips, undo=True)

    def _read(self, action: str, layer: Optional[str]) -> Tuple[Any, Any]:
        subject = self._subject
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
        subject = self._subject
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


def _lowers(action: str, former: Any, value: Any) -> bool:
    """Whether the change projects at once: switching on, or a lower r."""
    if action == "constraint":
        return bool(value)
    return action == "max_norm" and value is not None and (former is None or value < former)
