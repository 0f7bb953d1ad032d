"""The same training by `maxnorm` itself and by PyTorch under `watch`: weights and counts must agree.

The program is that of MAXNORM_PROGRAM, or the release build; without one the tests are skipped.
"""

import json
import os
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT, of_type, records

torch = pytest.importorskip("torch")
numpy = pytest.importorskip("numpy")
safetensors = pytest.importorskip("safetensors.torch")
import maxnorm  # noqa: E402
from torch import nn  # noqa: E402

PROGRAM = os.environ.get("MAXNORM_PROGRAM") or str(ROOT / ".build" / "release" / "maxnorm")

EXPERIMENT = """
name: agreement
data:
  npy: {inputs: inputs.npy, targets: targets.npy, validation_inputs: inputs.npy, validation_targets: targets.npy}
  standardize: false
model:
  - dense: {name: fc1, units: 96}
  - relu
  - dense: {name: fc2, units: 64}
  - relu
  - dense: {name: fc3, units: 10}
loss: cross_entropy
optimizer: {name: sgd, learning_rate: 0.2, momentum: 0.9}
constraint: {max_norm: 1.1}
batch: 32
shuffle: false
seed: 1
"""
STEPS, OFF, ON, LOWER = 100, 40, 60, 80


@pytest.mark.skipif(not os.path.exists(PROGRAM), reason=f"{PROGRAM} is not there")
def test_weights_and_counts_are_those_of_maxnorm(tmp_path, capsys):
    random = numpy.random.default_rng(1)
    inputs = random.standard_normal((640, 48)).astype("float32")
    targets = random.integers(0, 10, 640)
    numpy.save("inputs.npy", inputs)
    numpy.save("targets.npy", targets)
    Path("agreement.yaml").write_text(EXPERIMENT)
    torch.manual_seed(1)
    model = nn.Sequential()
    for name, module in (
        ("fc1", nn.Linear(48, 96)),
        ("relu1", nn.ReLU()),
        ("fc2", nn.Linear(96, 64)),
        ("relu2", nn.ReLU()),
        ("fc3", nn.Linear(64, 10)),
    ):
        model.add_module(name, module)
    safetensors.save_file(model.state_dict(), "init.safetensors")

    def run(log, *options):
        subprocess.run(
            [
                PROGRAM,
                "run",
                "agreement.yaml",
                "--headless",
                "--init",
                "init.safetensors",
                "--steps",
                str(STEPS),
                "--threads",
                "1",
                "--log",
                log,
                "--log-every",
                "1",
                "--overwrite",
                *options,
            ],
            check=True,
            capture_output=True,
            timeout=300,
        )

    run("plain.jsonl")
    # The switch off and on, and a lower r, in the middle of an earlier log.
    changes = {
        OFF: {"action": "constraint", "from": True, "value": False},
        ON: {"action": "constraint", "from": False, "value": True, "clipped": 1},
        LOWER: {"action": "max_norm", "from": 1.1, "value": 0.9, "clipped": 1},
    }
    lines = []
    for record in records("plain.jsonl"):
        lines.append(json.dumps(record))
        if record["type"] == "step" and record["step"] in changes:
            lines.append(json.dumps({"type": "event", "step": record["step"], **changes[record["step"]]}))
    Path("events.jsonl").write_text("\n".join(lines) + "\n")
    run("theirs.jsonl", "--events", "events.jsonl", "--save", "end.safetensors")

    optimizer = torch.optim.SGD(model.parameters(), lr=0.2, momentum=0.9)
    watched = maxnorm.watch(model, optimizer, 1.1, log="ours.jsonl", every=1, strict=True)
    for step in range(STEPS):
        rows = slice(step % 20 * 32, step % 20 * 32 + 32)
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(torch.from_numpy(inputs[rows])), torch.from_numpy(targets[rows]))
        watched.loss(loss)
        loss.backward()
        optimizer.step()
        if step + 1 in changes:
            change = changes[step + 1]
            watched._carry_out(maxnorm.commands.Command(change["action"], change["value"]))
    watched.finish()

    worst = 0.0
    for name, value in safetensors.load_file("end.safetensors").items():
        worst = max(worst, float((value - model.state_dict()[name]).abs().max()))
    theirs, ours = of_type("theirs.jsonl", "step"), of_type("ours.jsonl", "step")
    assert len(theirs) == len(ours) == STEPS
    units = {layer["name"]: layer["units"] for layer in records("ours.jsonl")[0]["layers"]}
    differing, counted = 0, 0
    for a, b in zip(theirs, ours):
        assert a["step"] == b["step"] and a["constraint"]["enabled"] == b["constraint"]["enabled"]
        assert b["loss"] == pytest.approx(a["loss"], rel=1e-4)
        told = {layer["name"]: layer for layer in b["layers"]}
        for layer in a["layers"]:
            mine = told[layer["name"]]
            for key in ("exceeded", "clipped"):
                assert abs(layer[key] - mine[key]) <= max(1, units[layer["name"]] // 1000)
                differing += layer[key] != mine[key]
                counted += layer[key]
    assert worst < 1e-5
    assert counted > 1000 and differing <= len(theirs) * 6 // 100
    a, b = of_type("theirs.jsonl", "event"), of_type("ours.jsonl", "event")
    assert [e["action"] for e in a] == [e["action"] for e in b] and all(
        abs(x.get("clipped", 0) - y.get("clipped", 0)) <= 1 for x, y in zip(a, b)
    )
    with capsys.disabled():
        print(f"\nagainst maxnorm: weights within {worst:.1e}, {counted} units counted, {differing} counts differ")
