"""Two ranks under torchrun: commands after the same step, whole layers in the records."""

import json
import os
import subprocess
import sys

import pytest
from conftest import PACKAGE, of_type, records
from watching import again_where_gloo_aborts, folder_for, run

torch = pytest.importorskip("torch")
HERE = os.path.dirname(os.path.abspath(__file__))
#: Any free port, so that tests beside each other do not meet; PyTorch 1.13 needs redirections on Python 3.11.
TORCHRUN = [
    "-m",
    "torch.distributed.run",
    "--nproc_per_node",
    "2",
    "--rdzv_backend",
    "c10d",
    "--rdzv_endpoint",
    "localhost:0",
    *([] if torch.__version__ >= "2" else ["-r", "1", "-t", "1"]),
]


def launch(kind, folder):
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(PACKAGE), "GLOO_SOCKET_IFNAME": "lo"}
    command = [sys.executable, *TORCHRUN, os.path.join(HERE, "ranks.py"), kind, str(folder)]
    result = again_where_gloo_aborts(
        lambda: subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    )
    assert result.returncode == 0, result.stderr[-3000:]
    return [json.loads((folder / f"rank{rank}.json").read_text()) for rank in range(2)]


@pytest.mark.parametrize("kind", ["ddp", "fsdp"])
def test_ranks_obey_after_the_same_step_and_records_tell_whole_layers(kind, tmp_path):
    if kind == "fsdp":
        pytest.importorskip("torch.distributed.tensor")
    first, second = launch(kind, tmp_path)
    assert first["switches"] == second["switches"] == [True] * 5 + [False] * 9 + [True] * 16
    assert first["weights"] == second["weights"]
    log = tmp_path / "run.jsonl"
    header = records(log)[0]
    shapes = {layer["name"]: (layer["shape"], layer["units"]) for layer in header["layers"]}
    assert shapes == {"fc1": ([9, 6], 9), "fc2": ([3, 9], 3), "up": ([3, 4, 2], 4)}
    w = {name: torch.tensor(values, dtype=torch.float64) for name, values in first["weights"].items()}
    norms = {
        "fc1": w["fc1.weight"].norm(dim=1),
        "fc2": w["fc2.weight"].norm(dim=1),
        "up": w["up.weight"].permute(1, 0, 2).flatten(1).norm(dim=1),
    }
    assert all(float(norms[name].max()) <= r * (1 + 1.5e-6) for name, r in (("fc1", 0.2), ("fc2", 0.4), ("up", 0.4)))
    told = {}
    for step in of_type(log, "step"):
        told.update({layer["name"]: layer for layer in step["layers"]})
    for name, expected in norms.items():
        assert told[name]["norm_max"] == pytest.approx(float(expected.max()), rel=1e-6)
        assert told[name]["norm_min"] == pytest.approx(float(expected.min()), rel=1e-6)
    events = [(e["action"], e["step"], e.get("id")) for e in of_type(log, "event")]
    assert events == [
        ("constraint", 6, "v.1"),
        ("constraint", 15, "v.2"),
        ("pause", 21, "v.3"),
        ("step", 22, "v.5"),
        ("resume", 22, "v.6"),
        ("max_norm", 27, "v.4"),
    ]
    on = of_type(log, "event")[1]
    assert 0 < on["clipped"] <= 16
    assert of_type(log, "end")[0]["step"] == 30 and len(of_type(log, "header")) == 1
    every = of_type(log, "norms")[-1]["layers"]
    assert {name: len(values) for name, values in every.items()} == {"fc1": 9, "fc2": 3, "up": 4}


def test_torchrun_is_watched_without_a_change(tmp_path):
    (tmp_path / "train.py").write_text("""
import torch, torch.distributed as dist
from torch import nn
dist.init_process_group("gloo")
torch.manual_seed(1)
net = nn.Linear(6, 4)
model = nn.parallel.DistributedDataParallel(net)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for step in range(20):
    optimizer.zero_grad()
    model(torch.randn(8, 6)).square().mean().backward()
    optimizer.step()
assert float(net.weight.detach().norm(dim=1).max()) < 0.3001
dist.destroy_process_group()
""")
    folders = (folder_for(tmp_path / f"watch{n}", max_norm=0.3, every=1, agree_every=1) for n in range(9))

    def launch():
        nonlocal folder
        folder = next(folders)
        return run(folder, *TORCHRUN, "train.py", check=False, GLOO_SOCKET_IFNAME="lo")

    folder = None
    result = again_where_gloo_aborts(launch)
    assert result.returncode == 0, result.stderr[-3000:]
    assert sorted(path.name for path in folder.glob("token-*")) == ["token-0", "token-1"]
    log = folder / "records.jsonl"
    assert len(of_type(log, "header")) == 1 and [s["step"] for s in of_type(log, "step")] == list(range(1, 21))
    assert of_type(log, "end")[0]["reason"] == "finished"
