"""Scripts that know nothing of maxnorm, under its watch."""

import pytest
from conftest import of_type, records
from watching import environment, folder_for, run, states

torch = pytest.importorskip("torch")

TRAINING = """
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(6, 8), nn.Linear(8, 3)
    def forward(self, x):
        return self.fc2(torch.relu(self.fc1(x)))

def main(workers=0):
    torch.manual_seed(1)
    model = Net()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    data = TensorDataset(torch.randn(64, 6), torch.randint(0, 3, (64,)))
    for epoch in range(2):
        for x, y in DataLoader(data, batch_size=8, num_workers=workers):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(x), y)
            loss.backward()
            optimizer.step()
    print("largest", float(model.fc1.weight.detach().norm(dim=1).max()))

if __name__ == "__main__":
    main(WORKERS)
"""


@pytest.mark.parametrize("workers", [0, 2])
def test_a_script_is_held_and_told_without_a_change(tmp_path, workers):
    (tmp_path / "train.py").write_text(TRAINING.replace("WORKERS", str(workers)))
    folder = folder_for(tmp_path / "watch", max_norm=0.3, every=1)
    result = run(folder, "train.py")
    # Nothing of ours is among the script's own words.
    assert float(result.stdout.split()[1]) < 0.3 * (1 + 1.5e-6) and result.stderr == ""
    log = folder / "records.jsonl"
    header = records(log)[0]
    assert header["name"] == "train" and [layer["name"] for layer in header["layers"]] == ["fc1", "fc2"]
    steps = of_type(log, "step")
    assert [step["step"] for step in steps] == list(range(1, 17)) and all("loss" in step for step in steps)
    assert of_type(log, "end")[0]["reason"] == "finished" and of_type(log, "end")[0]["clipped_total"] > 0
    assert [s["state"] for s in states(folder)] == ["loaded", "imported", "watching"]
    assert len(list(folder.glob("token-*"))) == 1 and not list(tmp_path.glob("maxnorm-runs/*"))


def test_a_training_in_a_child_is_the_run_and_its_parent_stays_untouched(tmp_path):
    (tmp_path / "train.py").write_text(TRAINING.replace("WORKERS", "0"))
    (tmp_path / "start.py").write_text(
        "import subprocess, sys, torch\nsubprocess.run([sys.executable, 'train.py'], check=True)\n"
        "subprocess.run([sys.executable, 'train.py'], check=True)\n"
    )
    folder = folder_for(tmp_path / "watch", max_norm=0.3)
    result = run(folder, "start.py")
    assert result.stderr == "" and len(of_type(folder / "records.jsonl", "end")) == 1
    assert [s["state"] for s in states(folder)].count("watching") == 1


def test_a_script_that_watches_itself_does_so_alone(tmp_path):
    (tmp_path / "train.py").write_text(
        TRAINING.replace("WORKERS", "0").replace(
            "    data =", "    import maxnorm\n    mn = maxnorm.watch(model, optimizer, 0.4, every=1)\n    data ="
        )
    )
    folder = folder_for(tmp_path / "watch", max_norm=0.3)
    from conftest import PACKAGE

    env = environment(folder)["PYTHONPATH"] + f":{PACKAGE}"
    run(folder, "train.py", PYTHONPATH=env)
    assert records(folder / "records.jsonl")[0]["layers"][0]["max_norm"] == 0.4
    assert len(of_type(folder / "records.jsonl", "header")) == 1


def test_it_says_when_it_found_no_model_or_loss(tmp_path):
    (tmp_path / "train.py").write_text(
        "import torch\nw = torch.zeros(3, 3, requires_grad=True)\no = torch.optim.SGD([w], 0.1)\n"
        "(w * 1.0).sum().backward()\no.step()\n"
    )
    folder = folder_for(tmp_path / "first")
    assert run(folder, "train.py").stderr == ""
    assert states(folder)[-1]["state"] == "no_model"
    (tmp_path / "train.py").write_text(
        "import torch\nm = torch.nn.Linear(3, 3)\no = torch.optim.SGD(m.parameters(), 0.1)\n"
        "for _ in range(40):\n    (g,) = torch.autograd.grad(m(torch.ones(1, 3)).sum(), [m.weight])\n"
        "    m.weight.grad = g\n    o.step()\n"
    )
    folder = folder_for(tmp_path / "second")
    run(folder, "train.py")
    assert states(folder)[-1]["state"] == "no_loss" and of_type(folder / "records.jsonl", "end")[0]["step"] == 40


def test_the_environments_own_sitecustomize_runs_first_and_its_errors_are_its_own(tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "sitecustomize.py").write_text("import sys\nprint('other first')\nname = __name__\n")
    (tmp_path / "script.py").write_text(
        "import sys, sitecustomize\n"
        "print(sitecustomize.__file__, any('site' == p[-4:] and 'watch' in p for p in sys.path))\n"
    )
    folder = folder_for(tmp_path / "watch")
    path = f"{folder / 'site'}:{other}"
    first, second = run(folder, "script.py", PYTHONPATH=path).stdout.splitlines()
    assert first == "other first" and second == f"{other / 'sitecustomize.py'} False"
    assert [s["state"] for s in states(folder)] == ["loaded"]
    (other / "sitecustomize.py").write_text("raise ValueError('theirs')\n")
    result = run(folder, "script.py", check=False, PYTHONPATH=path)
    assert "ValueError: theirs" in result.stderr


def test_a_folder_that_others_may_enter_is_not_obeyed(tmp_path):
    folder = folder_for(tmp_path / "watch")
    folder.chmod(0o755)
    (tmp_path / "script.py").write_text("import torch\nprint(torch.Tensor.backward.__module__)\n")
    assert run(folder, "script.py").stdout == "torch._tensor\n" and states(folder) == []


@pytest.mark.parametrize("option", ["-I", "-E", "-S"])
def test_a_python_that_does_not_look_is_not_forced(tmp_path, option):
    folder = folder_for(tmp_path / "watch")
    (tmp_path / "script.py").write_text("print('ran')\n")
    assert run(folder, option, "script.py").stdout == "ran\n" and states(folder) == []


@pytest.mark.skipif(not hasattr(torch.amp, "GradScaler"), reason="this PyTorch has no GradScaler of the CPU")
def test_a_scaled_loss_is_told_as_it_was(tmp_path):
    text = (
        TRAINING.replace("WORKERS", "0")
        .replace(
            "            loss.backward()\n            optimizer.step()",
            """\
            scaler.scale(loss).backward()
            scaler.step(optimizer)
            scaler.update()""",
        )
        .replace("    data =", "    scaler = torch.amp.GradScaler('cpu')\n    data =")
    )
    (tmp_path / "train.py").write_text(text)
    folder = folder_for(tmp_path / "watch", max_norm=0.3, every=1)
    assert run(folder, "train.py").stderr == ""
    assert all(0.5 < step["loss"] < 2 for step in of_type(folder / "records.jsonl", "step"))


def test_warnings_go_to_the_watcher_and_not_among_the_scripts_words(tmp_path):
    (tmp_path / "train.py").write_text(TRAINING.replace("WORKERS", "0"))
    folder = folder_for(tmp_path / "watch", max_norm=0.3, log="/dev/full/no")
    result = run(folder, "train.py")
    assert result.stderr == "" and float(result.stdout.split()[1]) < 0.30001
    warning = next(s for s in states(folder) if s["state"] == "warning")
    assert "recording stopped" in warning["text"]


def test_an_exception_of_the_script_ends_the_run_by_name(tmp_path):
    text = TRAINING.replace("WORKERS", "0") + "    raise ValueError('no more data')\n"
    (tmp_path / "train.py").write_text(text)
    folder = folder_for(tmp_path / "watch", max_norm=0.3)
    result = run(folder, "train.py", check=False)
    assert result.returncode == 1 and "ValueError: no more data" in result.stderr
    end = of_type(folder / "records.jsonl", "end")[0]
    assert (end["reason"], end["error"]) == ("failed", "ValueError: no more data")
