"""Writes constraints.json: weights before and after Keras' constraints, for comparison.

Run it beside the file: KERAS_BACKEND=torch python constraints.py (keras 3, numpy). Kernels are stored
as PyTorch stores them, [out, in]; Keras has them as [in, out], so its axis 0 is ours of incoming weights.
The spectral norm is numpy's singular value decomposition.
"""

import json

import keras
import numpy as np

AXES = {"incoming": 0, "outgoing": 1, "tensor": (0, 1)}
generator = np.random.default_rng(5)


def case(name, kind, axis="incoming", units=5, inputs=4, r=None, minimum=None, rate=None, scale=1.0):
    before = (scale * generator.normal(size=(units, inputs))).astype(np.float32)
    if kind == "unit_norm":
        rule = keras.constraints.UnitNorm(axis=AXES[axis])
    elif kind == "min_max_norm":
        rule = keras.constraints.MinMaxNorm(minimum, r, rate, axis=AXES[axis])
    elif kind == "non_negative":
        rule = keras.constraints.NonNeg()
    elif kind == "max_norm":
        rule = keras.constraints.MaxNorm(r, axis=AXES[axis])
    else:
        rule = None
    if rule is None:
        sigma = np.linalg.svd(before.astype(np.float64), compute_uv=False)[0]
        after = before * min(1.0, r / sigma)
    else:
        after = np.asarray(keras.ops.convert_to_numpy(rule(before.T))).T
    return {"name": name, "kind": kind, "axis": axis, "shape": [units, inputs], "max_norm": r,
            "minimum": minimum, "rate": rate, "before": before.flatten().tolist(),
            "after": after.astype(np.float32).flatten().tolist()}


cases = [case(f"{kind} {axis}", kind, axis, **settings)
         for axis in AXES
         for kind, settings in [
             ("max_norm", {"r": 1.5}),
             ("unit_norm", {}),
             ("min_max_norm", {"minimum": 1.5, "r": 2.2, "rate": 1.0}),
             ("min_max_norm", {"minimum": 1.5, "r": 2.2, "rate": 0.25, "units": 9}),
             ("non_negative", {"inputs": 3}),
         ]]
cases += [case("spectral_norm over", "spectral_norm", "tensor", r=1.5),
          case("spectral_norm under", "spectral_norm", "tensor", r=30.0),
          case("spectral_norm wide", "spectral_norm", "tensor", r=2.0, units=3, inputs=17)]

with open("constraints.json", "w") as file:
    file.write("[\n")
    file.write(",\n".join(json.dumps(c) for c in cases))
    file.write("\n]\n")
for c in cases:
    print(c["name"], np.linalg.norm(c["before"]), np.linalg.norm(c["after"]))
