"""Writes Trajectories/: small runs of PyTorch, step by step, for comparison with ours.

    python pytorch_trajectories.py [CASE ...]   (torch 2.13 or newer on the CPU, numpy, safetensors)

Without names it writes all of them. Each case is a folder: the experiment as our program reads it, its data, the first weights, the
last weights, and what every step was like (reference.json). A case is kept only if it is able to
show a mistake: each parameter moves, each ceiling clips and not all, and the same run in double
precision comes out the same, so that rounding alone cannot explain a difference.
"""

import json
import math
import shutil
import sys
import warnings
import zlib
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F

STEPS = 40
# Differences that a test may accept; a double-precision run must stay well within them.
TOLERANCE = 1e-4
CONDITION = 1e-5
# A unit this near to r, relatively, may be counted as clipped or not.
NEAR = 1e-5

NORMALIZATIONS = ("batch_norm", "layer_norm", "group_norm")
RECURRENT = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}


class Network(nn.Module):
    """A network from the list of layers of an experiment; its names are the experiment's."""

    def __init__(self, layers, example):
        super().__init__()
        self.steps, self.kinds, self.settings = [], {}, {}
        ordinals = {}
        x, kept = example, {}
        self.eval()
        for layer in layers:
            kind, keys = (layer, {}) if isinstance(layer, str) else next(iter(layer.items()))
            module = self.module(kind, keys, x)
            if module is not None:
                ordinals[kind] = ordinals.get(kind, 0) + 1
                name = keys.get("name") or f"{kind}{ordinals[kind]}"
                self.add_module(name, module.eval())
                self.kinds[name], self.settings[name] = kind, keys
            else:
                name = None
            self.steps.append((kind, keys, name))
            x = self.run(self.steps[-1], x, kept)

    @staticmethod
    def module(kind, keys, x):
        if not isinstance(keys, dict):
            return None
        bias = keys.get("bias", True)
        if kind == "dense":
            return nn.Linear(x.shape[-1], keys["units"], bias=bias)
        if kind in ("conv2d", "conv_transpose2d"):
            make = nn.Conv2d if kind == "conv2d" else nn.ConvTranspose2d
            return make(x.shape[1], keys["channels"], keys["kernel"], stride=keys.get("stride", 1),
                        padding=keys.get("padding", 0), bias=bias)
        if kind == "batch_norm":
            make = nn.BatchNorm2d if x.dim() == 4 else nn.BatchNorm1d
            return make(x.shape[1], eps=keys.get("epsilon", 1e-5), momentum=keys.get("momentum", 0.1))
        if kind == "layer_norm":
            return nn.LayerNorm(x.shape[-1], eps=keys.get("epsilon", 1e-5))
        if kind == "group_norm":
            return nn.GroupNorm(keys["groups"], x.shape[1], eps=keys.get("epsilon", 1e-5))
        if kind == "embedding":
            return nn.Embedding(keys["vocabulary"], keys["size"])
        if kind in RECURRENT:
            return RECURRENT[kind](x.shape[-1], keys["hidden"], num_layers=keys.get("layers", 1),
                                   bidirectional=keys.get("bidirectional", False), batch_first=True)
        return None

    def run(self, step, x, kept):
        kind, keys, name = step
        if kind in RECURRENT:
            sequence, state = getattr(self, name)(x)
            if keys.get("return", "last") == "sequence":
                return sequence
            state = state[0] if kind == "lstm" else state
            directions = 2 if keys.get("bidirectional", False) else 1
            # The final hidden states of the last layer, of both directions side by side.
            return torch.cat(list(state[-directions:]), dim=-1)
        if name is not None:
            return getattr(self, name)(x)
        if kind in ("max_pool", "avg_pool"):
            keys = keys if isinstance(keys, dict) else {"size": keys}
            pool = F.max_pool2d if kind == "max_pool" else F.avg_pool2d
            return pool(x, keys["size"], keys.get("stride", keys["size"]))
        if kind == "keep":
            kept[keys] = x
            return x
        if kind == "concatenate":
            return torch.cat([x, kept[keys]], dim=1)
        if kind == "add":
            return x + kept[keys]
        return {
            "relu": F.relu, "gelu": F.gelu, "tanh": torch.tanh, "sigmoid": torch.sigmoid,
            "silu": F.silu,
            "leaky_relu": lambda v: F.leaky_relu(v, keys.get("slope", 0.01)),
            "elu": lambda v: F.elu(v, keys.get("alpha", 1.0)),
            "flatten": lambda v: v.flatten(1), "global_avg_pool": lambda v: v.mean(dim=(2, 3)),
        }[kind](x)

    def forward(self, x):
        kept = {}
        for step in self.steps:
            x = self.run(step, x, kept)
        return x

    def constrained(self, constraint):
        """(record's name, weight, ceiling, kind) of every tensor that a ceiling may hold."""
        result = []
        for name, kind in self.kinds.items():
            if kind in NORMALIZATIONS:
                continue
            limit = self.settings[name].get("max_norm", constraint.get("max_norm", "none"))
            limit = None if limit == "none" else limit
            tensors = [(n, p) for n, p in getattr(self, name).named_parameters() if "weight" in n]
            for tensor, weight in tensors:
                result.append((name if len(tensors) == 1 else f"{name}.{tensor}", weight, limit, kind))
        return result

    def free_biases(self):
        """Biases that a batch norm subtracts at once: nothing but rounding moves them."""
        names = []
        for (_, _, name), (after, _, _) in zip(self.steps, self.steps[1:]):
            if after == "batch_norm" and name and getattr(self, name).bias is not None:
                names.append(f"{name}.bias")
        return names


class Translator(Network):
    """An encoder whose final state starts the decoder; a row is the source, then the decoder's tokens."""

    def __init__(self, layers, example, length):
        super().__init__(layers[0]["encoder"], example[:, :length])
        self.length, self.reading, self.writing = length, self.steps, []
        x = example[:, length:]
        for layer in layers[1]["decoder"]:
            kind, keys = next(iter(layer.items()))
            self.add_module(keys["name"], self.module(kind, keys, x).eval())
            self.kinds[keys["name"]], self.settings[keys["name"]] = kind, keys
            self.writing.append((kind, keys, keys["name"]))
            x = self.run(self.writing[-1], x, {})

    def forward(self, x):
        y, state = x[:, :self.length], None
        for step in self.reading:
            if step[0] in RECURRENT:
                y, state = getattr(self, step[2])(y)
            else:
                y = self.run(step, y, {})
        y = x[:, self.length:]
        for step in self.writing:
            y = getattr(self, step[2])(y, state)[0] if step[0] in RECURRENT else self.run(step, y, {})
        return y


def project(weight, limit, axis, kind):
    """One application of the constraint: units clipped, and units too near to r to tell."""
    w = weight.data.double()
    if axis == "tensor":
        dims = tuple(range(w.dim()))
    elif axis == "outgoing":
        dims = (0,)
    else:
        dims = (0, 2, 3) if kind == "conv_transpose2d" else tuple(range(1, w.dim()))
    n = (w * w).sum(dim=dims, keepdim=True).sqrt()
    limit = float(np.float32(limit))
    over = n > limit * (1 + 1e-6)
    weight.data = torch.where(over, (w * (limit / n)).to(weight.dtype), weight.data)
    return int(over.sum()), int(((n - limit).abs() <= NEAR * limit).sum()), n.numel()


def rate(schedule, base, s):
    """The learning rate of the update after `s` completed ones."""
    warmup = schedule.get("warmup", 0)
    if s < warmup:
        return base * (s + 1) / warmup
    s -= warmup
    name, every, factor = schedule["name"], schedule.get("every"), schedule.get("factor")
    if name == "step":
        return base * factor ** (s // every)
    if name == "exponential":
        return base * factor ** (s / every)
    if name == "inverse_time":
        return base / (1 + factor * s / every)
    if name == "cosine":
        low, total = schedule.get("minimum", 0), schedule["total"]
        return low + (base - low) * (1 + math.cos(math.pi * min(s, total) / total)) / 2
    return base


def optimizer_for(settings, parameters):
    kinds = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam, "adamw": torch.optim.AdamW,
             "rmsprop": torch.optim.RMSprop}
    words = {"learning_rate": "lr", "epsilon": "eps"}
    arguments = {words.get(k, k): tuple(v) if k == "betas" else v
                 for k, v in settings.items() if k not in ("name", "l1")}
    return kinds[settings["name"]](parameters, **arguments)


def loss_for(case, output, targets):
    if case["loss"] == "cross_entropy":
        if output.dim() == 3:  # a sequence: classes come second
            output = output.transpose(1, 2)
        return F.cross_entropy(output, targets, label_smoothing=case.get("label_smoothing", 0))
    if case["loss"] == "binary_cross_entropy":
        return F.binary_cross_entropy_with_logits(output, targets)
    return F.mse_loss(output, targets)


def tensors(case, dtype):
    def tensor(array):
        return torch.from_numpy(array).to(dtype if array.dtype.kind == "f" else torch.int64)
    inputs = case["inputs"]
    if "decoder_inputs" in case:
        inputs = np.concatenate([inputs, case["decoder_inputs"]], axis=1)
    return tensor(inputs), tensor(case["targets"])


def first_network(case):
    torch.manual_seed(zlib.crc32(case["name"].encode()))
    example = tensors(case, torch.float32)[0][:2]
    if "decoder_inputs" in case:
        network = Translator(case["layers"], example, case["inputs"].shape[1])
    else:
        network = Network(case["layers"], example)
    for name, scale in case.get("scale", {}).items():
        network.get_parameter(name).data *= scale
    return network


def trajectory(case, dtype=torch.float32):
    """Trains the network of a case and tells what every step did."""
    network = first_network(case).to(dtype).train()
    inputs, targets = tensors(case, dtype)
    parameters = list(network.parameters())
    settings = case["optimizer"]
    optimizer = optimizer_for(settings, parameters)
    clip, constraint = case.get("gradient_clip", {}), case.get("constraint", {})
    axis = constraint.get("axis", "incoming")
    result = {"losses": [], "learning_rates": [], "clipped": {}, "near": {}, "units": {}}
    order = list(range(0, len(inputs), case["batch"]))
    for step in range(case.get("steps", STEPS)):
        start = order[step % len(order)]
        rows = slice(start, start + case["batch"])
        lr = rate(case.get("schedule", {"name": "constant"}), settings["learning_rate"], step)
        for group in optimizer.param_groups:
            group["lr"] = lr
        optimizer.zero_grad()
        loss = loss_for(case, network(inputs[rows]), targets[rows])
        # The loss that is told is that of the data, which other runs and the validation have too.
        (loss + settings.get("l1", 0) * sum(p.abs().sum() for p in parameters)).backward()
        if "norm" in clip:
            nn.utils.clip_grad_norm_(parameters, clip["norm"])
        if "value" in clip:
            nn.utils.clip_grad_value_(parameters, clip["value"])
        optimizer.step()
        for name, weight, limit, kind in network.constrained(constraint):
            clipped, near, units = project(weight, limit, axis, kind) if limit else (0, 0, 0)
            result["clipped"].setdefault(name, []).append(clipped)
            result["near"].setdefault(name, []).append(near)
            result["units"][name] = units
        result["losses"].append(loss.item())
        result["learning_rates"].append(lr)
    result["final"] = {k: v.clone() for k, v in network.state_dict().items()}
    with torch.no_grad():
        result["validation_loss"] = loss_for(case, network.eval()(inputs), targets).item()
    result["free"] = network.free_biases()
    return result


def difference(a, b):
    """|a - b| / |b| of two tensors, or of two numbers."""
    a, b = torch.as_tensor(a).double(), torch.as_tensor(b).double()
    return float((a - b).norm() / b.norm())


def counted(state):
    return {k: v for k, v in state.items() if not k.endswith("num_batches_tracked")}


def condition(case, single, double):
    """How far rounding alone takes the run: the largest relative difference, and its place."""
    worst = max((difference(a, b), "loss") for a, b in zip(single["losses"], double["losses"]))
    worst = max(worst, (difference(single["validation_loss"], double["validation_loss"]), "evaluation"))
    for name, values in counted(single["final"]).items():
        if name not in single["free"]:
            worst = max(worst, (difference(values, double["final"][name]), name))
    for name, counts in single["clipped"].items():
        for a, b, near in zip(counts, double["clipped"][name], single["near"][name]):
            if abs(a - b) > near:
                worst = max(worst, (1.0, f"clipped {name}"))
    return worst


def complaints(case, first, result):
    """What keeps a case from being able to show a mistake."""
    found = []
    for name, value in counted(result["final"]).items():
        if name not in result["free"] and not difference(first[name], value) > 50 * TOLERANCE:
            found.append(f"{name} hardly moves: {difference(first[name], value):.1e}")
    for name, counts in result["clipped"].items():
        if result["units"][name]:
            if sum(counts) == 0:
                found.append(f"{name} is never clipped")
            if sum(counts) == len(counts) * result["units"][name] and result["units"][name] > 1:
                found.append(f"all units of {name} are clipped at every step")
    return found


def flow(value):
    """A value as YAML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(flow, value)) + "]"
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def yaml(case):
    data = {"inputs": "inputs.npy", "targets": "targets.npy",
            "validation_inputs": "inputs.npy", "validation_targets": "targets.npy"}
    if "decoder_inputs" in case:
        data |= {"decoder_inputs": "decoder_inputs.npy",
                 "validation_decoder_inputs": "decoder_inputs.npy"}
    lines = [f"name: {case['name']}", "data:", f"  npy: {flow(data)}", "  standardize: false", "model:"]
    for layer in case["layers"]:
        if isinstance(layer, str):
            lines.append(f"  - {layer}")
        else:
            kind, keys = next(iter(layer.items()))
            lines.append(f"  - {kind}: {flow(keys)}")
    lines.append(f"loss: {case['loss']}")
    for key in ("label_smoothing", "optimizer", "schedule", "gradient_clip", "constraint"):
        if key in case:
            lines.append(f"{key}: {flow(case[key])}")
    lines += [f"batch: {case['batch']}", f"steps: {case.get('steps', STEPS)}", "shuffle: false"]
    return "\n".join(lines) + "\n"


def write(case, folder, result):
    folder.mkdir(parents=True)
    (folder / "experiment.yaml").write_text(yaml(case))
    np.save(folder / "inputs.npy", case["inputs"])
    np.save(folder / "targets.npy", case["targets"])
    if "decoder_inputs" in case:
        np.save(folder / "decoder_inputs.npy", case["decoder_inputs"])
    save_file(first_network(case).state_dict(), folder / "init.safetensors", {"format": "pt"})
    save_file(result["final"], folder / "final.safetensors", {"format": "pt"})
    write_reference(folder, {"tolerance": TOLERANCE, **{k: result[k] for k in (
        "losses", "learning_rates", "validation_loss", "clipped", "near", "free")}})


def write_reference(folder, reference):
    """The reference as JSON, one list a line."""
    lines = []
    for key, value in reference.items():
        text = json.dumps(value)
        if isinstance(value, dict):
            text = "{\n  " + ",\n  ".join(f"{json.dumps(k)}: {json.dumps(v)}"
                                          for k, v in value.items()) + "}"
        lines.append(f"{json.dumps(key)}: {text}")
    (folder / "reference.json").write_text("{" + ",\n ".join(lines) + "}\n")


# MARK: - The cases


def numbers(seed, *shape):
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def labels(seed, classes, *shape):
    """Every class occurs, the largest first."""
    values = np.random.default_rng(seed).integers(0, classes, shape)
    flat = values.reshape(-1)
    count = min(classes, flat.size)
    flat[:count] = np.arange(classes - 1, classes - 1 - count, -1)
    return values.astype(np.int64)


def dense(units, **keys):
    return {"dense": {"units": units, **keys}}


def conv(channels, kernel, **keys):
    return {"conv2d": {"channels": channels, "kernel": kernel, **keys}}


def up(channels, kernel, **keys):
    return {"conv_transpose2d": {"channels": channels, "kernel": kernel, **keys}}


def mlp(name, optimizer, r, **more):
    """Two hidden layers on 24 rows, 3 batches an epoch."""
    classes = labels(2, 4, 24)
    case = {"name": name, "layers": [dense(9, name="fc1"), "relu", dense(6, name="fc2"), "tanh",
                                     dense(4, name="fc3")],
            "inputs": numbers(1, 24, 7), "targets": classes, "loss": "cross_entropy", "batch": 8,
            "optimizer": optimizer, "constraint": {"max_norm": r}}
    return {**case, **more}


def sgd(learning_rate, **keys):
    return {"name": "sgd", "learning_rate": learning_rate, **keys}


def recurrent(name, layers, r, classes=3, optimizer=None, **more):
    """24 sequences of 6 steps of 4 numbers."""
    case = {"name": name, "layers": layers, "inputs": numbers(3, 24, 6, 4),
            "targets": labels(4, classes, 24), "loss": "cross_entropy", "batch": 8,
            "optimizer": optimizer or sgd(0.3, momentum=0.9), "constraint": {"max_norm": r}}
    return {**case, **more}


def pictures(name, layers, r, classes=3, size=8, channels=2, optimizer=None, **more):
    case = {"name": name, "layers": layers, "inputs": numbers(5, 18, channels, size, size),
            "targets": labels(6, classes, 18), "loss": "cross_entropy", "batch": 6,
            "optimizer": optimizer or sgd(0.1, momentum=0.9), "constraint": {"max_norm": r}}
    return {**case, **more}


def cases():
    momentum = sgd(0.1, momentum=0.9)
    small = [conv(4, 3, padding="valid"), "relu", conv(5, 3, padding="same"), "tanh",
             "global_avg_pool", dense(3)]
    return [
        mlp("mlp_sgd_momentum", momentum, 0.75),
        mlp("mlp_adam_l2", {"name": "adam", "learning_rate": 0.02, "weight_decay": 0.05,
                            "betas": [0.8, 0.95]}, 0.75),
        mlp("mlp_adamw", {"name": "adamw", "learning_rate": 0.02, "weight_decay": 0.1,
                          "epsilon": 0.001}, 0.75),
        mlp("mlp_rmsprop_momentum", {"name": "rmsprop", "learning_rate": 0.004, "momentum": 0.7,
                                     "alpha": 0.9, "weight_decay": 0.02, "epsilon": 0.001}, 0.75),
        mlp("mlp_l1", sgd(0.1, momentum=0.9, l1=0.003), 0.75),
        mlp("mlp_label_smoothing", momentum, 0.75, label_smoothing=0.1),
        mlp("mlp_binary", {"name": "adam", "learning_rate": 0.02}, 0.7,
            layers=[dense(8), {"leaky_relu": {"slope": 0.1}}, dense(1)],
            targets=labels(7, 2, 24).astype(np.float32)[:, None], loss="binary_cross_entropy"),
        mlp("mlp_outgoing", momentum, 0.75, constraint={"max_norm": 0.75, "axis": "outgoing"}),
        mlp("mlp_tensor", momentum, 1.5, constraint={"max_norm": 1.5, "axis": "tensor"}),
        mlp("mlp_layer_ceilings", momentum, 0.9,
            layers=[dense(9, name="fc1", max_norm=0.65), "relu", dense(6, name="fc2"), "tanh",
                    dense(4, name="fc3", max_norm="none")]),
        mlp("mlp_small_last_batch", momentum, 0.75, inputs=numbers(1, 19, 7),
            targets=labels(2, 4, 19)),
        mlp("mlp_one_unit", {"name": "adam", "learning_rate": 0.02}, 0.5, batch=1,
            layers=[dense(1), "tanh", dense(13, bias=False), "sigmoid", dense(1)],
            inputs=numbers(8, 11, 1), targets=numbers(9, 11, 1), loss="mse",
            constraint={"max_norm": 0.4}),
        mlp("mlp_batch_norm", momentum, 0.75,
            layers=[dense(9), {"batch_norm": {}}, "relu", dense(6, bias=False),
                    {"batch_norm": {"name": "norm", "epsilon": 0.001, "momentum": 0.3}}, "tanh",
                    dense(4)]),
        mlp("mlp_silu", momentum, 0.75,
            layers=[dense(9), "silu", dense(6), "silu", dense(4)]),
        mlp("mlp_elu", momentum, 0.75,
            layers=[dense(9), {"elu": {"alpha": 0.6}}, dense(6), {"elu": {}}, dense(4)]),
        mlp("mlp_layer_norm", sgd(0.05, momentum=0.8), 0.7,
            layers=[dense(9), {"layer_norm": {}}, "silu", dense(6, bias=False),
                    {"layer_norm": {"name": "norm", "epsilon": 0.001}}, "tanh", dense(4)]),
        mlp("schedule_step", momentum, 0.75, schedule={"name": "step", "every": 9, "factor": 0.5}),
        mlp("schedule_cosine", momentum, 0.75,
            schedule={"name": "cosine", "total": 30, "minimum": 0.01, "warmup": 4}),
        mlp("schedule_exponential", {"name": "adam", "learning_rate": 0.03}, 0.75,
            schedule={"name": "exponential", "every": 10, "factor": 0.6}),
        mlp("schedule_inverse_time", momentum, 0.75,
            schedule={"name": "inverse_time", "every": 8, "factor": 0.5}),
        mlp("schedule_warmup", momentum, 0.75, schedule={"name": "constant", "warmup": 12}),
        pictures("cnn_nesterov",
                 [conv(4, 3, padding="valid", name="conv1"), {"batch_norm": {"name": "bn1"}}, "relu",
                  conv(6, 3, padding="same", name="conv2", bias=False),
                  {"batch_norm": {"name": "bn2"}}, "relu", {"max_pool": 2},
                  conv(5, 3, stride=2, padding=1, name="conv3"), {"leaky_relu": {"slope": 0.1}},
                  "global_avg_pool", dense(3, name="fc")], 0.7, size=9,
                 optimizer=sgd(0.05, momentum=0.9, nesterov=True, weight_decay=0.001)),
        pictures("cnn_group_norm",
                 [conv(16, 3, padding="same", name="conv1"),
                  {"group_norm": {"name": "gn1", "groups": 4}}, "silu", {"max_pool": 2},
                  conv(6, 3, padding="valid", name="conv2", bias=False),
                  {"group_norm": {"groups": 2, "epsilon": 0.001}}, {"elu": {}},
                  "global_avg_pool", dense(3, name="fc")], 0.6, size=7, channels=1,
                 optimizer={"name": "adam", "learning_rate": 0.01}),
        pictures("cnn_flatten", [conv(4, 2, padding="same"), "gelu",
                                 {"max_pool": {"size": 3, "stride": 2}}, "flatten", dense(3)],
                 0.7, size=7, channels=1, optimizer={"name": "adam", "learning_rate": 0.01}),
        pictures("cnn_outgoing", small, 0.35, constraint={"max_norm": 0.35, "axis": "outgoing"}),
        pictures("cnn_tensor", small, 1.0, constraint={"max_norm": 1.05, "axis": "tensor"}),
        pictures("conv_transpose",
                 [conv(4, 3, padding="same"), "gelu", {"avg_pool": 2},
                  up(3, 3, stride=2, padding=1), "gelu", up(2, 2, stride=1, padding=0)], 0.6,
                 targets=numbers(10, 18, 2, 8, 8), loss="mse",
                 optimizer={"name": "adam", "learning_rate": 0.01}),
        pictures("u_net",
                 [conv(4, 3, padding="same", name="down1"), "relu", {"keep": "a"}, {"max_pool": 2},
                  conv(6, 3, padding="same", name="down2"), "relu", {"keep": "b"},
                  conv(6, 3, padding="same", name="middle"), "relu", {"add": "b"},
                  up(4, 2, stride=2, padding=0, name="up1"), "relu", {"concatenate": "a"},
                  conv(4, 3, padding="same", name="merge"), "relu",
                  conv(3, 1, padding="valid", name="head")], 0.6,
                 targets=labels(11, 3, 18, 8, 8), optimizer={"name": "adam", "learning_rate": 0.01}),
        recurrent("lstm_last", [{"lstm": {"name": "lstm", "hidden": 5}}, dense(3)], 0.9),
        recurrent("gru_two_layers", [{"gru": {"hidden": 5, "layers": 2, "return": "last"}}, dense(3)],
                  0.9),
        recurrent("rnn_clip_norm", [{"rnn": {"hidden": 6, "return": "last"}}, dense(3)], 0.8,
                  gradient_clip={"norm": 0.3}),
        recurrent("rnn_clip_value", [{"rnn": {"hidden": 6, "return": "last"}}, dense(3)], 0.8,
                  gradient_clip={"value": 0.05}),
        recurrent("language_model",
                  [{"embedding": {"vocabulary": 11, "size": 6}},
                   {"lstm": {"hidden": 7, "return": "sequence"}}, dense(11)], 0.9,
                  inputs=labels(12, 11, 20, 9), targets=labels(13, 11, 20, 9), batch=5,
                  optimizer={"name": "adam", "learning_rate": 0.02}),
        recurrent("lstm_both_ways",
                  [{"lstm": {"hidden": 4, "bidirectional": True, "return": "sequence"}},
                   "tanh", dense(3)], 0.9, targets=labels(14, 3, 24, 6),
                  optimizer={"name": "adam", "learning_rate": 0.02}),
        recurrent("gru_both_ways_last",
                  [{"gru": {"hidden": 4, "layers": 2, "bidirectional": True, "return": "last"}},
                   dense(3)], 0.7, optimizer={"name": "adam", "learning_rate": 0.02}),
        recurrent("gru_layer_norm",
                  [{"layer_norm": {"name": "ln1"}}, {"gru": {"hidden": 5, "return": "sequence"}},
                   {"layer_norm": {"name": "ln2", "epsilon": 0.01}}, dense(3, max_norm=0.5)], 0.7,
                  targets=labels(14, 3, 24, 6), optimizer={"name": "adam", "learning_rate": 0.02}),
        recurrent("embedding_outgoing",
                  [{"embedding": {"name": "words", "vocabulary": 7, "size": 5}},
                   {"rnn": {"hidden": 3, "return": "last"}}, dense(2)], 1.0, classes=2,
                  inputs=labels(15, 7, 10, 5), targets=labels(16, 2, 10), batch=4, optimizer=sgd(0.1, momentum=0.9),
                  constraint={"max_norm": 1.2, "axis": "outgoing"}),
        *(recurrent(f"translation_{kind}",
                    [{"encoder": [{"embedding": {"name": "source", "vocabulary": 7, "size": 5}},
                                  {kind: {"name": "reader", "hidden": 6, "layers": layers}}]},
                     {"decoder": [{"embedding": {"name": "target", "vocabulary": 5, "size": 4}},
                                  {kind: {"name": "writer", "hidden": 6, "layers": layers,
                                          "return": "sequence"}},
                                  dense(5, name="out")]}], 0.9,
                    inputs=labels(17, 7, 20, 6), decoder_inputs=labels(18, 5, 20, 4),
                    targets=labels(19, 5, 20, 4), batch=5, optimizer={"name": "adam", "learning_rate": 0.02})
          for kind, layers in (("lstm", 2), ("gru", 1))),
    ]


def main():
    torch.set_num_threads(1)
    warnings.filterwarnings("ignore", message="Using padding='same'")
    root = Path(__file__).parent / "Trajectories"
    failed = False
    for case in cases():
        if sys.argv[1:] and case["name"] not in sys.argv[1:]:
            continue
        first = first_network(case).state_dict()
        single = trajectory(case)
        double = trajectory(case, torch.float64)
        worst = condition(case, single, double)
        found = complaints(case, first, single)
        if worst[0] > CONDITION:
            found.append(f"rounding alone moves {worst[1]} by {worst[0]:.1e}")
        total = {k: sum(v) for k, v in single["clipped"].items()}
        print(f"{case['name']}: loss {single['losses'][0]:.3f} to {single['losses'][-1]:.3f}, "
              f"rounding {worst[0]:.0e}, clipped {total}")
        for text in found:
            print("    but", text)
            failed = True
        folder = root / case["name"]
        shutil.rmtree(folder, ignore_errors=True)
        write(case, folder, single)
    if failed:
        raise SystemExit("some cases cannot show a mistake")


if __name__ == "__main__":
    main()
