"""Writes Trajectories/keras_maxnorm: Keras' own run under its MaxNorm constraint, for comparison.

    python keras_maxnorm.py                   (tensorflow-cpu 2.x with Keras 3, numpy, safetensors)

The shipped experiment `keras` on fewer rows: Dense 64 with kernel_constraint=MaxNorm(3), Dense 10
without, Adam, ten epochs of random rows. The first weights lie around the ceiling, so that it holds
some units from the start and others never. Kernels are stored as PyTorch stores them, [out, in].
"""

import json
import os
import shutil
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import keras
import numpy as np
from safetensors.numpy import save_file

ROWS, INPUTS, HIDDEN, OUTPUTS, BATCH, EPOCHS, R = 224, 32, 64, 10, 32, 10, 3.0

EXPERIMENT = f"""name: keras_maxnorm
data:
  npy: {{inputs: inputs.npy, targets: targets.npy, validation_inputs: inputs.npy, validation_targets: targets.npy}}
  standardize: false
model:
  - dense: {{name: dense1, units: {HIDDEN}, max_norm: 3}}
  - relu
  - dense: {{name: dense2, units: {OUTPUTS}}}
loss: mse
optimizer: {{name: adam, learning_rate: 0.001, epsilon: 1e-7}}
batch: {BATCH}
epochs: {EPOCHS}
shuffle: false
"""


class CountingMaxNorm(keras.constraints.MaxNorm):
    """Keras' constraint as it is; it only counts the units it finds over the ceiling."""

    clipped, near = [], []

    def __call__(self, w):
        n = np.linalg.norm(np.asarray(w, np.float64), axis=0)
        self.clipped.append(int((n > R * (1 + 1e-6)).sum()))
        self.near.append(int((abs(n - R) <= 1e-5 * R).sum()))
        return super().__call__(w)


class BatchLosses(keras.callbacks.Callback):
    """The loss of each batch; Keras tells the mean since the epoch began."""

    losses = []

    def on_epoch_begin(self, epoch, logs=None):
        self.total, self.count = 0.0, 0

    def on_train_batch_end(self, batch, logs=None):
        self.count += 1
        self.losses.append(logs["loss"] * self.count - self.total)
        self.total = logs["loss"] * self.count


def state(model):
    tensors = {}
    for name, layer in zip(("dense1", "dense2"), model.layers):
        kernel, bias = layer.get_weights()
        tensors[f"{name}.weight"] = np.ascontiguousarray(kernel.T)
        tensors[f"{name}.bias"] = bias
    return tensors


def main():
    random = np.random.default_rng(1)
    inputs = random.standard_normal((ROWS, INPUTS)).astype(np.float32)
    # Large targets, so that the weights grow.
    targets = (6 * random.standard_normal((ROWS, OUTPUTS))).astype(np.float32)
    constraint = CountingMaxNorm(R, axis=0)
    model = keras.Sequential([
        keras.Input((INPUTS,)),
        keras.layers.Dense(HIDDEN, activation="relu", kernel_constraint=constraint),
        keras.layers.Dense(OUTPUTS),
    ])
    kernel = random.standard_normal((INPUTS, HIDDEN))
    kernel *= random.uniform(2.9, 3.1, HIDDEN) / np.linalg.norm(kernel, axis=0)
    second = random.standard_normal((HIDDEN, OUTPUTS)) * 0.1
    model.set_weights([kernel.astype(np.float32), np.zeros(HIDDEN, np.float32),
                       second.astype(np.float32), np.zeros(OUTPUTS, np.float32)])
    first = state(model)
    model.compile(optimizer=keras.optimizers.Adam(), loss="mse", run_eagerly=True)
    losses = BatchLosses()
    model.fit(inputs, targets, batch_size=BATCH, epochs=EPOCHS, shuffle=False, verbose=0,
              callbacks=[losses])
    last = state(model)
    validation_loss = float(model.evaluate(inputs, targets, batch_size=BATCH, verbose=0))

    norms = np.linalg.norm(last["dense1.weight"].astype(np.float64), axis=1)
    print(f"Keras {keras.__version__}: loss {losses.losses[0]:.3f} to {losses.losses[-1]:.3f}, "
          f"clipped {sum(constraint.clipped)} in {len(constraint.clipped)} steps, "
          f"norms {norms.min():.3f} to {norms.max():.6f}")
    assert len(constraint.clipped) == len(losses.losses) == EPOCHS * ROWS // BATCH
    assert 100 < sum(constraint.clipped) < len(constraint.clipped) * HIDDEN / 2
    for name in last:
        moved = np.linalg.norm(last[name] - first[name]) / np.linalg.norm(last[name])
        assert moved > 0.01, f"{name} hardly moves: {moved}"

    folder = Path(__file__).parent / "Trajectories" / "keras_maxnorm"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "experiment.yaml").write_text(EXPERIMENT)
    np.save(folder / "inputs.npy", inputs)
    np.save(folder / "targets.npy", targets)
    save_file(first, folder / "init.safetensors")
    save_file(last, folder / "final.safetensors")
    reference = {"tolerance": 1e-3, "losses": losses.losses,
                 "learning_rates": [0.001] * len(losses.losses), "validation_loss": validation_loss,
                 "clipped": {"dense1": constraint.clipped, "dense2": [0] * len(losses.losses)},
                 "near": {"dense1": constraint.near, "dense2": [0] * len(losses.losses)}, "free": []}
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in reference.items()]
    (folder / "reference.json").write_text("{" + ",\n ".join(lines) + "}\n")


if __name__ == "__main__":
    main()
