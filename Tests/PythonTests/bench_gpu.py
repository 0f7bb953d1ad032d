"""Overhead and correctness on one CUDA device, in ten minutes at most: ``python bench_gpu.py > gpu.md``.

Written where no GPU could be seen: nothing of it is measured so far. It tells, as Markdown, the device,
the errors of norms against float64, whether a step waits for the device, what a step costs beside plain
training for three nets, and whether two ranks on one device (gloo) obey after the same step. With
``--dry-run`` all of it runs on the CPU with small nets: what it prints then says only that it runs.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Sources" / "Resources" / "python"))

import maxnorm  # noqa: E402
import torch  # noqa: E402
from maxnorm.pytorch.layout import layout_of  # noqa: E402
from torch import nn  # noqa: E402

DEVICE = "cuda"
#: Of the nets and of the time for each figure, in a dry run.
SCALE = 1


def synchronize():
    if DEVICE == "cuda":
        torch.cuda.synchronize()


def norms():
    print("\n## Norms against float64\n\n| shape | axis | dtype | largest relative error |\n|---|---|---|---|")
    worst = 0.0
    for shape in ((4096, 4096), (50257, 768), (768, 3072), (64, 64, 3, 3), (333, 1001)):
        for axis in ("incoming", "outgoing", "tensor"):
            for dtype in (torch.float32, torch.bfloat16):
                weight = torch.randn(*shape, device=DEVICE).to(dtype)
                layout = layout_of(shape, axis)
                exact = weight.double().reshape(layout.shape).square().sum(dim=(1, 3)).sqrt().reshape(-1)
                error = float((layout.squared_norms(weight).double().sqrt() / exact - 1).abs().max())
                worst = max(worst, error)
                print(f"| {shape} | {axis} | {dtype} | {error:.1e} |")
    print(f"\nlargest: {worst:.1e}, allowed 2e-7: {'holds' if worst < 2e-7 else 'DOES NOT HOLD'}")


def projection():
    print("\n## The projection\n")
    model = nn.Sequential(nn.Linear(3000, 2000), nn.ReLU(), nn.Linear(2000, 100)).to(DEVICE)
    before = [p.detach().double() for p in model.parameters() if p.dim() == 2]
    r = float(before[0].norm(dim=1).median())
    optimizer = torch.optim.SGD(model.parameters(), 0.0)
    run = maxnorm.watch(model, optimizer, r, log=os.devnull, strict=True)
    optimizer.step()
    limit = float(torch.tensor(r)) * (1 + 1e-6)
    counts = [int((w.norm(dim=1) > limit).sum()) for w in before]
    found = run.subject.sample(False).resolve()
    again = [p.detach().clone() for p in model.parameters()]
    optimizer.step()
    same = all(torch.equal(a, b) for a, b in zip(again, model.parameters()))
    largest = max(float(p.detach().double().norm(dim=1).max()) for p in model.parameters() if p.dim() == 2)
    print(f"- units over r: float64 {counts}, told {[layer.clipped for layer in found]}")
    print(f"- clipping again clips nothing: {same}; largest norm over r: {largest / r - 1:.1e} (allowed 1.5e-6)")
    run.finish()


def waiting():
    """Warns where a step waits for the device: torch's own detector of synchronizations."""
    print("\n## Waiting\n")
    model = nn.Sequential(*[nn.Linear(1024, 1024) for _ in range(8)]).to(DEVICE)
    optimizer = torch.optim.SGD(model.parameters(), 1e-4)
    run = maxnorm.watch(model, optimizer, 1.0, log=os.devnull, every=5, strict=True)
    x = torch.randn(64, 1024, device=DEVICE)
    for step in range(40):
        if step == 10 and DEVICE == "cuda":
            torch.cuda.set_sync_debug_mode("error")
        loss = model(x).square().mean()
        loss.backward()
        run.loss(loss)
        optimizer.step()
    if DEVICE == "cuda":
        torch.cuda.set_sync_debug_mode("default")
    run.finish()
    print("- 30 steps with a record every 5 steps: no synchronization on the training thread")


def cost(name, make, shape, seconds=20.0):
    torch.manual_seed(1)
    variants = []
    for kind in ("plain", "nothing over", "everything over"):
        model = make().to(DEVICE)
        optimizer = torch.optim.AdamW(model.parameters(), 1e-5, fused=DEVICE == "cuda")
        if kind != "plain":
            maxnorm.watch(model, optimizer, 1e6 if kind == "nothing over" else 0.01, log=os.devnull, strict=True)
        x = torch.randn(*shape, device=DEVICE)

        def block(model=model, optimizer=optimizer, x=x):
            synchronize()
            start = time.perf_counter()
            for _ in range(10):
                optimizer.zero_grad()
                model(x).square().mean().backward()
                optimizer.step()
            synchronize()
            return (time.perf_counter() - start) / 10

        variants.append((block, []))
    for block, _ in variants:
        block()
    end = time.perf_counter() + seconds * SCALE
    while time.perf_counter() < end:
        for block, times in variants:
            times.append(block())
    plain, *others = (statistics.median(times) for _, times in variants)
    print(
        f"| {name} | {plain * 1e3:.2f} | "
        + " | ".join(f"{(other - plain) * 1e3:+.3f} ({other / plain - 1:+.1%})" for other in others)
        + " |",
        flush=True,
    )


def transformer():
    width = 1024 if SCALE == 1 else 64
    block = nn.TransformerEncoderLayer(width, 16, 4 * width, dropout=0.0, batch_first=True, norm_first=True)
    return nn.TransformerEncoder(block, 12 if SCALE == 1 else 2, enable_nested_tensor=False)


def ranks():
    print("\n## Two ranks on one device\n")
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "Sources" / "Resources" / "python")}
        result = subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "-q",
                str(Path(__file__).parent / "test_distributed.py"),
                "--basetemp",
                str(Path(folder) / "t"),
            ],
            env=environment,
            capture_output=True,
            text=True,
            timeout=280,
        )
    print("\n".join("    " + line for line in result.stdout.splitlines()[-3:]))


def main():
    global DEVICE, SCALE
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--dry-run", action="store_true", help="on the CPU, to see that all of it runs")
    if parser.parse_args().dry_run:
        DEVICE, SCALE = "cpu", 0.02
    elif not torch.cuda.is_available():
        sys.exit("bench_gpu: no CUDA device here; --dry-run shows on the CPU that it runs")
    name = torch.cuda.get_device_name() if DEVICE == "cuda" else "the CPU: a dry run"
    print(f"# maxnorm {maxnorm.__version__} on {name}, torch {torch.__version__}")
    norms()
    projection()
    waiting()
    print("\n## Cost of a step\n\n| net | plain, ms | nothing over, ms | everything over, ms |\n|---|---|---|---|")
    cost(
        "784-1024-1024-10, 128",
        lambda: nn.Sequential(nn.Linear(784, 1024), nn.ReLU(), nn.Linear(1024, 1024), nn.ReLU(), nn.Linear(1024, 10)),
        (128, 784),
    )
    tokens = (8, 512, 1024) if SCALE == 1 else (2, 16, 64)
    cost("12 blocks of 1024, 8 x 512", transformer, tokens, 60.0)
    compiled = getattr(torch, "compile", None)
    if compiled is not None:
        cost("the same, compiled", lambda: compiled(transformer()), tokens, 60.0)
    ranks()


if __name__ == "__main__":
    main()
