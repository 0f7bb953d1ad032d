"""A workload in JAX with optax; mode: jit (the whole step in one function, its buffers donated)."""

import functools

import jax
import jax.numpy as jnp
import numpy
import optax
import workloads
from jax import lax

given = workloads.arguments()
workload, ceiling = given.workload, workloads.CEILING[given.workload]
random = numpy.random.default_rng(1)


def uniform(*shape):
    """The last axis are the units."""
    bound = numpy.sqrt(1 / numpy.prod(shape[:-1]))
    return jnp.asarray(random.uniform(-bound, bound, shape), jnp.float32)


def layer(*shape):
    return {"w": uniform(*shape), "b": jnp.zeros(shape[-1])}


def dense(parameters, x):
    return x @ parameters["w"] + parameters["b"]


def convolution(parameters, x):
    names = ("NHWC", "HWIO", "NHWC")
    y = lax.conv_general_dilated(x, parameters["w"], (1, 1), "SAME", dimension_numbers=names)
    return y + parameters["b"]


def pool(x):
    return lax.reduce_window(x, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")


def drop(key, x, rate):
    return jnp.where(jax.random.bernoulli(key, 1 - rate, x.shape), x / (1 - rate), 0.0)


def normalize(parameters, state, x):
    mean, variance = x.mean((0, 1, 2)), x.var((0, 1, 2))
    kept = {"m": 0.9 * state["m"] + 0.1 * mean, "v": 0.9 * state["v"] + 0.1 * variance}
    return (x - mean) * lax.rsqrt(variance + 1e-5) * parameters["g"] + parameters["b"], kept


def flat(x):
    return x.reshape(x.shape[0], -1)


def lstm_cell(weight, state, gates):
    hidden, cell = state
    i, f, g, o = jnp.split(gates + hidden @ weight, 4, -1)
    cell = jax.nn.sigmoid(f) * cell + jax.nn.sigmoid(i) * jnp.tanh(g)
    hidden = jax.nn.sigmoid(o) * jnp.tanh(cell)
    return (hidden, cell), hidden


def rnn_cell(weight, state, gates):
    hidden = jnp.tanh(gates + state[0] @ weight)
    return (hidden, state[1]), hidden


def recurrent(cell, parameters, x):
    """The states of all steps; the products with the inputs are one."""
    weight = parameters["h"]["w"]
    zeros = jnp.zeros((x.shape[0], weight.shape[0]))
    gates = jnp.swapaxes(dense(parameters["x"], x), 0, 1)
    _, states = lax.scan(functools.partial(cell, weight), (zeros, zeros), gates)
    return jnp.swapaxes(states, 0, 1)


def mean_squared_error(outputs, targets):
    return jnp.mean((outputs - targets) ** 2)


def cross_entropy(outputs, labels):
    return optax.softmax_cross_entropy_with_integer_labels(outputs, labels).mean()


adam = optax.adam(1e-3)
state = {}
if workload == "W1":
    parameters, optimizer = {"a": layer(10, 5)}, optax.sgd(0.01)

    def loss(p, s, key, x, y):
        return mean_squared_error(dense(p["a"], x), y), s

elif workload == "W2":
    parameters, optimizer = {"a": layer(32, 64), "b": layer(64, 10)}, adam

    def loss(p, s, key, x, y):
        return mean_squared_error(dense(p["b"], jax.nn.relu(dense(p["a"], x))), y), s

elif workload == "W3":
    parameters = {"a": layer(784, 1024), "b": layer(1024, 1024), "c": layer(1024, 10)}
    optimizer = optax.sgd(0.05, momentum=0.9)

    def loss(p, s, key, x, y):
        first, second, third = jax.random.split(key, 3)
        hidden = drop(second, jax.nn.relu(dense(p["a"], drop(first, x, 0.2))), 0.5)
        hidden = drop(third, jax.nn.relu(dense(p["b"], hidden)), 0.5)
        return cross_entropy(dense(p["c"], hidden), y), s

elif workload == "W4":
    parameters = {"a": layer(5, 5, 1, 32), "b": layer(5, 5, 32, 64)}
    parameters |= {"c": layer(3136, 512), "d": layer(512, 10)}
    optimizer = optax.sgd(0.01, momentum=0.9)

    def loss(p, s, key, x, y):
        hidden = pool(jax.nn.relu(convolution(p["a"], x)))
        hidden = pool(jax.nn.relu(convolution(p["b"], hidden)))
        hidden = drop(key, jax.nn.relu(dense(p["c"], flat(hidden))), 0.5)
        return cross_entropy(dense(p["d"], hidden), y), s

elif workload == "W5":
    channels = [(3, 32), (32, 32), (32, 64), (64, 64)]
    parameters = {"d": layer(4096, 256), "e": layer(256, 10)}
    optimizer = adam
    for number, (inputs, outputs) in enumerate(channels):
        parameters[f"c{number}"] = layer(3, 3, inputs, outputs)
        parameters[f"n{number}"] = {"g": jnp.ones(outputs), "b": jnp.zeros(outputs)}
        state[f"n{number}"] = {"m": jnp.zeros(outputs), "v": jnp.ones(outputs)}

    def loss(p, s, key, x, y):
        kept = {}
        for number in range(4):
            name = f"n{number}"
            x, kept[name] = normalize(p[name], s[name], convolution(p[f"c{number}"], x))
            x = jax.nn.relu(x)
            if number % 2:
                x = pool(x)
        hidden = drop(key, jax.nn.relu(dense(p["d"], flat(x))), 0.5)
        return cross_entropy(dense(p["e"], hidden), y), kept

elif workload == "W6":
    parameters = {"x": layer(8, 512), "h": {"w": uniform(128, 512)}, "o": layer(128, 1)}
    optimizer = adam

    def loss(p, s, key, x, y):
        return mean_squared_error(dense(p["o"], recurrent(lstm_cell, p, x)[:, -1]), y), s

else:
    gates, cell = (4, lstm_cell) if workload == "W7" else (1, rnn_cell)
    parameters = {"e": jnp.asarray(random.standard_normal((64, 64)), jnp.float32)}
    parameters |= {"x": layer(64, 256 * gates), "h": {"w": uniform(256, 256 * gates)}}
    parameters |= {"o": layer(256, 64)}
    optimizer = adam

    def loss(p, s, key, x, y):
        return cross_entropy(dense(p["o"], recurrent(cell, p, p["e"][x])), y), s


def project(parameters):
    def one(path, weight):
        if path[-1].key != "w":
            return weight
        axes = tuple(range(weight.ndim - 1))
        norms = jnp.sqrt(jnp.sum(weight * weight, axis=axes, keepdims=True))
        return weight * (ceiling / jnp.maximum(norms, ceiling))

    return jax.tree_util.tree_map_with_path(one, parameters)


@functools.partial(jax.jit, donate_argnums=(0, 1, 2, 3))
def train(parameters, moments, state, key, x, y):
    key, drawn = jax.random.split(key)
    slope = jax.value_and_grad(loss, has_aux=True)
    (value, state), gradients = slope(parameters, state, drawn, x, y)
    updates, moments = optimizer.update(gradients, moments, parameters)
    return project(optax.apply_updates(parameters, updates)), moments, state, key, value


xs, ys = ([jnp.asarray(array) for array in arrays] for arrays in workloads.batches(workload))
run = [parameters, optimizer.init(parameters), state, jax.random.key(0), None]


def step(index):
    run[:] = train(*run[:4], xs[index], ys[index])


def largest_norm():
    largest = 0.0
    for path, weight in jax.tree_util.tree_leaves_with_path(run[0]):
        if path[-1].key == "w":
            columns = numpy.asarray(weight).reshape(-1, weight.shape[-1])
            largest = max(largest, float(numpy.sqrt((columns**2).sum(0)).max()))
    return largest


workloads.report(step, lambda: jax.block_until_ready(run), largest_norm, workload, jax.__version__)
