"""Writes trajectories.json: ten optimizer steps of small networks in PyTorch, for comparison.

Run it beside the file: python trajectories.py (torch 2.15, CPU). Each case holds the model, its
settings, the data, the first parameters, and every parameter and loss as they came out.
"""

import json

import torch
from torch import nn

BATCH, STEPS, INPUTS = 6, 10, 7

class Lion(torch.optim.Optimizer):
    """Chen et al. 2023, "Symbolic discovery of optimization algorithms", algorithm 2."""

    def __init__(self, parameters, lr=1e-4, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(parameters, {"lr": lr, "betas": betas, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                c = beta1 * m + (1 - beta1) * p.grad
                p -= group["lr"] * (torch.sign(c) + group["weight_decay"] * p)
                m.copy_(beta2 * m + (1 - beta2) * p.grad)


ACTIVATIONS = {
    "relu": nn.ReLU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
    "leaky_relu": lambda: nn.LeakyReLU(0.1),
}


def project(weight, limit, axis):
    """DESIGN section 5: units over r(1 + 1e-6) are scaled by r/n; norms in double."""
    w = weight.data.double()
    if axis == "incoming":
        n = w.norm(dim=1, keepdim=True)
    elif axis == "outgoing":
        n = w.norm(dim=0, keepdim=True)
    else:
        n = w.norm()
    over = n > limit * (1 + 1e-6)
    weight.data = torch.where(over, (w * (limit / n)).float(), weight.data)
    return int(over.sum())


def case(name, optimizer, settings, loss="mse", activation="relu", max_norm=None, axis="incoming",
         scale=1.0, outputs=3, widths=(9, 5)):
    torch.manual_seed(len(name) * 7919 + sum(map(ord, name)))
    layers, size = [], INPUTS
    for width in widths:
        layers += [nn.Linear(size, width), ACTIVATIONS[activation]()]
        size = width
    layers.append(nn.Linear(size, outputs))
    model = nn.Sequential(*layers)
    dense = [m for m in model if isinstance(m, nn.Linear)]
    if scale != 1:
        for m in dense:
            m.weight.data *= scale
    named = [(f"dense{i + 1}.{kind}", getattr(m, kind))
             for i, m in enumerate(dense) for kind in ("weight", "bias")]
    first = {key: value.detach().flatten().tolist() for key, value in named}

    count = BATCH * STEPS
    inputs = torch.randn(count, INPUTS)
    if loss == "cross_entropy":
        targets = torch.randint(outputs, (count,))
        objective = nn.functional.cross_entropy
    elif loss == "binary_cross_entropy":
        targets = torch.rand(count, outputs)
        objective = nn.functional.binary_cross_entropy_with_logits
    else:
        targets = torch.randn(count, outputs)
        objective = nn.functional.mse_loss

    kinds = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam, "adamw": torch.optim.AdamW,
             "rmsprop": torch.optim.RMSprop, "lion": Lion, "adagrad": torch.optim.Adagrad,
             "nadam": torch.optim.NAdam}
    arguments = {{"learning_rate": "lr", "epsilon": "eps"}.get(k, k): v
                 for k, v in settings.items() if k not in ("beta1", "beta2")}
    if "beta1" in settings:
        arguments["betas"] = (settings["beta1"], settings["beta2"])
    optimizer_object = kinds[optimizer](model.parameters(), **arguments)

    losses, gradient_norms, clipped = [], [], 0
    for step in range(STEPS):
        rows = slice(step * BATCH, (step + 1) * BATCH)
        optimizer_object.zero_grad()
        value = objective(model(inputs[rows]), targets[rows])
        value.backward()
        gradient_norms.append(
            float(torch.sqrt(sum((p.grad.double() ** 2).sum() for p in model.parameters()))))
        optimizer_object.step()
        if max_norm is not None:
            clipped += sum(project(m.weight, max_norm, axis) for m in dense)
        losses.append(value.item())

    return {
        "name": name, "loss": loss, "activation": activation, "optimizer": optimizer,
        "settings": settings, "max_norm": max_norm, "axis": axis, "widths": list(widths),
        "outputs": outputs, "input_size": INPUTS, "batch": BATCH, "inputs": inputs.flatten().tolist(),
        "targets": targets.flatten().tolist(), "first": first, "losses": losses,
        "gradient_norms": gradient_norms, "clipped": clipped,
        "last": {key: value.detach().flatten().tolist() for key, value in named},
    }


cases = [
    case("sgd", "sgd", {"learning_rate": 0.1}),
    case("sgd weight decay", "sgd", {"learning_rate": 0.1, "weight_decay": 0.03}),
    case("sgd momentum", "sgd", {"learning_rate": 0.1, "momentum": 0.9}, loss="cross_entropy"),
    case("sgd nesterov", "sgd",
         {"learning_rate": 0.1, "momentum": 0.9, "nesterov": True, "weight_decay": 0.01},
         loss="cross_entropy", activation="tanh"),
    case("adam", "adam", {"learning_rate": 0.01}, activation="leaky_relu"),
    case("adam weight decay", "adam",
         {"learning_rate": 0.01, "weight_decay": 0.1, "beta1": 0.8, "beta2": 0.95, "epsilon": 1e-6},
         loss="binary_cross_entropy", activation="sigmoid"),
    case("adamw", "adamw", {"learning_rate": 0.01, "weight_decay": 0.1}, loss="cross_entropy"),
    case("adamw default", "adamw", {}, loss="mse", activation="tanh"),
    case("rmsprop", "rmsprop", {"learning_rate": 0.01}, loss="cross_entropy"),
    case("rmsprop momentum", "rmsprop",
         {"learning_rate": 0.003, "momentum": 0.7, "alpha": 0.9, "weight_decay": 0.02,
          "epsilon": 1e-7},
         loss="binary_cross_entropy", activation="tanh"),
    case("sgd incoming", "sgd", {"learning_rate": 0.1, "momentum": 0.9}, loss="cross_entropy",
         max_norm=1.0, scale=2.0),
    case("sgd outgoing", "sgd", {"learning_rate": 0.1}, max_norm=0.8, axis="outgoing", scale=2.0),
    case("sgd tensor", "sgd", {"learning_rate": 0.1}, max_norm=1.5, axis="tensor", scale=2.0,
         activation="leaky_relu"),
    case("adam incoming", "adam", {"learning_rate": 0.05}, loss="binary_cross_entropy",
         max_norm=0.9, scale=2.0, activation="sigmoid"),
    case("rmsprop incoming", "rmsprop", {"learning_rate": 0.05}, loss="cross_entropy",
         max_norm=1.2, activation="tanh"),
    case("adamw outgoing", "adamw", {"learning_rate": 0.05}, loss="cross_entropy",
         max_norm=0.8, axis="outgoing", activation="leaky_relu"),
    case("lion", "lion", {"learning_rate": 0.01}, activation="tanh"),
    case("lion weight decay", "lion",
         {"learning_rate": 0.003, "beta1": 0.95, "beta2": 0.98, "weight_decay": 0.3},
         loss="cross_entropy"),
    case("lion default incoming", "lion", {}, loss="cross_entropy", activation="sigmoid",
         max_norm=0.9, scale=2.0),
    case("adagrad", "adagrad", {}, loss="cross_entropy", activation="tanh"),
    case("adagrad decay", "adagrad",
         {"learning_rate": 0.1, "lr_decay": 0.05, "initial_accumulator_value": 0.2,
          "epsilon": 1e-6, "weight_decay": 0.02}, activation="leaky_relu"),
    case("nadam", "nadam", {}, loss="cross_entropy"),
    case("nadam decay", "nadam",
         {"learning_rate": 0.01, "beta1": 0.8, "beta2": 0.95, "epsilon": 1e-6,
          "momentum_decay": 0.5, "weight_decay": 0.05}, activation="tanh"),
    case("nadam decoupled incoming", "nadam",
         {"learning_rate": 0.02, "weight_decay": 0.1, "decoupled_weight_decay": True},
         loss="binary_cross_entropy", activation="sigmoid", max_norm=0.9, scale=2.0),
    case("linear", "sgd", {"learning_rate": 0.05, "momentum": 0.5}, widths=(), outputs=5),
]

with open("trajectories.json", "w") as file:
    file.write("[\n")
    file.write(",\n".join(json.dumps(c) for c in cases))
    file.write("\n]\n")
for c in cases:
    print(c["name"], c["losses"][0], c["losses"][-1], c["clipped"])
