"""A workload in PyTorch; modes: eager, fused (the optimizer's fused kernels), compile (torch.compile)."""

import numpy
import torch
import workloads
from torch import nn
from torch.nn import functional

given = workloads.arguments()
workload, ceiling = given.workload, workloads.CEILING[given.workload]
torch.set_num_threads(given.threads)
torch.manual_seed(0)


class Recurrent(nn.Module):
    """The last state's output, or with a vocabulary the output of every step."""

    def __init__(self, kind, inputs, hidden, outputs, vocabulary=0):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, inputs) if vocabulary else None
        self.recurrent = kind(inputs, hidden, batch_first=True)
        self.output = nn.Linear(hidden, outputs)

    def forward(self, x):
        states, _ = self.recurrent(x if self.embedding is None else self.embedding(x))
        return self.output(states[:, -1] if self.embedding is None else states)


def normalized(inputs, outputs):
    return [nn.Conv2d(inputs, outputs, 3, padding=1), nn.BatchNorm2d(outputs), nn.ReLU()]


def cross_entropy(outputs, labels):
    return functional.cross_entropy(outputs.reshape(-1, outputs.shape[-1]), labels.reshape(-1))


model = {
    "W1": lambda: nn.Linear(10, 5),
    "W2": lambda: nn.Sequential(nn.Linear(32, 64), nn.ReLU(), nn.Linear(64, 10)),
    "W3": lambda: nn.Sequential(
        nn.Dropout(0.2),
        *(nn.Linear(784, 1024), nn.ReLU(), nn.Dropout(0.5)),
        *(nn.Linear(1024, 1024), nn.ReLU(), nn.Dropout(0.5)),
        nn.Linear(1024, 10),
    ),
    "W4": lambda: nn.Sequential(
        *(nn.Conv2d(1, 32, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(32, 64, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()),
        *(nn.Linear(3136, 512), nn.ReLU(), nn.Dropout(0.5), nn.Linear(512, 10)),
    ),
    "W5": lambda: nn.Sequential(
        *(*normalized(3, 32), *normalized(32, 32), nn.MaxPool2d(2)),
        *(*normalized(32, 64), *normalized(64, 64), nn.MaxPool2d(2), nn.Flatten()),
        *(nn.Linear(4096, 256), nn.ReLU(), nn.Dropout(0.5), nn.Linear(256, 10)),
    ),
    "W6": lambda: Recurrent(nn.LSTM, 8, 128, 1),
    "W7": lambda: Recurrent(nn.LSTM, 64, 256, 64, vocabulary=64),
    "W7r": lambda: Recurrent(nn.RNN, 64, 256, 64, vocabulary=64),
}[workload]()
fused = {"fused": True} if given.mode == "fused" else {}
rates = {"W1": (0.01, 0.0), "W3": (0.05, 0.9), "W4": (0.01, 0.9)}
if workload in rates:
    rate, momentum = rates[workload]
    optimizer = torch.optim.SGD(model.parameters(), lr=rate, momentum=momentum, **fused)
else:
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, **fused)
loss_function = functional.mse_loss if workload in ("W1", "W2", "W6") else cross_entropy

weights = []
for module in model.modules():
    if isinstance(module, (nn.Linear, nn.Conv2d)):
        weights.append(module.weight)
    if isinstance(module, nn.RNNBase):
        weights += [module.weight_ih_l0, module.weight_hh_l0]


def norms(weight):
    dimensions = tuple(range(1, weight.ndim))
    return torch.linalg.vector_norm(weight, 2, dim=dimensions, keepdim=True)


@torch.no_grad()
def project():
    for weight in weights:
        weight.mul_(ceiling / norms(weight).clamp_min(ceiling))


def forward(x, y):
    return loss_function(model(x), y)


def update():
    optimizer.step()
    project()


if given.mode == "compile":
    forward, update = torch.compile(forward), torch.compile(update)


def tensor(array):
    if array.ndim == 4 and workload in ("W4", "W5"):
        array = numpy.ascontiguousarray(array.transpose(0, 3, 1, 2))
    return torch.from_numpy(array).long() if array.dtype == numpy.int32 else torch.from_numpy(array)


xs, ys = ([tensor(array) for array in arrays] for arrays in workloads.batches(workload))


def step(index):
    optimizer.zero_grad(set_to_none=True)
    forward(xs[index], ys[index]).backward()
    update()


workloads.report(
    step,
    lambda: None,
    lambda: max(norms(weight.detach()).max().item() for weight in weights),
    workload,
    torch.__version__,
)
