"""The projection by the program's own kernels: one call a step for all tensors of a model.

The library is loaded only by an absolute path that the user or ``maxnorm watch`` gives, and only if it
belongs to the user or the system's administrator and nobody else may write it. Where it is missing or
does not fit, PyTorch's operations do the same.
"""

from __future__ import annotations

import ctypes
import math
import os
import stat
from typing import Any, Callable, List, Sequence, Tuple

import torch

from .projection import Figures, Projection, Snapshot, as_float32
from .survey import WeightTensor

__all__ = ["LibraryError", "NativeProjection", "load"]

VERSION = 1


class LibraryError(Exception):
    """The library is not one that may be used, and why."""


class _Weights(ctypes.Structure):
    """``struct maxnorm_weights`` of the program's ``python_projection.h``."""

    _fields_ = [
        ("values", ctypes.c_void_p),
        ("blocks", ctypes.c_int64),
        ("rows", ctypes.c_int64),
        ("units", ctypes.c_int64),
        ("width", ctypes.c_int64),
        ("ceiling", ctypes.c_double),
        ("squared_norms", ctypes.c_void_p),
        ("exceeded", ctypes.c_int64),
        ("clipped", ctypes.c_int64),
        ("shrink", ctypes.c_double),
    ]


def load(path: str) -> Any:
    """The library's projection.

    Raises `LibraryError` where the file may not be trusted or is not such a library.
    """
    if not os.path.isabs(path):
        raise LibraryError(f"library: {path}: expected an absolute path")
    try:
        status = os.stat(path, follow_symlinks=False)
    except OSError as error:
        raise LibraryError(f"library: {path}: {error.strerror}") from None
    if not stat.S_ISREG(status.st_mode):
        raise LibraryError(f"library: {path}: expected a regular file")
    if status.st_uid not in (0, os.geteuid()):
        raise LibraryError(f"library: {path}: expected a file of this user or of root")
    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise LibraryError(f"library: {path}: expected a file that only its owner may write")
    try:
        library = ctypes.CDLL(path)
        library.maxnorm_projection_version.restype = ctypes.c_int64
        version = library.maxnorm_projection_version()
    except (OSError, AttributeError) as error:
        raise LibraryError(f"library: {path}: expected maxnorm's own, found another: {error}") from None
    if version != VERSION:
        raise LibraryError(f"library: {path}: expected version {VERSION} of the projection, found {version}")
    # Without types of arguments: they are made once, and checking them at each step would cost as much as the call.
    project = library.maxnorm_project
    project.restype = None
    return project


def fits(tensor: WeightTensor) -> bool:
    """Whether the library can project a tensor: float32 on the host, in one piece."""
    parameter = tensor.parameter
    return (
        type(parameter) in (torch.nn.Parameter, torch.Tensor)
        and parameter.device.type == "cpu"
        and parameter.dtype == torch.float32
        and parameter.layout == torch.strided
        and tuple(parameter.shape) == tensor.layer.shape
        and (parameter.is_contiguous() or _has_pieces(tensor))
    )


def _has_pieces(tensor: WeightTensor) -> bool:
    """Whether each unit lies in one piece, in whatever order of its values (channels_last)."""
    parameter, layout = tensor.parameter, tensor.layout
    return (
        layout.rows == layout.units == 1
        and parameter.stride(0) == layout.width
        and (parameter.is_contiguous(memory_format=torch.channels_last) if parameter.dim() == 4 else False)
    )


class NativeProjection(Projection):
    """Weight tensors in the host's memory, by the program's kernels."""

    def __init__(self, tensors: Sequence[WeightTensor], tolerances: Sequence[float], project: Any) -> None:
        super().__init__(tensors, tolerances)
        #: None where the tensors moved to memory that the library cannot project.
        self._project: Any = project
        self._tolerance = tolerances[0]
        #: One for each tensor, those that are held first.
        self._weights = (_Weights * len(self.tensors))()
        self._order = list(range(len(self.tensors)))
        #: The library's arguments where it only counts, and where it scales back as well.
        self._arguments: List[Tuple[Any, ...]] = []
        #: Where the tensors that are held lie, as the library knows it, and what tells it anew.
        self._pointers: List[int] = []
        self._addresses: List[Callable[[], int]] = []

    def refresh(self) -> None:
        super().refresh()
        counted = {index: self._counted(place) for place, index in enumerate(self._order)}
        held = set(self._held)
        self._order = self._held + [index for index in range(len(self.tensors)) if index not in held]
        for place, index in enumerate(self._order):
            entry = self._weights[place]
            entry.blocks, entry.rows, entry.units, entry.width = self.tensors[index].layout.shape
            entry.ceiling = as_float32(self._ceilings[index]) if index in held else math.inf
            entry.squared_norms = self.squared.data_ptr() + 8 * self.places[index]
            entry.exceeded, entry.clipped, entry.shrink = counted[index]
        self._addresses = [self.tensors[index].parameter.data_ptr for index in self._held]
        self._pointers = []
        weights, count = ctypes.c_void_p(ctypes.addressof(self._weights)), ctypes.c_int64(len(self._held))
        tolerance = ctypes.c_double(self._tolerance)
        self._arguments = [(weights, count, tolerance, ctypes.c_int64(projects)) for projects in (0, 1)]

    def project(self, projects: bool, counts: bool = True) -> None:
        # A tensor may have got other memory: `.to()`, `.data = …`.
        pointers = [address() for address in self._addresses]
        if pointers != self._pointers and not self._place(pointers):
            self._project = None
        if self._project is None:
            super().project(projects, counts)
            return
        exceeded = None if counts else [entry.exceeded for entry in self._weights]
        self._project(*self._arguments[projects])
        if exceeded is not None:
            for entry, count in zip(self._weights, exceeded):
                entry.exceeded = count

    def counters(self) -> Callable[[], Sequence[Sequence[float]]]:
        taken, add = super().counters(), self._added()

        def resolve() -> Sequence[Sequence[float]]:
            exceeded, clipped, shrink = (list(values) for values in taken())
            add(exceeded, clipped, shrink)
            return [exceeded, clipped, shrink]

        return resolve

    def snapshot(self) -> Snapshot:
        taken, add = super().snapshot(), self._added()

        def resolve() -> Figures:
            figures = taken()
            add(figures.exceeded, figures.clipped, figures.shrink)
            return figures

        return resolve

    def _added(self) -> Callable[[List[float], List[float], List[float]], None]:
        """Adds the library's counts of now to others."""
        weights = (_Weights * len(self.tensors)).from_buffer_copy(self._weights)
        order = list(self._order)

        def add(exceeded: List[float], clipped: List[float], shrink: List[float]) -> None:
            for place, index in enumerate(order):
                exceeded[index] += weights[place].exceeded
                clipped[index] += weights[place].clipped
                shrink[index] += weights[place].shrink

        return add

    def _counted(self, place: int) -> Tuple[int, int, float]:
        entry = self._weights[place]
        return entry.exceeded, entry.clipped, entry.shrink

    def _place(self, pointers: List[int]) -> bool:
        if not all(fits(self.tensors[index]) for index in self._held):
            return False
        for place, pointer in enumerate(pointers):
            self._weights[place].values = pointer
        self._pointers = pointers
        return True
