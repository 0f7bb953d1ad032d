"""The constraint in PyTorch: what is scaled, what is counted, what may be changed."""

import json
import math
import os
import shutil
import subprocess
import time
import warnings

import pytest
from conftest import ROOT, of_type, records

torch = pytest.importorskip("torch")
import maxnorm  # noqa: E402
from maxnorm.commands import Command  # noqa: E402
from maxnorm.layers import TOLERANCES  # noqa: E402
from maxnorm.pytorch.layout import layout_of  # noqa: E402
from maxnorm.pytorch.library import LibraryError, load  # noqa: E402
from maxnorm.pytorch.projection import Projection  # noqa: E402
from maxnorm.pytorch.survey import survey  # noqa: E402
from torch import nn  # noqa: E402

torch.set_num_threads(1)


@pytest.fixture(scope="session")
def library(tmp_path_factory):
    """The program's kernels as a library of their own; skipped where there is no clang."""
    if shutil.which("clang") is None:
        pytest.skip("clang is not here to build the library")
    sources = ROOT / "Sources" / "CVectors"
    path = tmp_path_factory.mktemp("library") / "libmaxnorm.so"
    subprocess.run(
        [
            "clang",
            "-O2",
            "-shared",
            "-fPIC",
            f"-I{sources / 'include'}",
            "-o",
            str(path),
            *map(str, sources.glob("*.c")),
            "-lm",
        ],
        check=True,
    )
    return str(path)


@pytest.fixture(params=["torch", "library"])
def kernels(request):
    """None, or the path of the library: everything must hold with both."""
    return request.getfixturevalue("library") if request.param == "library" else None


def watched(model, optimizer=None, max_norm=1.0, **options):
    optimizer = optimizer or torch.optim.SGD(model.parameters(), lr=0.1)
    options.setdefault("log", "run.jsonl")
    return maxnorm.watch(model, optimizer, max_norm, overwrite=True, strict=True, **options), optimizer


def train(model, optimizer, steps=1, shape=(8, 6)):
    for _ in range(steps):
        optimizer.zero_grad()
        model(torch.randn(*shape)).square().mean().backward()
        optimizer.step()


def tell(run, **command):
    with open(run.log_path + ".commands", "a") as file:
        file.write(json.dumps(command) + "\n")
    for _ in range(6000):
        if run._mailbox:
            return
        time.sleep(0.005)
    raise AssertionError("the command did not come")


def largest(weight):
    return float(weight.detach().norm(dim=1).max())


def reference(weight, layout, r, tolerance=1e-6):
    """The projection in float64: the tensor after it, and what was found of each unit."""
    r = float(torch.tensor(r, dtype=torch.float32))
    values = weight.detach().double().reshape(layout.shape)
    norms = values.square().sum(dim=(1, 3), keepdim=True).sqrt()
    over = norms > r * (1 + tolerance)
    after = torch.where(over, values * (r / norms), values).reshape(weight.shape)
    return after, over.reshape(-1), norms.reshape(-1)


LAYERS = {
    "linear": (lambda: nn.Linear(700, 40), 0),
    "narrow linear": (lambda: nn.Linear(3, 40), 0),
    "conv2d": (lambda: nn.Conv2d(8, 16, 3), 0),
    "grouped conv2d": (lambda: nn.Conv2d(8, 16, 3, groups=4), 0),
    "conv1d": (lambda: nn.Conv1d(8, 16, 5), 0),
    "conv_transpose2d": (lambda: nn.ConvTranspose2d(8, 24, 3), 1),
    "grouped conv_transpose2d": (lambda: nn.ConvTranspose2d(8, 24, 3, groups=4), 1),
    "embedding": (lambda: nn.Embedding(50, 17), 0),
    "lstm": (lambda: nn.LSTM(300, 300), 0),
}


def unit_norms(module, parameter):
    """Float64 norms of the units, written out for each kind of layer."""
    w = parameter.detach().double()
    if isinstance(module, nn.ConvTranspose2d):
        g = module.groups
        parts = w.reshape(g, w.shape[0] // g, w.shape[1], -1)
        return parts.square().sum(dim=(1, 3)).sqrt().reshape(-1)
    return w.reshape(w.shape[0], -1).square().sum(dim=1).sqrt()


class TestProjection:
    @pytest.mark.parametrize("kind", LAYERS)
    def test_each_kind_of_layer_is_held_by_its_outputs(self, kind, kernels):
        torch.manual_seed(1)
        make, _ = LAYERS[kind]
        module = make()
        before = {n: p.detach().clone() for n, p in module.named_parameters()}
        median = float(
            torch.cat([unit_norms(module, p) for n, p in module.named_parameters() if "weight" in n]).median()
        )
        run, optimizer = watched(module, max_norm=median, library=kernels, every=1)
        optimizer.step()  # no gradients: only the projection acts
        step = {}
        run.finish()
        for layer in of_type("run.jsonl", "step")[0]["layers"]:
            step[layer["name"]] = layer
        for tensor in run.subject.tensors:
            name = next(n for n, p in module.named_parameters() if p is tensor.parameter)
            norms = unit_norms(module, before[name])
            over = norms > median * (1 + 1e-6)
            after = unit_norms(module, tensor.parameter)
            assert float(after.max()) <= median * (1 + 1.5e-6)
            assert torch.allclose(after[over], torch.tensor(median, dtype=torch.float64), rtol=2e-7, atol=0)
            entry = step[tensor.layer.name]
            assert entry["exceeded"] == entry["clipped"] == int(over.sum()) > 0
            assert entry["shrink_mean"] == pytest.approx(float((median / norms[over]).mean()), rel=1e-6)
            assert entry["norm_max"] == pytest.approx(float(after.max()), rel=3e-7)
            assert entry["norm_min"] == pytest.approx(float(after.min()), rel=3e-7)
            # The direction stays, and units within r are untouched bit for bit.
            expected, units_over, _ = reference(before[name], tensor.layout, median)
            assert torch.allclose(tensor.parameter.detach().double(), expected, rtol=3e-7, atol=0)
            box = tensor.layout.shape
            same = (tensor.parameter.detach().reshape(box) == before[name].reshape(box)).all(dim=3).all(dim=1)
            assert bool(same.reshape(-1)[~units_over].all())
        for name, parameter in module.named_parameters():
            if "weight" not in name:
                assert torch.equal(parameter, before[name])

    @pytest.mark.parametrize("axis", ["incoming", "outgoing", "tensor"])
    @pytest.mark.parametrize("shape", [(600, 513), (33, 1030), (17, 5, 3, 3)])
    def test_norms_are_within_2e7_and_counts_those_of_float64(self, axis, shape, kernels):
        torch.manual_seed(2)
        for distribution in (torch.randn, torch.rand, lambda *s: torch.full(s, 0.1) * (1 + 1e-3 * torch.randn(s))):
            weight = nn.Parameter(distribution(*shape))
            module = nn.Module()
            module.weight = weight
            run, optimizer = watched(module, axis=axis, library=kernels, log=os.devnull)
            layout = run.subject.tensors[0].layout
            _, _, norms = reference(weight, layout, 1.0)
            r = float(norms.median()) if layout.count > 1 else float(norms) * 0.9
            run.subject.ceilings.shared = r
            run.subject.ceilings_changed(projects=False)
            assert float((layout.squared_norms(weight.detach()).sqrt() / norms - 1).abs().max()) < 2e-7
            _, over, _ = reference(weight, layout, r)
            near = ((norms / (r * (1 + 1e-6)) - 1).abs() < 3e-7).sum()
            optimizer.step()
            figures = run.subject.sample(False).resolve()[0]
            assert abs(figures.exceeded - int(over.sum())) <= int(near)
            # Clipping again clips nothing.
            clipped, kept = figures.clipped, weight.detach().clone()
            optimizer.step()
            assert run.subject.sample(False).resolve()[0].clipped == clipped and torch.equal(weight, kept)
            run.finish()

    def test_off_observes(self, kernels):
        model = nn.Linear(6, 5)
        run, optimizer = watched(model, max_norm=1e-3, enabled=False, library=kernels, every=1)
        before = model.weight.detach().clone()
        optimizer.step()
        assert torch.equal(model.weight, before)
        run.finish()
        layer = of_type("run.jsonl", "step")[0]["layers"][0]
        assert (layer["exceeded"], layer["clipped"], layer["at_ceiling"]) == (5, 0, 5)

    def test_a_unit_that_is_not_finite_is_left_alone(self, kernels):
        model = nn.Linear(4, 3, bias=False)
        with torch.no_grad():
            model.weight.copy_(torch.tensor([[math.nan, 1, 1, 1], [math.inf, 1, 1, 1], [3e19, 3e19, 0, 0]]))
        run, optimizer = watched(model, library=kernels, log=os.devnull)
        optimizer.step()
        w = model.weight.detach()
        assert math.isnan(w[0, 0]) and w[0, 1] == 1 and math.isinf(w[1, 0]) and w[1, 1] == 1
        # Its squares overflow float32, but its norm does not.
        assert float(w[2].norm()) == pytest.approx(1, rel=1e-6)
        run.finish()

    @pytest.mark.parametrize("dtype", ["bfloat16", "float16", "float64"])
    def test_other_formats_are_held_with_their_tolerance(self, dtype, kernels):
        torch.manual_seed(3)
        model = nn.Linear(300, 200, bias=False).to(getattr(torch, dtype))
        with torch.no_grad():
            model.weight.mul_(3)
        run, optimizer = watched(model, library=kernels)
        optimizer.step()
        tolerance = TOLERANCES[dtype]
        assert float(model.weight.detach().double().norm(dim=1).max()) <= 1 + tolerance
        figures = run.subject.sample(False).resolve()[0]
        assert figures.clipped == 200
        kept = model.weight.detach().clone()
        optimizer.step()
        assert run.subject.sample(False).resolve()[0].clipped == 200 and torch.equal(kept, model.weight)
        run.finish()
        header = records("run.jsonl")[0]
        assert header["weights"] == dtype and header["tolerance"] == tolerance

    def test_memory_that_is_not_in_one_piece_is_scaled_itself(self, kernels):
        torch.manual_seed(4)
        conv = nn.Conv2d(8, 6, 3).to(memory_format=torch.channels_last)
        transposed = nn.Linear(5, 7)
        transposed.weight.data = torch.randn(5, 7).t()
        model = nn.Sequential(conv, transposed)
        run, optimizer = watched(model, max_norm=0.1, library=kernels, log=os.devnull)
        optimizer.step()
        for module in (conv, transposed):
            norms = unit_norms(module, module.weight)
            assert torch.allclose(norms, torch.tensor(0.1, dtype=torch.float64), rtol=3e-7)
        assert conv.weight.is_contiguous(memory_format=torch.channels_last)
        run.finish()

    def test_a_tensor_that_gets_other_memory_is_followed(self, kernels):
        model = nn.Linear(6, 5)
        run, optimizer = watched(model, max_norm=0.1, library=kernels, log=os.devnull)
        optimizer.step()
        model.weight.data = torch.randn(5, 6) * 10
        optimizer.step()
        assert largest(model.weight) < 0.1001
        model.weight.data = (torch.randn(5, 6) * 10).to(torch.float64)
        optimizer.step()
        assert largest(model.weight) < 0.1001
        assert run.subject.sample(False).resolve()[0].clipped == 15
        run.finish()


class TestLibrary:
    def test_it_is_loaded_by_an_absolute_path_alone(self, library):
        with pytest.raises(LibraryError, match="absolute path"):
            load(os.path.relpath(library))
        assert load(library)

    def test_one_that_others_may_write_or_of_another_kind_is_not(self, library, tmp_path):
        path = tmp_path / "lib.so"
        shutil.copy(library, path)
        path.chmod(0o757)
        with pytest.raises(LibraryError, match="only its owner"):
            load(str(path))
        (tmp_path / "link.so").symlink_to(library)
        with pytest.raises(LibraryError, match="regular file"):
            load(str(tmp_path / "link.so"))
        (tmp_path / "text.so").write_text("no library")
        with pytest.raises(LibraryError, match="maxnorm's own"):
            load(str(tmp_path / "text.so"))

    def test_a_run_without_it_says_so_and_goes_on(self):
        model = nn.Linear(6, 5)
        run, optimizer = watched(model, library="/nowhere/lib.so")
        optimizer.step()
        run.finish()
        assert "PyTorch's operations are used" in records("run.jsonl")[0]["notes"][0]


class TestSurvey:
    def names(self, model):
        return [tensor.layer.name for tensor in survey([model]).tensors]

    def test_layers_have_the_names_of_the_model_without_wrappers(self):
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc1, self.norm, self.lstm = nn.Linear(4, 3), nn.LayerNorm((3, 4)), nn.LSTM(3, 2, 1)
                self.attention = nn.MultiheadAttention(4, 2)
                self.scale = nn.Parameter(torch.ones(3, 3))

        names = ["fc1", "lstm.weight_ih_l0", "lstm.weight_hh_l0", "attention.in_proj_weight", "attention.out_proj"]
        assert self.names(Net()) == names
        assert self.names(torch.nn.DataParallel(Net())) == names
        assert self.names(nn.Linear(2, 2)) == ["weight"]

    def test_tied_frozen_and_parametrized_weights_are_named(self):
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.emb, self.head, self.old = nn.Embedding(9, 4), nn.Linear(4, 9), nn.Linear(4, 4)
                self.head.weight = self.emb.weight
                self.old.weight.requires_grad_(False)
                self.normed = nn.utils.parametrizations.spectral_norm(nn.Linear(4, 4))
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    self.former = nn.utils.weight_norm(nn.Linear(4, 4))

        found = survey([Net()])
        assert [t.layer.name for t in found.tensors] == ["emb"]
        assert found.notes == [
            "parametrized and not constrained: normed.weight, former.weight",
            "frozen, or in no optimizer, and not constrained: old.weight",
            "tied: head.weight is emb.weight",
        ]

    def test_gpt2s_linear_layer_has_its_outputs_behind_its_inputs(self):
        class Conv1D(nn.Module):
            def __init__(self, nf, nx):
                super().__init__()
                self.nf, self.weight = nf, nn.Parameter(torch.randn(nx, nf))

        tensor = survey([nn.ModuleDict({"c_attn": Conv1D(6, 4)})]).tensors[0]
        assert tensor.layer.units == 6 and tensor.layout == layout_of((4, 6), "incoming", 1)


class TestTraining:
    def test_only_weights_of_an_optimizer_are_held_each_by_its_own(self):
        generator, critic = nn.Linear(4, 4), nn.Linear(4, 4)
        first, second = torch.optim.SGD(generator.parameters(), 0.1), torch.optim.Adam(critic.parameters(), 0.1)
        run = maxnorm.watch([generator, critic], [first, second], 0.1, log="run.jsonl", strict=True)
        assert [layer.name for layer in run.subject.layers] == ["model1", "model2"]
        first.step()
        assert largest(generator.weight) < 0.1001 < largest(critic.weight)
        second.step()
        assert largest(critic.weight) < 0.1001 and run.step == 1
        second.step()
        first.step()
        assert run.step == 2
        run.finish()

    def test_skipped_steps_of_amp_are_no_steps(self):
        model = nn.Linear(6, 5)
        run, optimizer = watched(model)
        scaler = torch.amp.GradScaler("cpu", init_scale=2.0**4) if hasattr(torch.amp, "GradScaler") else None
        if scaler is None:
            pytest.skip("this PyTorch has no GradScaler of the CPU")
        for step in range(4):
            optimizer.zero_grad()
            loss = model(torch.randn(3, 6)).square().mean()
            scaler.scale(loss * (math.inf if step == 1 else 1)).backward()
            scaler.step(optimizer)
            scaler.update()
        assert run.step == 3
        run.finish()

    def test_accumulated_gradients_are_one_step(self):
        model = nn.Linear(6, 5)
        run, optimizer = watched(model, every=1)
        for _ in range(2):
            for _ in range(4):
                loss = model(torch.randn(3, 6)).square().mean() / 4
                loss.backward()
                run.loss(loss * 4)
            optimizer.step()
            optimizer.zero_grad()
        assert run.step == 2
        run.finish()
        assert [r["steps"] for r in of_type("run.jsonl", "step")] == [1, 1]

    def test_a_frozen_weight_is_left_alone_when_it_is_frozen_later(self, kernels):
        model = nn.Linear(6, 5)
        run, optimizer = watched(model, max_norm=0.1, library=kernels, every=1)
        optimizer.step()
        model.weight.requires_grad_(False)
        run.subject.sample(False)
        with torch.no_grad():
            model.weight.mul_(5)
        optimizer.step()
        assert largest(model.weight) == pytest.approx(0.5, rel=1e-5)
        run.finish()

    def test_parameters_that_are_added_later_are_held_by_their_patterns(self, kernels, capsys):
        model = nn.ModuleDict({"body": nn.Linear(6, 6), "head": nn.Linear(6, 5)})
        optimizer = torch.optim.SGD(model["head"].parameters(), 0.1)
        # A pattern needs a layer that it fits now.
        run, _ = watched(model, optimizer, {"h*": 0.2, "*": 0.1}, library=kernels, every=1)
        optimizer.step()
        body = largest(model["body"].weight)
        assert body > 0.11 and largest(model["head"].weight) < 0.2001
        optimizer.add_param_group({"params": model["body"].parameters(), "lr": 0.01})
        assert "held, but in no record: body" in capsys.readouterr().err
        optimizer.step()
        assert largest(model["body"].weight) < 0.1001
        command = run.subject.ceilings
        command.shared = 0.05
        run.subject.ceilings_changed(projects=True)
        assert largest(model["body"].weight) < 0.05001 and largest(model["head"].weight) > 0.1
        run.finish()
        assert "add_param_group" not in vars(optimizer)
        told = {layer["name"] for record in of_type("run.jsonl", "step") for layer in record["layers"]}
        assert told == {"head"}

    def test_an_observed_run_is_given_a_ceiling_by_a_command(self, kernels):
        model = nn.Linear(6, 5)
        run, optimizer = watched(model, max_norm=None, library=kernels, every=1)
        optimizer.step()
        for command in (Command("constraint", False), Command("max_norm", 0.1, id="me.1"), Command("undo", id="me.2")):
            run._mailbox.append(command)
            optimizer.step()
            if command.action == "max_norm":
                assert largest(model.weight) < 0.1001
        with torch.no_grad():
            model.weight.mul_(5)
        optimizer.step()
        run.finish()
        assert largest(model.weight) == pytest.approx(0.5, rel=1e-4)
        assert "no layer has a ceiling: set max_norm first" in of_type("run.jsonl", "refused")[0]["reason"]
        given, undone = of_type("run.jsonl", "event")
        assert given["value"] == 0.1 and given["clipped"] > 0 and "from" not in given
        assert undone["undo"] is True and undone["from"] == 0.1 and "value" not in undone
        constraints = [record.get("constraint") for record in of_type("run.jsonl", "step")]
        assert constraints[0] is None and {"enabled": True, "max_norm": 0.1} in constraints

    def test_a_loss_may_be_a_tensor_or_a_number(self):
        model = nn.Linear(6, 5)
        run, optimizer = watched(model, every=2)
        run.loss(torch.tensor(2.0, requires_grad=True))
        optimizer.step()
        run.loss(1.0)
        optimizer.step()
        run.evaluate(val_loss=torch.tensor(0.25), bleu=3)
        run.finish()
        assert of_type("run.jsonl", "step")[0]["loss"] == 1.5
        evaluation = of_type("run.jsonl", "evaluation")[0]
        assert evaluation["validation_loss"] == 0.25 and evaluation["metrics"] == {"bleu": 3}

    def test_the_header_has_the_optimizers_settings_as_the_program_names_them(self):
        model = nn.Linear(6, 5)
        run, optimizer = watched(model, torch.optim.Adam(model.parameters(), 0.01, eps=1e-6))
        optimizer.step()
        run.finish()
        told = records("run.jsonl")[0]["experiment"]["optimizer"]
        assert (told["name"], told["learning_rate"], told["epsilon"]) == ("adam", 0.01, 1e-6)
        assert told["betas"] == [0.9, 0.999] and "groups" not in told

    def test_the_batch_is_seen_at_the_first_input(self):
        model = nn.Linear(6, 5)
        run, optimizer = watched(model)
        train(model, optimizer, 2, (12, 6))
        run.finish()
        assert records("run.jsonl")[0].get("batch") == (
            12 if hasattr(nn.Module, "register_full_backward_pre_hook") else None
        )

    def test_watching_again_ends_the_former_run(self):
        model = nn.Linear(6, 5)
        first, optimizer = watched(model, max_norm=0.1)
        optimizer.step()
        second, _ = watched(model, optimizer, log="second.jsonl", every=1)
        optimizer.step()
        assert first.step == 1 and second.step == 1
        second.finish()
        assert of_type("run.jsonl", "end") and of_type("second.jsonl", "step")[0]["layers"][0]["max_norm"] == 1

    def test_a_resumed_run_keeps_its_counts(self):
        torch.manual_seed(5)
        model = nn.Linear(6, 5)
        run, optimizer = watched(model, max_norm=0.2, every=1)
        train(model, optimizer, 3)
        state = {"model": model.state_dict(), "run": run.state_dict()}
        torch.save(state, "checkpoint.pt")
        run.finish()
        total = of_type("run.jsonl", "end")[0]["clipped_total"]
        state = torch.load("checkpoint.pt")
        again = nn.Linear(6, 5)
        again.load_state_dict(state["model"])
        resumed, optimizer = watched(again, max_norm=0.2, every=1, log="again.jsonl")
        resumed.load_state_dict(state["run"])
        train(again, optimizer, 1)
        resumed.finish()
        step = of_type("again.jsonl", "step")[0]
        assert step["step"] == 4 and step["layers"][0]["clipped_total"] == total + step["layers"][0]["clipped"]

    @pytest.mark.skipif(not hasattr(torch, "compile") or shutil.which("g++") is None, reason="no compiler")
    def test_a_compiled_model_is_held_under_its_own_names(self):
        torch.manual_seed(6)
        model = nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 5))
        compiled = torch.compile(model, backend="aot_eager")
        run, optimizer = watched(compiled, max_norm={"0": 0.2, "*": 0.3}, every=1)
        train(compiled, optimizer, 3)
        assert [layer.name for layer in run.subject.layers] == ["0", "2"]
        assert largest(model[0].weight) < 0.20001
        run.finish()

    @pytest.mark.skipif(not hasattr(torch, "compile"), reason="no compiler")
    def test_a_compiled_step_is_one_too(self, kernels):
        torch.manual_seed(6)
        model = nn.Linear(6, 5)
        run, optimizer = watched(model, max_norm=0.2, library=kernels)
        step = torch.compile(lambda: optimizer.step(), backend="aot_eager")
        for _ in range(3):
            optimizer.zero_grad()
            model(torch.randn(8, 6)).square().mean().backward()
            step()
        assert run.step == 3 and largest(model.weight) < 0.20001
        run.finish()

    def test_an_error_in_the_projection_is_told_and_training_goes_on(self, capsys, monkeypatch):
        model = nn.Linear(6, 5)
        optimizer = torch.optim.SGD(model.parameters(), 0.1)
        run = maxnorm.watch(model, optimizer, 0.1, log="run.jsonl", every=1)
        optimizer.step()

        def broken(*_):
            raise RuntimeError("device lost")

        before = model.weight.detach().clone()
        with monkeypatch.context() as patch:
            patch.setattr(Projection, "project", broken)
            optimizer.step()
            optimizer.step()
        run.finish()
        assert torch.equal(before, model.weight) and run.step == 3
        assert [e["reason"] for e in of_type("run.jsonl", "event")] == ["RuntimeError: device lost"]
        assert capsys.readouterr().err.count("the constraint is off") == 1


class TestSettings:
    def test_switching_on_projects_at_once_and_tells_how_many(self, kernels):
        model = nn.Linear(6, 5)
        run, optimizer = watched(model, max_norm=0.1, enabled=False, library=kernels, every=1)
        optimizer.step()
        tell(run, action="constraint", value=True, id="a.1")
        optimizer.step()
        run.finish()
        (event,) = of_type("run.jsonl", "event")
        assert (event["clipped"], event["step"]) == (5, 2) and largest(model.weight) < 0.1001
        assert of_type("run.jsonl", "end")[0]["clipped_total"] == 5
        assert [s["layers"][0]["exceeded"] for s in of_type("run.jsonl", "step") if s["layers"]] == [5, 5]

    @pytest.mark.parametrize(
        "make",
        [
            lambda o: torch.optim.lr_scheduler.StepLR(o, 4, 0.5),
            lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, 20),
            lambda o: torch.optim.lr_scheduler.LambdaLR(o, lambda s: 1 / (1 + s)),
            lambda o: torch.optim.lr_scheduler.ExponentialLR(o, 0.9),
            lambda o: torch.optim.lr_scheduler.OneCycleLR(o, 0.3, 20),
            lambda o: torch.optim.lr_scheduler.SequentialLR(
                o,
                [torch.optim.lr_scheduler.LinearLR(o, 0.1, 1.0, 5), torch.optim.lr_scheduler.CosineAnnealingLR(o, 15)],
                [5],
            ),
        ],
        ids=["step", "cosine", "lambda", "exponential", "one cycle", "sequential"],
    )
    def test_a_changed_rate_goes_on_in_proportion(self, make):
        def rates(change):
            model = nn.Linear(6, 5)
            groups = [{"params": [model.weight]}, {"params": [model.bias], "lr": 0.05}]
            optimizer = torch.optim.SGD(groups, lr=0.1)
            scheduler = make(optimizer)
            run, _ = watched(model, optimizer)
            told = []
            for step in range(12):
                if change and step == 6:
                    run.subject.write("learning_rate", run.subject.learning_rate() * 3)
                optimizer.step()
                told.append([group["lr"] for group in optimizer.param_groups])
                scheduler.step()
            run.finish()
            return torch.tensor(told)

        plain, changed = rates(False), rates(True)
        assert torch.allclose(plain[:6], changed[:6])
        assert torch.allclose(plain[6:] * 3, changed[6:], rtol=1e-6)

    def test_a_rate_that_was_changed_is_taken_back_in_proportion(self):
        model = nn.Linear(6, 5)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.5)
        run, _ = watched(model, optimizer)
        optimizer.step()
        tell(run, action="learning_rate", value=0.4, id="a.1")
        optimizer.step()
        scheduler.step()
        assert optimizer.param_groups[0]["lr"] == pytest.approx(0.2)
        tell(run, action="undo", id="a.2")
        optimizer.step()
        assert optimizer.param_groups[0]["lr"] == pytest.approx(0.05)
        run.finish()
        assert [(e["from"], e["value"]) for e in of_type("run.jsonl", "event")] == [(0.1, 0.4), (0.2, 0.05)]

    def test_momentum_decay_and_dropout_are_changed_where_they_are(self):
        model = nn.Sequential(nn.Linear(6, 6), nn.Dropout(0.1), nn.Linear(6, 6), nn.Dropout(0.3))
        decayed = [m.weight for m in (model[0], model[2])]
        optimizer = torch.optim.SGD(
            [{"params": decayed, "weight_decay": 0.01}, {"params": [model[0].bias, model[2].bias]}], 0.1, momentum=0.9
        )
        run, _ = watched(model, optimizer)
        optimizer.step()
        for number, (action, value) in enumerate([("momentum", 0.5), ("weight_decay", 0.1), ("dropout", 0.6)]):
            tell(run, action=action, value=value, id=f"a.{number}")
            optimizer.step()
        assert [g["momentum"] for g in optimizer.param_groups] == [0.5, 0.5]
        assert [g["weight_decay"] for g in optimizer.param_groups] == [0.1, 0]
        assert [model[1].p, model[3].p] == [0.6, 0.6]
        tell(run, action="undo", id="a.9")
        optimizer.step()
        assert [model[1].p, model[3].p] == [0.1, 0.3]
        run.finish()
        momentum, decay, dropout, undo = of_type("run.jsonl", "event")
        assert (momentum["from"], momentum["value"], decay["from"], dropout["value"]) == (0.9, 0.5, 0.01, 0.6)
        assert "from" not in dropout and undo["undo"]

    def test_adams_momentum_and_the_dropout_of_none_are_refused(self):
        model = nn.Linear(6, 5)
        run, optimizer = watched(model, torch.optim.Adam(model.parameters()))
        optimizer.step()
        for action in ("momentum", "dropout", "checkpoint", "fork"):
            tell(run, action=action, **({"value": 0.5} if action in ("momentum", "dropout") else {}))
            optimizer.step()
        run.finish()
        reasons = [r["reason"] for r in of_type("run.jsonl", "refused")]
        assert reasons == [
            "momentum: Adam has none",
            "dropout: the model has no dropout layer",
            "checkpoint: this run's own script saves its models",
            "fork: a run of torch cannot do it",
        ]


class TestVolume:
    def test_layers_of_many_units_give_a_digest(self):
        model = nn.Embedding(5000, 3)
        run, optimizer = watched(model, max_norm=100.0)
        with torch.no_grad():
            model.weight.zero_()
            model.weight[:, 0] = torch.arange(5000) / 100.0
        optimizer.step()
        run.finish()
        norms = of_type("run.jsonl", "norms")[-1]
        digest = norms["digests"]["weight"]
        assert norms["layers"] == {} and digest["units"] == 5000 and len(digest["quantiles"]) == 33
        assert digest["quantiles"][16] == pytest.approx(24.995) and digest["largest"][0] == pytest.approx([4999, 49.99])

    def test_what_is_told_of_many_steps_is_bounded(self):
        model = nn.Linear(6, 5)
        run, optimizer = watched(model)
        train(model, optimizer, 300)
        run.finish()
        steps = of_type("run.jsonl", "step")
        assert sum(s["steps"] for s in steps) == 300 and len(steps) < 300
