"""The workloads of `maxnorm bench`, their data and the stopwatch, for each framework's own process.

A step is forward, backward, update and the projection of every weight but embeddings.
"""

import argparse
import json
import statistics
import time

import numpy

POOL = 8  # batches that are kept in memory and cycled through
BATCH = {"W1": 32, "W2": 32, "W3": 128, "W4": 64, "W5": 64, "W6": 32, "W7": 32, "W7r": 32}
CEILING = dict.fromkeys(BATCH, 3.0) | {"W3": 2.0}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("workload", choices=BATCH)
    parser.add_argument("mode")
    parser.add_argument("threads", type=int)
    return parser.parse_args()


def batches(workload: str) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Inputs and targets with a leading axis of POOL; images have their channels last."""
    random = numpy.random.default_rng(0)
    shape = (POOL, BATCH[workload])

    def normal(*sizes: int) -> numpy.ndarray:
        return random.standard_normal(shape + sizes, dtype=numpy.float32)

    def labels(below: int, *sizes: int) -> numpy.ndarray:
        return random.integers(0, below, shape + sizes).astype(numpy.int32)

    return {
        "W1": lambda: (normal(10), normal(5)),
        "W2": lambda: (normal(32), normal(10)),
        "W3": lambda: (normal(784), labels(10)),
        "W4": lambda: (normal(28, 28, 1), labels(10)),
        "W5": lambda: (normal(32, 32, 3), labels(10)),
        "W6": lambda: (normal(64, 8), normal(1)),
        "W7": lambda: (labels(64, 100), labels(64, 100)),
        "W7r": lambda: (labels(64, 100), labels(64, 100)),
    }[workload]()


def report(step, wait, largest_norm, workload: str, version: str) -> None:
    """Prints the median of seven repetitions of 0.3 s, after a warm-up of a second, as a line of JSON.

    `step(i)` takes one step on batch i, `wait()` returns when all of them are done.
    """
    count, start = 0, time.perf_counter()
    while count < 3 or time.perf_counter() - start < 1:
        step(count % POOL)
        count += 1
        if count % 5 == 0:
            wait()
    wait()
    start = time.perf_counter()
    for index in range(5):
        step(index)
    wait()
    calls = max(1, round(0.3 * 5 / (time.perf_counter() - start)))
    repetitions = []
    for _ in range(7):
        start = time.perf_counter()
        for index in range(calls):
            step(index % POOL)
        wait()
        repetitions.append((time.perf_counter() - start) / calls * 1000)
    # What was projected is within the ceiling, or the time was not that of the same work.
    norm = largest_norm()
    assert norm <= CEILING[workload] * 1.0001, f"a norm of {norm}"
    print(json.dumps({"median_ms": statistics.median(repetitions), "version": version}))
