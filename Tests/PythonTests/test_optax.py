"""The transformation of optax, in a step that is compiled once."""

import pytest
from conftest import of_type, records

jax = pytest.importorskip("jax")
optax = pytest.importorskip("optax")
import jax.numpy as jnp  # noqa: E402
import maxnorm.optax  # noqa: E402
import numpy  # noqa: E402
from maxnorm.arrays import Totals, squared_norms  # noqa: E402
from maxnorm.commands import Command  # noqa: E402

LIMIT = 1 + 1.5e-6


def start(seed=1):
    random = numpy.random.default_rng(seed)
    params = {
        "fc1": {"kernel": jnp.asarray(random.standard_normal((20, 32)) * 0.2, jnp.float32), "bias": jnp.zeros(32)},
        "fc2": {"kernel": jnp.asarray(random.standard_normal((32, 3)) * 0.2, jnp.float32), "bias": jnp.zeros(3)},
    }
    x = jnp.asarray(random.standard_normal((64, 20)), jnp.float32)
    y = jnp.asarray(5 * random.standard_normal((64, 3)), jnp.float32)
    return params, x, y


def predict(params, x):
    hidden = jax.nn.relu(x @ params["fc1"]["kernel"] + params["fc1"]["bias"])
    return hidden @ params["fc2"]["kernel"] + params["fc2"]["bias"]


def norms(kernel):
    return numpy.sqrt(numpy.square(numpy.asarray(kernel, "float64")).sum(axis=0))


def loop(mn, tx, params, x, y, steps, commands=None, donate=True):
    compiled = []

    def step(params, opt_state, x, y):
        compiled.append(1)
        loss, grads = jax.value_and_grad(lambda p: jnp.square(predict(p, x) - y).mean())(params)
        updates, opt_state = tx.update(grads, opt_state, params)
        return optax.apply_updates(params, updates), opt_state, loss

    step = jax.jit(step, donate_argnums=(0, 1) if donate else ())
    opt_state = tx.init(params)
    seen = []
    for number in range(1, steps + 1):
        params, opt_state, loss = step(params, opt_state, x, y)
        if number in (commands or {}):
            mn.subject.opt_state, mn.subject.params = opt_state, params
            mn._mailbox.append(commands[number])
        params, opt_state = mn.after(params, opt_state, loss)
        seen.append(norms(params["fc1"]["kernel"]).max())
    mn.finish()
    return params, numpy.array(seen), len(compiled)


def test_one_compilation_follows_switch_and_ceiling():
    params, x, y = start()
    mn = maxnorm.optax.watch(params, {"fc1": 0.6, "*": 0.9}, log="run.jsonl", every=1, strict=True)
    tx = optax.chain(optax.sgd(0.3), mn.transformation)
    commands = {4: Command("constraint", False), 10: Command("constraint", True), 12: Command("max_norm", 0.3, "fc1")}
    _, seen, compilations = loop(mn, tx, params, x, y, 16, commands)
    assert compilations == 1
    assert (seen[:4] <= 0.6 * LIMIT).all() and seen[8] > 0.7 and (seen[9:11] <= 0.6 * LIMIT).all()
    assert (seen[11:] <= 0.3 * LIMIT).all()
    steps = of_type("run.jsonl", "step")
    assert [s["step"] for s in steps] == list(range(1, 17)) and all(s["loss"] > 0 for s in steps)
    assert [layer["name"] for layer in records("run.jsonl")[0]["layers"]] == ["fc1", "fc2"]
    off, on, lower = of_type("run.jsonl", "event")
    assert on["clipped"] > 0 and lower["clipped"] > 0
    assert steps[7]["layers"][0]["exceeded"] > 0 == steps[7]["layers"][0]["clipped"]


def test_weights_and_counts_are_those_of_a_float64_reference():
    params, x, y = start(2)
    r, rate, steps = 0.7, 0.1, 100
    mn = maxnorm.optax.watch(params, r, log="run.jsonl", every=1, strict=True)
    w = {k: {n: numpy.asarray(v, "float64") for n, v in layer.items()} for k, layer in params.items()}
    after, _, _ = loop(mn, optax.chain(optax.sgd(rate), mn.transformation), params, x, y, steps)
    x, y = numpy.asarray(x, "float64"), numpy.asarray(y, "float64")
    counts = []
    for _ in range(steps):
        a = x @ w["fc1"]["kernel"] + w["fc1"]["bias"]
        h = numpy.maximum(a, 0)
        error = 2 * (h @ w["fc2"]["kernel"] + w["fc2"]["bias"] - y) / y.size
        back = (error @ w["fc2"]["kernel"].T) * (a > 0)
        for layer, inputs, slope in (("fc2", h, error), ("fc1", x, back)):
            w[layer]["kernel"] -= rate * inputs.T @ slope
            w[layer]["bias"] -= rate * slope.sum(axis=0)
        found = []
        for layer in ("fc1", "fc2"):
            n = numpy.sqrt(numpy.square(w[layer]["kernel"]).sum(axis=0))
            over = n > r * (1 + 1e-6)
            found.append(int(over.sum()))
            w[layer]["kernel"] = numpy.where(over, w[layer]["kernel"] * (r / n), w[layer]["kernel"])
        counts.append(found)
    for layer in w:
        assert numpy.abs(numpy.asarray(after[layer]["kernel"]) - w[layer]["kernel"]).max() < 1e-5
    told = {}
    ours = []
    for step in of_type("run.jsonl", "step"):
        told = {layer["name"]: layer["clipped"] for layer in step["layers"]}
        ours.append([told.get("fc1", 0), told.get("fc2", 0)])
    assert sum(map(sum, counts)) > 500
    assert sum(abs(a - b) for one, two in zip(ours, counts) for a, b in zip(one, two)) <= 2


@pytest.mark.parametrize("shape, axes", [((5000, 30), (0,)), ((30, 4097), (1,)), ((3, 3, 100, 20), (0, 1, 2))])
def test_norms_are_within_2e7(shape, axes):
    random = numpy.random.default_rng(3)
    for w in (random.standard_normal(shape), random.random(shape), numpy.full(shape, 0.1)):
        w = w.astype("float32")
        n = numpy.sqrt(numpy.square(w.astype("float64")).sum(axis=axes))
        ours = numpy.sqrt(numpy.asarray(jax.jit(lambda v: squared_norms(jnp, v, axes))(w), "float64")).reshape(n.shape)
        assert numpy.abs(ours / n - 1).max() < 2e-7


def test_a_rate_that_is_a_state_can_be_changed():
    params, x, y = start()
    mn = maxnorm.optax.watch(params, 0.9, log="run.jsonl", every=1, strict=True)
    tx = optax.chain(optax.inject_hyperparams(optax.sgd)(learning_rate=0.1, momentum=0.9), mn.transformation)
    commands = {
        2: Command("learning_rate", 0.02),
        3: Command("momentum", 0.5),
        4: Command("weight_decay", 0.1),
        5: Command("undo"),
    }
    _, _, compilations = loop(mn, tx, params, x, y, 6, commands)
    assert compilations == 1
    rates = [s["learning_rate"] for s in of_type("run.jsonl", "step")]
    assert rates == pytest.approx([0.1, 0.1, 0.02, 0.02, 0.02, 0.02])
    assert [(e["action"], e["value"]) for e in of_type("run.jsonl", "event")] == [
        ("learning_rate", pytest.approx(0.02)),
        ("momentum", pytest.approx(0.5)),
        ("momentum", pytest.approx(0.9)),
    ]
    assert "inject_hyperparams" in of_type("run.jsonl", "refused")[0]["reason"]


def decay(step):
    return 0.1 * 0.9**step


@pytest.mark.parametrize("injected", [False, True])
def test_a_schedule_goes_on_in_proportion(injected):
    params, x, y = start()
    options = {} if injected else {"learning_rate": decay}
    mn = maxnorm.optax.watch(params, 1e6, log="run.jsonl", every=1, strict=True, **options)
    sgd = optax.inject_hyperparams(optax.sgd)(learning_rate=decay) if injected else optax.sgd(decay)
    commands = {2: Command("learning_rate", 0.045), 4: Command("undo")}
    after, _, compilations = loop(mn, optax.chain(sgd, mn.transformation), params, x, y, 6, commands)
    assert compilations == 1
    # The third and fourth steps go half as far as the schedule has them.
    factors = [1, 1, 0.5, 0.5, 1, 1]
    rates = [decay(step) * factor for step, factor in enumerate(factors)]
    assert [s["learning_rate"] for s in of_type("run.jsonl", "step")] == pytest.approx(rates, rel=1e-6)
    changed, undone = of_type("run.jsonl", "event")
    assert changed["from"] == pytest.approx(0.09) and changed["value"] == pytest.approx(0.045)
    assert undone["undo"] is True and undone["value"] == pytest.approx(decay(3))
    # The same steps by hand.
    params, x, y = start()
    for rate in rates:
        slopes = jax.grad(lambda p: jnp.square(predict(p, x) - y).mean())(params)
        params = jax.tree_util.tree_map(lambda p, g, rate=rate: p - rate * g, params, slopes)
    for layer in params:
        assert numpy.abs(after[layer]["kernel"] - params[layer]["kernel"]).max() < 1e-5


def test_a_rate_that_nobody_told_is_refused():
    params, x, y = start()
    mn = maxnorm.optax.watch(params, 0.9, log="run.jsonl", every=1, strict=True)
    loop(mn, optax.chain(optax.sgd(0.1), mn.transformation), params, x, y, 2, {1: Command("learning_rate", 0.5)})
    assert "watch(…, learning_rate=RATE)" in of_type("run.jsonl", "refused")[0]["reason"]
    assert "learning_rate" not in of_type("run.jsonl", "step")[0]


def test_an_observed_run_is_given_a_ceiling_by_a_command():
    params, x, y = start()
    mn = maxnorm.optax.watch(params, log="run.jsonl", every=1, strict=True)
    commands = {3: Command("constraint", False), 4: Command("max_norm", 0.4)}
    tx = optax.chain(optax.sgd(0.3), mn.transformation)
    _, seen, compilations = loop(mn, tx, params, x, y, 8, commands)
    assert compilations == 1 and seen[2] > 0.5 and (seen[3:] <= 0.4 * LIMIT).all()
    assert "no layer has a ceiling" in of_type("run.jsonl", "refused")[0]["reason"]
    assert of_type("run.jsonl", "event")[0]["clipped"] > 0


def test_counters_may_run_over():
    totals = Totals(1)
    assert totals.update([(2**31 - 1, 5, 0.5)]) == [(2**31 - 1, 5, 4.5)]
    assert totals.update([(-(2**31) + 9, 6, 0.5)])[0][0] == 2**31 + 9


def test_leaves_have_their_units_by_name():
    params = {
        "params": {
            "emb": {"embedding": jnp.ones((9, 4))},
            "query": {"kernel": jnp.ones((4, 2, 3))},
            "norm": {"scale": jnp.ones(4)},
            "conv": {"kernel": jnp.ones((3, 3, 2, 5))},
        }
    }
    layers = maxnorm.optax.watch(params, 1.0).subject.layers
    assert {layer.name: layer.units for layer in layers} == {"emb": 9, "query": 6, "conv": 5}
    by_hand = maxnorm.optax.watch(params, 1.0, axes=lambda path, leaf: (0,) if path == "conv.kernel" else None)
    assert [layer.units for layer in by_hand.subject.layers] == [30]
