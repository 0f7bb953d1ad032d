"""The callback and the constraint of Keras, on the backend of KERAS_BACKEND (torch unless it is set)."""

import os

import pytest
from conftest import of_type, records
from watching import folder_for, run, states

os.environ.setdefault("KERAS_BACKEND", "torch")
keras = pytest.importorskip("keras")
numpy = pytest.importorskip("numpy")

from maxnorm.commands import Command  # noqa: E402
from maxnorm.keras import MaxNorm, MaxNormCallback, _axes, _owners  # noqa: E402

L = keras.layers


def net():
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((20,)), L.Dense(32, activation="relu", name="fc1"), L.Dense(3, name="fc2")])
    model.compile(optimizer=keras.optimizers.SGD(0.2), loss="mse")
    return model


def data(count=64):
    random = numpy.random.default_rng(1)
    return random.standard_normal((count, 20)).astype("float32"), 5 * random.standard_normal((count, 3)).astype(
        "float32"
    )


def norms(kernel, axes=0):
    return numpy.sqrt(numpy.square(keras.ops.convert_to_numpy(kernel).astype("float64")).sum(axis=axes))


class At(keras.callbacks.Callback):
    """Carries a command out after a batch, as a viewer's would be; notes norms and counts."""

    def __init__(self, callback, commands):
        super().__init__()
        self.callback, self.commands, self.seen, self.batches = callback, commands, [], 0

    def on_train_batch_end(self, batch, logs=None):
        self.batches += 1
        if self.batches in self.commands:
            self.callback.run._carry_out(self.commands[self.batches])
        self.callback._subject.synchronize()
        self.seen.append(norms(self.model.get_layer("fc1").kernel).max())


def test_the_compiled_step_holds_and_follows_switch_and_ceiling():
    model, (x, y) = net(), data()
    callback = MaxNormCallback({"fc1": 0.6, "*": 0.9}, log="run.jsonl", every=1, strict=True)
    at = At(
        callback, {4: Command("constraint", False), 8: Command("constraint", True), 12: Command("max_norm", 0.3, "fc1")}
    )
    model.fit(x, y, batch_size=16, epochs=4, verbose=0, shuffle=False, callbacks=[callback, at], validation_data=(x, y))
    seen = numpy.array(at.seen)
    limit = 1 + 1.5e-6
    # Held, free and growing, held again, held lower: in one compiled step.
    assert (seen[:4] <= 0.6 * limit).all() and seen[7 - 1] > 0.7 and (seen[7:11] <= 0.6 * limit).all()
    assert (seen[11:] <= 0.3 * limit).all()
    steps = of_type("run.jsonl", "step")
    assert [s["step"] for s in steps] == list(range(1, 17)) and [s["epoch"] for s in steps] == sorted([1, 2, 3, 4] * 4)
    off, on, lower = of_type("run.jsonl", "event")
    assert off["value"] is False and on["clipped"] > 0 and lower["layer"] == "fc1" and lower["clipped"] > 0
    fc1 = [s["layers"][0] for s in steps]
    assert all(layer["name"] == "fc1" for layer in fc1)
    assert fc1[6]["exceeded"] > 0 == fc1[6]["clipped"]
    total = sum(layer["clipped"] for s in steps for layer in s["layers"]) + on["clipped"] + lower["clipped"]
    assert of_type("run.jsonl", "end")[0]["clipped_total"] == total
    evaluations = of_type("run.jsonl", "evaluation")
    assert [e["epoch"] for e in evaluations] == [1, 2, 3, 4] and all(e["validation_loss"] > 0 for e in evaluations)
    header = records("run.jsonl")[0]
    assert header["steps_per_epoch"] == 4 and header["total_steps"] == 16
    assert header["layers"][0] == {
        "name": "fc1",
        "kind": "dense",
        "tensor": "kernel",
        "shape": [20, 32],
        "units": 32,
        "axis": "incoming",
        "max_norm": 0.6,
    }


def test_each_step_is_that_of_a_float64_reference():
    """A plain loop in NumPy, SGD on the mean squared error of one dense layer."""
    keras.utils.set_random_seed(2)
    x, y = data(64)
    model = keras.Sequential([keras.Input((20,)), L.Dense(3, name="fc", use_bias=False)])
    model.compile(optimizer=keras.optimizers.SGD(0.2), loss="mse")
    w = keras.ops.convert_to_numpy(model.get_layer("fc").kernel).astype("float64")
    callback = MaxNormCallback(0.7, log="run.jsonl", every=1, strict=True)
    model.fit(x, y, batch_size=16, epochs=5, verbose=0, shuffle=False, callbacks=[callback])
    counts, losses = [], []
    for step in range(20):
        rows = slice(step % 4 * 16, step % 4 * 16 + 16)
        error = x[rows].astype("float64") @ w - y[rows]
        losses.append(float(numpy.square(error).mean()))
        w = w - 0.2 * 2 * x[rows].T.astype("float64") @ error / error.size
        n = numpy.sqrt(numpy.square(w).sum(axis=0))
        counts.append(int((n > 0.7 * (1 + 1e-6)).sum()))
        w = numpy.where(n > 0.7 * (1 + 1e-6), w * (0.7 / n), w)
    assert numpy.abs(keras.ops.convert_to_numpy(model.get_layer("fc").kernel) - w).max() < 1e-5
    steps = of_type("run.jsonl", "step")
    assert [s["layers"][0]["clipped"] for s in steps] == counts and sum(counts) > 20
    assert [s["loss"] for s in steps] == pytest.approx(losses, rel=1e-4)


def test_units_within_r_stay_bit_for_bit_and_norms_are_exact():
    random = numpy.random.default_rng(3)
    w = random.standard_normal((5000, 40)).astype("float32")
    r = float(numpy.median(norms(w)))
    after = keras.ops.convert_to_numpy(MaxNorm(r, axis=0)(keras.ops.convert_to_tensor(w)))
    n = norms(w)
    over = n > r * (1 + 1e-6)
    assert (after[:, ~over] == w[:, ~over]).all() and 10 < over.sum() < 30
    assert numpy.abs(norms(after)[over] / r - 1).max() < 3e-7
    again = keras.ops.convert_to_numpy(MaxNorm(r, axis=0)(keras.ops.convert_to_tensor(after)))
    assert (again == after).all()


@pytest.mark.parametrize(
    "layer, shape, expected",
    [
        (lambda: L.Dense(5), (4,), (0,)),
        (lambda: L.Conv2D(5, 3), (8, 8, 2), (0, 1, 2)),
        (lambda: L.Conv2DTranspose(5, 3), (8, 8, 2), (0, 1, 3)),
        (lambda: L.DepthwiseConv2D(3), (8, 8, 2), (0, 1)),
        (lambda: L.EinsumDense("abc,cde->abde", (None, 3, 4)), (6, 2), (0,)),
        (lambda: L.Embedding(9, 4), (6,), (1,)),
        (lambda: L.LSTM(5), (6, 2), (0,)),
    ],
)
def test_a_unit_is_what_leads_to_one_output(layer, shape, expected):
    made = layer()
    model = keras.Sequential([keras.Input(shape), made])
    variable = next(v for v in model.trainable_variables if "bias" not in v.name)
    assert _axes(_owners(model)[id(variable)], variable, "incoming") == expected


def test_the_models_own_constraints_give_the_ceilings_and_others_are_left():
    keras.utils.set_random_seed(1)
    model = keras.Sequential(
        [
            keras.Input((20,)),
            L.Dense(8, kernel_constraint=MaxNorm(0.5), name="a"),
            L.Dense(8, kernel_constraint=keras.constraints.NonNeg(), name="b"),
            L.Dense(3, name="c"),
        ]
    )
    model.compile(optimizer="sgd", loss="mse")
    callback = MaxNormCallback(log="run.jsonl", every=1, strict=True)
    x, y = data()
    model.fit(x, y, epochs=1, verbose=0, callbacks=[callback])
    header = records("run.jsonl")[0]
    assert {layer["name"]: layer["max_norm"] for layer in header["layers"]} == {"a": 0.5, "c": None}
    assert header["notes"] == ["constrained by another constraint: b"]
    restored = keras.constraints.deserialize(keras.constraints.serialize(MaxNorm(0.5, (0, 1))))
    assert restored.max_norm == 0.5 and restored.axes == (0, 1)


def test_a_model_that_was_trained_before_is_held_from_then_on():
    model, (x, y) = net(), data()
    model.fit(x, y, epochs=2, verbose=0)
    model.fit(x, y, epochs=1, verbose=0, callbacks=[MaxNormCallback(0.2, log=os.devnull, strict=True)])
    assert norms(model.get_layer("fc1").kernel).max() < 0.2 * (1 + 1.5e-6)


def test_fitted_again_it_counts_anew_and_without_the_callback_it_is_free():
    model, (x, y) = net(), data()
    callback = MaxNormCallback(0.2, log="first.jsonl", strict=True)
    model.fit(x, y, epochs=1, verbose=0, callbacks=[callback])
    variables = len(model.optimizer.variables)
    second = MaxNormCallback(0.2, log="second.jsonl", every=1, strict=True)
    model.fit(x, y, epochs=1, verbose=0, callbacks=[second])
    assert len(model.optimizer.variables) == variables
    steps = of_type("second.jsonl", "step")
    assert steps[0]["layers"][0]["clipped_total"] == steps[0]["layers"][0]["clipped"]
    model.fit(x, y, epochs=4, verbose=0)
    assert norms(model.get_layer("fc1").kernel).max() > 0.21
    if keras.backend.backend() != "jax":
        # Saved with its optimizer, it is what it would be without us.
        assert not any("maxnorm" in variable.path for variable in model.optimizer.variables)


def test_the_rate_can_be_changed_and_what_is_compiled_in_is_refused():
    model, (x, y) = net(), data()
    callback = MaxNormCallback(0.5, log="run.jsonl", every=1, strict=True)
    at = At(callback, {2: Command("learning_rate", 0.05), 3: Command("dropout", 0.5), 6: Command("stop")})
    model.fit(x, y, batch_size=8, epochs=3, verbose=0, callbacks=[callback, at])
    steps = of_type("run.jsonl", "step")
    assert steps[0]["learning_rate"] == pytest.approx(0.2) and steps[2]["learning_rate"] == pytest.approx(0.05)
    assert "compiled" in of_type("run.jsonl", "refused")[0]["reason"]
    assert of_type("run.jsonl", "end")[0]["reason"] == "stopped" and steps[-1]["step"] < 24


def test_a_schedule_goes_on_in_proportion_and_is_as_it_was_behind_the_run():
    model, (x, y) = net(), data()
    schedule = keras.optimizers.schedules.ExponentialDecay(0.2, 4, 0.5, staircase=True)
    model.compile(optimizer=keras.optimizers.SGD(schedule), loss="mse")
    callback = MaxNormCallback(1e6, log="run.jsonl", every=1, strict=True)
    at = At(callback, {2: Command("learning_rate", 2e-8), 6: Command("undo")})
    model.fit(x, y, batch_size=16, epochs=2, verbose=0, shuffle=False, callbacks=[callback, at])
    # The rate of the step behind each record; from the third step to the sixth next to nothing of the schedule's.
    rates = [s["learning_rate"] for s in of_type("run.jsonl", "step")]
    assert rates == pytest.approx([0.2, 0.2, 2e-8, 1e-8, 1e-8, 1e-8, 0.1, 0.05], rel=1e-5)
    assert of_type("run.jsonl", "event")[1]["value"] == pytest.approx(0.1)
    moves = numpy.abs(numpy.diff(at.seen))
    assert (moves[1:5] < 1e-6).all() and moves[0] > 1e-4 and (moves[5:] > 1e-4).all()
    assert float(keras.ops.convert_to_numpy(model.optimizer.learning_rate)) == pytest.approx(0.05)
    assert "_get_current_learning_rate" not in vars(model.optimizer)
    assert model.optimizer.get_config()["learning_rate"]["class_name"] == "ExponentialDecay"


def test_an_observed_fit_is_given_a_ceiling_by_a_command():
    model, (x, y) = net(), data()
    callback = MaxNormCallback(log="run.jsonl", every=1, strict=True)
    at = At(callback, {2: Command("constraint", False), 4: Command("max_norm", 0.3)})
    model.fit(x, y, batch_size=16, epochs=2, verbose=0, callbacks=[callback, at])
    seen = numpy.array(at.seen)
    assert seen[2] > 0.35 and (seen[3:] <= 0.3 * (1 + 1.5e-6)).all()
    assert "no layer has a ceiling" in of_type("run.jsonl", "refused")[0]["reason"]
    assert of_type("run.jsonl", "event")[0]["clipped"] > 0


def test_an_unmodified_fit_is_watched(tmp_path):
    (tmp_path / "fit.py").write_text(
        "import numpy, keras\nkeras.utils.set_random_seed(1)\n"
        "model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(8, name='fc1'), keras.layers.Dense(1)])\n"
        "model.compile('sgd', 'mse')\nx = numpy.random.rand(64, 4)\n"
        "model.fit(x, 9 * x.sum(1), epochs=2, batch_size=8, verbose=0)\n"
        "kernel = keras.ops.convert_to_numpy(model.get_layer('fc1').kernel)\n"
        "print(numpy.linalg.norm(kernel, axis=0).max())\n"
    )
    folder = folder_for(tmp_path / "watch", max_norm=0.4, every=1)
    result = run(folder, "fit.py", KERAS_BACKEND=keras.backend.backend())
    assert float(result.stdout) < 0.400001
    assert len(of_type(folder / "records.jsonl", "step")) == 16
    assert states(folder)[-1]["state"] == "watching"
