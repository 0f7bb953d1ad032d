"""Max-norm regularization for runs of PyTorch, Keras, JAX and MLX, watched and steered from a terminal.

    mn = maxnorm.watch(model, optimizer, max_norm=2.0)   # after each optimizer.step()
    mn.loss(loss)                                        # in the loop; never waits for the device
    mn.evaluate(validation_loss=v)                       # where there is one

`maxnorm attach LOG` shows the run. Other frameworks have a module each: `maxnorm.keras`,
`maxnorm.optax`, `maxnorm.mlx`, `maxnorm.lightning`, `maxnorm.huggingface`.
"""

from __future__ import annotations

from typing import Any

from .run import Run, StopTraining
from .version import __version__

__all__ = ["Run", "StopTraining", "watch", "__version__"]


def watch(model: Any, optimizer: Any, max_norm: Any = None, **options: Any) -> Run:
    """Watches a training of PyTorch; `maxnorm.pytorch.watch` describes the arguments."""
    from .pytorch import watch as watch_torch

    return watch_torch(model, optimizer, max_norm, **options)
