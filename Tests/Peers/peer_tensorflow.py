"""A workload in TensorFlow with Keras' layers; modes: function (tf.function), xla (with XLA)."""

import keras
import numpy
import tensorflow as tf
import workloads
from keras import layers

given = workloads.arguments()
workload, ceiling = given.workload, workloads.CEILING[given.workload]
tf.config.threading.set_intra_op_parallelism_threads(given.threads)
tf.config.threading.set_inter_op_parallelism_threads(given.threads)
keras.utils.set_random_seed(0)


def limit(*axes):
    return keras.constraints.MaxNorm(ceiling, axis=list(axes) or 0)


def dense(units, activation=None):
    return layers.Dense(units, activation=activation, kernel_constraint=limit())


def convolution(channels, kernel, activation=None):
    return layers.Conv2D(channels, kernel, padding="same", activation=activation, kernel_constraint=limit(0, 1, 2))


def normalized(channels):
    return [convolution(channels, 3), layers.BatchNormalization(), layers.ReLU()]


def recurrent(kind, hidden, **settings):
    return kind(hidden, kernel_constraint=limit(), recurrent_constraint=limit(), **settings)


def language(kind):
    return [
        keras.Input((100,), dtype="int32"),
        layers.Embedding(64, 64),
        recurrent(kind, 256, return_sequences=True),
        dense(64),
    ]


parts = {
    "W1": lambda: [keras.Input((10,)), dense(5)],
    "W2": lambda: [keras.Input((32,)), dense(64, "relu"), dense(10)],
    "W3": lambda: [
        *(keras.Input((784,)), layers.Dropout(0.2), dense(1024, "relu"), layers.Dropout(0.5)),
        *(dense(1024, "relu"), layers.Dropout(0.5), dense(10)),
    ],
    "W4": lambda: [
        *(keras.Input((28, 28, 1)), convolution(32, 5, "relu"), layers.MaxPooling2D(2)),
        *(convolution(64, 5, "relu"), layers.MaxPooling2D(2), layers.Flatten()),
        *(dense(512, "relu"), layers.Dropout(0.5), dense(10)),
    ],
    "W5": lambda: [
        *(keras.Input((32, 32, 3)), *normalized(32), *normalized(32), layers.MaxPooling2D(2)),
        *(*normalized(64), *normalized(64), layers.MaxPooling2D(2), layers.Flatten()),
        *(dense(256, "relu"), layers.Dropout(0.5), dense(10)),
    ],
    "W6": lambda: [keras.Input((64, 8)), recurrent(layers.LSTM, 128), dense(1)],
    "W7": lambda: language(layers.LSTM),
    "W7r": lambda: language(layers.SimpleRNN),
}
model = keras.Sequential(parts[workload]())
rates = {"W1": (0.01, 0.0), "W3": (0.05, 0.9), "W4": (0.01, 0.9)}
if workload in rates:
    rate, momentum = rates[workload]
    optimizer = keras.optimizers.SGD(rate, momentum=momentum)
else:
    optimizer = keras.optimizers.Adam(1e-3)
if workload in ("W1", "W2", "W6"):
    loss_function = keras.losses.MeanSquaredError()
else:
    loss_function = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
optimizer.build(model.trainable_variables)


@tf.function(jit_compile=given.mode == "xla")
def train(x, y):
    with tf.GradientTape() as tape:
        loss = loss_function(y, model(x, training=True))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)
    return loss


xs, ys = ([tf.constant(array) for array in arrays] for arrays in workloads.batches(workload))
last = [None]


def step(index):
    last[0] = train(xs[index], ys[index])


def largest_norm():
    largest = 0.0
    for variable in model.trainable_variables:
        if variable.constraint is not None:
            columns = variable.numpy().reshape(-1, variable.shape[-1])
            largest = max(largest, float(numpy.sqrt((columns**2).sum(0)).max()))
    return largest


workloads.report(step, lambda: last[0].numpy(), largest_norm, workload, tf.__version__)
