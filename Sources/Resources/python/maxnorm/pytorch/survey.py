"""Which tensors of a model the constraint may hold, under which names, and where their units lie."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Dict, Iterable, List, Optional, Set, Tuple

from torch import Tensor, nn
from torch.nn.utils import parametrize

from ..layers import WeightLayer
from .distributed import Shard, is_distributed, shard_of
from .layout import UnitLayout, layout_of

__all__ = ["Survey", "WeightTensor", "survey"]

#: What wrappers put before the names of what they wrap.
_WRAPPERS = re.compile(r"(?:^|(?<=\.))(?:module|_orig_mod|_fsdp_wrapped_module|_checkpoint_wrapped_module)\.")

_TRANSPOSED = (nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d)

_KINDS = {
    nn.Linear: "linear",
    nn.Bilinear: "bilinear",
    nn.Embedding: "embedding",
    nn.EmbeddingBag: "embedding",
    nn.Conv1d: "conv1d",
    nn.Conv2d: "conv2d",
    nn.Conv3d: "conv3d",
    nn.ConvTranspose1d: "conv_transpose1d",
    nn.ConvTranspose2d: "conv_transpose2d",
    nn.ConvTranspose3d: "conv_transpose3d",
    nn.RNN: "rnn",
    nn.LSTM: "lstm",
    nn.GRU: "gru",
    nn.RNNCell: "rnn",
    nn.LSTMCell: "lstm",
    nn.GRUCell: "gru",
    nn.MultiheadAttention: "attention",
}


@dataclass(frozen=True)
class WeightTensor:
    """A weight tensor of a model."""

    layer: WeightLayer
    parameter: Tensor
    #: Of this rank's part.
    layout: UnitLayout
    #: Set where ranks share the tensor.
    shard: Optional[Shard] = None

    def values(self) -> Tensor:
        """The tensor itself, or this rank's part of it, without a gradient."""
        return self.parameter.detach() if self.shard is None else self.shard.local().detach()


@dataclass
class Survey:
    """What was found in a model."""

    tensors: List[WeightTensor]
    #: What a user should know, a sentence each.
    notes: List[str]


def plain_name(name: str) -> str:
    """A parameter's name without the prefixes of wrappers."""
    return _WRAPPERS.sub("", name)


def survey(models: Iterable[nn.Module], trained: Optional[Set[int]] = None, axis: str = "incoming") -> Survey:
    """Finds the weight tensors of models, in their order.

    `trained` holds the ids of the parameters that an optimizer has; others are left out. Biases, the
    parameters of normalizations, vectors and whatever stands outside a layer's ``weight`` are never
    constrained, and neither are parametrized weights, which are worked out anew at each use.
    """
    models = list(models)
    found: List[Tuple[str, nn.Module, str, Tensor]] = []
    seen: Dict[int, str] = {}
    tied: List[str] = []
    parametrized: List[str] = []
    frozen: List[str] = []
    for number, model in enumerate(models):
        start = f"model{number + 1}." if len(models) > 1 else ""
        for module_name, module in model.named_modules(remove_duplicate=True):
            path = start + plain_name(module_name + ".") if module_name else start
            if parametrize.is_parametrized(module):
                parametrized += [path + name for name in module.parametrizations]
            if "weight_g" in module._parameters and "weight_v" in module._parameters:
                parametrized.append(path + "weight")
                continue
            if "Norm" in type(module).__name__ or isinstance(module, parametrize.ParametrizationList):
                continue
            for tensor_name, parameter in module.named_parameters(recurse=False):
                full = path + tensor_name
                if parameter is None or not _is_weight(tensor_name, parameter):
                    continue
                if id(parameter) in seen:
                    continue
                seen[id(parameter)] = full
                if not parameter.requires_grad or (trained is not None and id(parameter) not in trained):
                    frozen.append(full)
                    continue
                found.append((path, module, tensor_name, parameter))
        tied += _tied(model, start, seen)
    shared: List[str] = []
    of_layer: Dict[str, int] = {}
    for path, _, _, _ in found:
        of_layer[path] = of_layer.get(path, 0) + 1
    tensors = []
    for path, module, tensor_name, parameter in found:
        is_only_one = path and of_layer[path] == 1 and tensor_name == "weight"
        name = path[:-1] if is_only_one else path + tensor_name
        output_dim, groups = _outputs(module)
        shape = tuple(parameter.shape)
        layout = layout_of(shape, axis, output_dim, groups)
        layer = WeightLayer(name, _kind(module), tensor_name, shape, layout.count, axis)
        shard = None
        if is_distributed(parameter):
            spans = not (layout.rows == layout.units == 1 and layout.blocks == shape[0])
            shard = shard_of(parameter, spans) if groups == 1 else None
            if shard is None:
                shared.append(name)
                continue
            # Zero rows are possible: a small tensor has less of them than there are ranks.
            rows = tuple(shard.local().shape)[0]
            layout = (
                UnitLayout(rows, 1, 1, layout.width)
                if not spans
                else layout_of((rows, *shape[1:]), axis, output_dim, groups)
            )
        tensors.append(WeightTensor(layer, parameter, layout, shard))
    notes = (
        _told("parametrized and not constrained", parametrized)
        + _told("frozen, or in no optimizer, and not constrained", frozen)
        + _told("tied", tied)
        + _told("shared among ranks other than by rows, and not constrained", shared)
    )
    return Survey(tensors, notes)


def _is_weight(name: str, parameter: Tensor) -> bool:
    return parameter.dim() >= 2 and parameter.is_floating_point() and "weight" in name and "bias" not in name


def _tied(model: nn.Module, start: str, seen: Dict[int, str]) -> List[str]:
    """The further names of weights that several layers share."""
    told = set(seen.values())
    found = []
    for module_name, module in model.named_modules(remove_duplicate=False):
        path = start + plain_name(module_name + ".") if module_name else start
        for name, parameter in module.named_parameters(recurse=False):
            if id(parameter) in seen and path + name not in told:
                found.append(f"{path + name} is {seen[id(parameter)]}")
    return found


def _kind(module: nn.Module) -> str:
    for base in type(module).__mro__:
        if base in _KINDS:
            return _KINDS[base]
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", type(module).__name__).lower()


def _outputs(module: nn.Module) -> Tuple[int, int]:
    """The dimension of the outputs, and the groups of input channels that lead to outputs of their own."""
    if isinstance(module, _TRANSPOSED):
        return 1, module.groups
    # The linear layer of GPT-2, whose weight is [in, out].
    if type(module).__name__ == "Conv1D" and hasattr(module, "nf"):
        return 1, 1
    return 0, 1


def _told(what: str, names: List[str]) -> List[str]:
    if not names:
        return []
    shown = ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")
    return [f"{what}: {shown}"]
