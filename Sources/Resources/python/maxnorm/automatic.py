"""Watching a script that knows nothing of it: what `maxnorm watch` puts into its Python.

A framework's import is waited for. With the first optimizer step of a PyTorch training its model, its
optimizers and its loss are known; a Keras training is known with `fit`. The process that gets there
first takes the watcher's token and is the run; all others stay untouched.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.util
import sys
from typing import Any, Callable, Dict, Optional, Sequence

__all__ = ["wait_for_frameworks"]


def _torch(module: Any) -> None:
    from .pytorch.automatic import install

    install()


def _keras(module: Any) -> None:
    from .keras import install

    install()


#: What is done once a framework is imported.
_FRAMEWORKS: Dict[str, Callable[[Any], None]] = {"torch": _torch, "keras": _keras}

#: Frameworks whose training is a function of the script's own: it must call us.
_NEED_A_LINE = ("optax", "mlx")


def wait_for_frameworks() -> None:
    """From here on an import of a framework is seen."""
    from .lifecycle import Watch

    watch = Watch.found()
    if watch is not None:
        watch.tell("loaded")
        sys.meta_path.insert(0, _Finder(watch))


class _Finder(importlib.abc.MetaPathFinder):
    """Finds nothing itself; what others find of a framework is followed by its hook."""

    def __init__(self, watch: Any) -> None:
        self._watch = watch
        self._waits = {*_FRAMEWORKS, *_NEED_A_LINE}

    def find_spec(self, name: str, path: Optional[Sequence[str]] = None, target: Any = None) -> Any:
        if name not in self._waits:
            return None
        self._waits.discard(name)
        spec = importlib.util.find_spec(name)
        if spec is None or spec.loader is None or not hasattr(spec.loader, "exec_module"):
            return spec
        spec.loader = _Loader(spec.loader, self._watch)
        return spec


class _Loader(importlib.abc.Loader):
    """Loads as another does, and then tells."""

    def __init__(self, loader: Any, watch: Any) -> None:
        self._loader, self._watch = loader, watch

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def create_module(self, spec: Any) -> Any:
        return self._loader.create_module(spec)

    def exec_module(self, module: Any) -> None:
        # From here on the module is as if nobody had looked.
        module.__loader__ = self._loader
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        name = module.__name__
        try:
            if name in _FRAMEWORKS:
                _FRAMEWORKS[name](module)
                self._watch.tell("imported", framework=name)
            else:
                self._watch.tell("needs_a_line", framework=name)
        except Exception as error:  # the script must not hear of us
            self._watch.tell("failed", framework=name, reason=f"{type(error).__name__}: {error}")
