#!/usr/bin/env python3
"""Steps of maxnorm beside those of PyTorch, TensorFlow and JAX, alternating, on this machine.

    bench_peers.py MAXNORM [WORKLOAD …] [--threads 1 2] [--rounds 5] [--keep 2] [--avx2]
                   [--pytorch PYTHON] [--tensorflow PYTHON] [--jax PYTHON]

MAXNORM is the program, each PYTHON an interpreter that has the framework (python3 unless said; `-` leaves
the framework out). In each round every program measures once, in a process of its own; the table has the
medians of the rounds, and the ratios of the best of the others to maxnorm within each round. After the
first round only the --keep fastest of the others go on: the slowest cannot be the best, and cost the most.

--avx2 hides wider vectors from the frameworks' libraries; give it a maxnorm that was built without them:
`swift build -c release -Xcc -DMAXNORM_WIDEST_LEVEL=3`.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys

WORKLOADS = ["W1", "W2", "W3", "W4", "W5", "W6", "W7", "W7r"]
MODES = {"pytorch": ["eager", "fused", "compile"], "tensorflow": ["function", "xla"], "jax": ["jit"]}
FOLDER = pathlib.Path(__file__).parent


def environment(threads: int, narrow: bool) -> dict[str, str]:
    count = str(threads)
    settings = dict(os.environ, OMP_NUM_THREADS=count, MKL_NUM_THREADS=count)
    settings |= {"TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore"}
    if narrow:
        settings |= {"ONEDNN_MAX_CPU_ISA": "AVX2", "DNNL_MAX_CPU_ISA": "AVX2"}
        settings |= {"ATEN_CPU_CAPABILITY": "avx2", "MKL_ENABLE_INSTRUCTIONS": "AVX2"}
        settings |= {"XLA_FLAGS": "--xla_cpu_max_isa=AVX2"}
    return settings


def measured(command: list[str], threads: int, narrow: bool) -> float | None:
    """Milliseconds a step; None where it failed, which is said."""
    # XLA takes every core that it is given.
    cores = sorted(os.sched_getaffinity(0))[-threads:]
    try:
        done = subprocess.run(
            command,
            env=environment(threads, narrow),
            cwd=FOLDER,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
            preexec_fn=lambda: os.sched_setaffinity(0, cores),
        )
    except subprocess.TimeoutExpired:
        print(f"{' '.join(command[1:])}: no end after 300 s", file=sys.stderr)
        return None
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode or not lines:
        problem = done.stderr.strip().splitlines()[-1:] or [f"status {done.returncode}"]
        print(f"{' '.join(command[1:])}: {problem[0]}", file=sys.stderr)
        return None
    return json.loads(lines[-1])["median_ms"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("maxnorm")
    parser.add_argument("workloads", nargs="*", metavar="WORKLOAD")
    parser.add_argument("--threads", type=int, nargs="+", default=[1])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keep", type=int, default=2)
    parser.add_argument("--avx2", action="store_true")
    for framework in MODES:
        parser.add_argument(f"--{framework}", default="python3", metavar="PYTHON")
    given = parser.parse_args()
    program = str(pathlib.Path(given.maxnorm).resolve())
    print("| | threads | maxnorm, ms | best of the others | ratio | lowest to highest |")
    print("|---|---|---|---|---|---|")
    for workload in given.workloads or WORKLOADS:
        for threads in given.threads:
            commands = {"maxnorm": [program, "bench", workload, "--threads", str(threads), "--json"]}
            for framework, modes in MODES.items():
                python = getattr(given, framework)
                for mode in modes if python != "-" else []:
                    script = [python, f"peer_{framework}.py", workload, mode, str(threads)]
                    commands[f"{framework} {mode}"] = script
            times: dict[str, list[float]] = {name: [] for name in commands}
            for _ in range(given.rounds):
                for name in list(commands):
                    time = measured(commands[name], threads, given.avx2)
                    if time is None:
                        del commands[name], times[name]
                    else:
                        times[name].append(time)
                others = sorted(set(times) - {"maxnorm"}, key=lambda name: times[name][0])
                for name in others[given.keep :]:
                    del commands[name], times[name]
            row(workload, threads, times)


def row(workload: str, threads: int, times: dict[str, list[float]]) -> None:
    own = times.pop("maxnorm", [])
    if not own or not times:
        print(f"| {workload} | {threads} | {'nothing to compare with' if own else 'failed'} | | | |")
        return
    best = min(times, key=lambda name: statistics.median(times[name]))
    ratios = sorted(other / mine for other, mine in zip(times[best], own, strict=True))
    print(
        f"| {workload} | {threads} | {statistics.median(own):.4g} "
        f"| {best} {statistics.median(times[best]):.4g} | {statistics.median(ratios):.2f} "
        f"| {ratios[0]:.2f} to {ratios[-1]:.2f} |",
        flush=True,
    )


if __name__ == "__main__":
    main()
