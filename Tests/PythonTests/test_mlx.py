"""The projection in a compiled step of MLX."""

from functools import partial

import pytest
from conftest import of_type, records

mx = pytest.importorskip("mlx.core")
import maxnorm.mlx  # noqa: E402
import mlx.nn as nn  # noqa: E402
import mlx.optimizers as optim  # noqa: E402
import numpy  # noqa: E402
from maxnorm.arrays import squared_norms  # noqa: E402
from maxnorm.commands import Command  # noqa: E402
from mlx.utils import tree_flatten  # noqa: E402

LIMIT = 1 + 1.5e-6


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(20, 32), nn.Linear(32, 3)

    def __call__(self, x):
        return self.fc2(nn.relu(self.fc1(x)))


def rows(weight):
    return numpy.sqrt(numpy.square(numpy.array(weight).astype("float64")).sum(axis=1))


def test_the_compiled_step_follows_switch_ceiling_and_rate():
    mx.random.seed(1)
    model, optimizer = Net(), optim.SGD(learning_rate=0.3)
    x, y = mx.random.normal((64, 20)), 5 * mx.random.normal((64, 3))
    optimizer.init(model.trainable_parameters())
    mx.eval(model.parameters(), optimizer.state, x, y)
    mn = maxnorm.mlx.watch(model, optimizer, {"fc1": 0.6, "*": 0.9}, log="run.jsonl", every=1, strict=True)
    loss_and_grad = nn.value_and_grad(model, lambda m, x, y: mx.square(m(x) - y).mean())
    state = [model.state, optimizer.state, mn.state]
    traced = []

    @partial(mx.compile, inputs=state, outputs=state)
    def step(x, y):
        traced.append(1)
        loss, grads = loss_and_grad(model, x, y)
        optimizer.update(model, grads)
        mn.project()
        return loss

    commands = {
        4: Command("constraint", False),
        10: Command("constraint", True),
        12: Command("max_norm", 0.3, "fc1"),
        13: Command("learning_rate", 0.05),
        14: Command("momentum", 0.5),
    }
    seen = []
    for number in range(1, 17):
        loss = step(x, y)
        mx.eval(state, loss)
        if number in commands:
            mn._mailbox.append(commands[number])
        mn.after(loss)
        seen.append(rows(model.fc1.weight).max())
    mn.finish()
    seen = numpy.array(seen)
    assert len(traced) == 1
    assert (seen[:4] <= 0.6 * LIMIT).all() and seen[8] > 0.7 and (seen[9:11] <= 0.6 * LIMIT).all()
    assert (seen[11:] <= 0.3 * LIMIT).all()
    steps = of_type("run.jsonl", "step")
    assert [layer["name"] for layer in records("run.jsonl")[0]["layers"]] == ["fc1", "fc2"]
    off, on, lower, rate = of_type("run.jsonl", "event")
    assert on["clipped"] > 0 and lower["clipped"] > 0 and rate["value"] == pytest.approx(0.05)
    assert steps[-1]["learning_rate"] == pytest.approx(0.05) and steps[0]["learning_rate"] == pytest.approx(0.3)
    assert "compiled" in of_type("run.jsonl", "refused")[0]["reason"]


def test_a_schedule_goes_on_in_proportion_and_an_observed_run_takes_a_ceiling():
    mx.random.seed(1)
    model, optimizer = Net(), optim.SGD(learning_rate=optim.exponential_decay(0.1, 0.9))
    schedule = optimizer._schedulers["learning_rate"]
    x, y = mx.random.normal((64, 20)), 5 * mx.random.normal((64, 3))
    optimizer.init(model.trainable_parameters())
    mn = maxnorm.mlx.watch(model, optimizer, log="run.jsonl", every=1, strict=True)
    loss_and_grad = nn.value_and_grad(model, lambda m, x, y: mx.square(m(x) - y).mean())
    state = [model.state, optimizer.state, mn.state]
    traced = []

    @partial(mx.compile, inputs=state, outputs=state)
    def step(x, y):
        traced.append(1)
        loss, grads = loss_and_grad(model, x, y)
        optimizer.update(model, grads)
        mn.project()
        return loss

    commands = {
        2: Command("learning_rate", 0.045),
        3: Command("constraint", True),
        4: Command("undo"),
        5: Command("max_norm", 0.2),
    }
    seen = []
    for number in range(1, 8):
        loss = step(x, y)
        mx.eval(state, loss)
        if number in commands:
            mn._mailbox.append(commands[number])
        mn.after(loss)
        seen.append(rows(model.fc1.weight).max())
    mn.finish()
    assert len(traced) == 1 and optimizer._schedulers["learning_rate"] is schedule
    rates = [s["learning_rate"] for s in of_type("run.jsonl", "step")]
    factors = [1, 1, 0.5, 0.5, 1, 1, 1]
    assert rates == pytest.approx([0.1 * 0.9**n * f for n, f in enumerate(factors)], rel=1e-4)
    assert "no layer has a ceiling" in of_type("run.jsonl", "refused")[0]["reason"]
    assert seen[3] > 0.25 and max(seen[4:]) <= 0.2 * LIMIT
    assert of_type("run.jsonl", "event")[-1]["clipped"] > 0


def test_units_within_r_stay_bit_for_bit_and_norms_are_exact():
    random = numpy.random.default_rng(2)
    model = nn.Linear(4097, 40, bias=False)
    before = random.standard_normal((40, 4097)).astype("float32")
    model.weight = mx.array(before)
    r = float(numpy.median(rows(before)))
    mn = maxnorm.mlx.watch(model, optim.SGD(0.1), r, log="run.jsonl", every=1, strict=True)
    mn.project()
    mn.after()
    after = numpy.array(model.weight)
    over = rows(before) > r * (1 + 1e-6)
    assert (after[~over] == before[~over]).all() and numpy.abs(rows(after)[over] / r - 1).max() < 3e-7
    mn.project()
    mn.after()
    mn.finish()
    assert (numpy.array(model.weight) == after).all()
    assert [s["layers"][0]["clipped"] for s in of_type("run.jsonl", "step") if s["layers"]] == [int(over.sum()), 0]
    for w in (before, numpy.full((30, 5000), 0.1, "float32")):
        ours = numpy.sqrt(numpy.array(squared_norms(mx, mx.array(w), (1,))).astype("float64"))[:, 0]
        assert numpy.abs(ours / rows(w) - 1).max() < 2e-7


def test_convolutions_and_recurrent_weights_are_held_by_their_outputs():
    class Deep(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv, self.lstm, self.norm = nn.Conv2d(3, 8, 5), nn.LSTM(4, 6), nn.LayerNorm(8)

    model = Deep()
    mn = maxnorm.mlx.watch(model, optim.SGD(0.1), 0.05, strict=True, log="run.jsonl")
    assert {layer.name: layer.units for layer in mn.subject.layers} == {"conv": 8, "lstm.Wx": 24, "lstm.Wh": 24}
    mn.project()
    for _, value in tree_flatten(model.parameters()):
        if value.ndim >= 2:
            assert rows(numpy.array(value).reshape(value.shape[0], -1)).max() < 0.05 * LIMIT
