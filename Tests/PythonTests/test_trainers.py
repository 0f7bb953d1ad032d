"""The callbacks of Lightning and of Hugging Face's Trainer, with the real things."""

import logging

import pytest
from conftest import of_type, records

torch = pytest.importorskip("torch")
from maxnorm.commands import Command  # noqa: E402
from torch import nn  # noqa: E402
from torch.utils.data import DataLoader, TensorDataset  # noqa: E402

torch.set_num_threads(1)
LIMIT = 1 + 1.5e-6
pytestmark = pytest.mark.filterwarnings("ignore")


def largest(weight):
    return float(weight.detach().double().norm(dim=1).max())


class TestLightning:
    @pytest.fixture(autouse=True)
    def lightning(self):
        module = pytest.importorskip("lightning.pytorch")
        logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
        return module

    def module(self, lightning):
        class Net(lightning.LightningModule):
            def __init__(self):
                super().__init__()
                self.fc1, self.fc2 = nn.Linear(6, 8), nn.Linear(8, 3)

            def forward(self, x):
                return self.fc2(torch.relu(self.fc1(x)))

            def training_step(self, batch, _):
                return nn.functional.cross_entropy(self(batch[0]), batch[1])

            def validation_step(self, batch, _):
                self.log("val_loss", nn.functional.cross_entropy(self(batch[0]), batch[1]))

            def configure_optimizers(self):
                optimizer = torch.optim.SGD(self.parameters(), lr=0.1, momentum=0.9)
                return [optimizer], [torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.5)]

        torch.manual_seed(1)
        return Net()

    def trainer(self, lightning, callbacks, **options):
        return lightning.Trainer(
            max_epochs=3,
            callbacks=callbacks,
            logger=False,
            enable_progress_bar=False,
            enable_model_summary=False,
            accelerator="cpu",
            devices=1,
            **{"enable_checkpointing": False, **options},
        )

    def data(self):
        torch.manual_seed(2)
        return DataLoader(TensorDataset(torch.randn(64, 6), torch.randint(0, 3, (64,))), batch_size=8)

    def test_a_fit_is_held_and_told(self, lightning):
        from maxnorm.lightning import MaxNormCallback

        callback, model = MaxNormCallback(0.3, log="run.jsonl", every=1, strict=True), self.module(lightning)
        trainer = self.trainer(lightning, [callback], accumulate_grad_batches=2)
        trainer.fit(model, self.data(), self.data())
        assert largest(model.fc1.weight) <= 0.3 * LIMIT
        header = records("run.jsonl")[0]
        assert (header["name"], header["steps_per_epoch"], header["total_steps"], header["batch"]) == ("Net", 4, 12, 8)
        steps = of_type("run.jsonl", "step")
        assert [s["epoch"] for s in steps] == [1] * 4 + [2] * 4 + [3] * 4
        assert all(0.5 < s["loss"] < 3 for s in steps)
        assert [s["learning_rate"] for s in steps[::4]] == pytest.approx([0.1, 0.05, 0.025])
        evaluations = of_type("run.jsonl", "evaluation")
        assert [e["step"] for e in evaluations] == [4, 8, 12] and evaluations[0]["validation_loss"] > 0
        assert of_type("run.jsonl", "end")[0]["reason"] == "finished"

    def test_a_viewer_stops_it_in_order_and_has_a_checkpoint_written(self, lightning, tmp_path):
        from maxnorm.lightning import MaxNormCallback

        callback, model = MaxNormCallback(0.3, log="run.jsonl", every=1, strict=True), self.module(lightning)

        class Viewer(lightning.Callback):
            def on_train_batch_start(self, trainer, pl_module, batch, index):
                if trainer.global_step == 3:
                    callback.run._mailbox.append(Command("checkpoint"))
                    callback.run._mailbox.append(Command("stop"))

        trainer = self.trainer(lightning, [callback, Viewer()], default_root_dir=str(tmp_path))
        trainer.fit(model, self.data())
        assert trainer.global_step < 24
        saved, stopped = of_type("run.jsonl", "event")
        assert saved["value"] == str(tmp_path / "maxnorm.ckpt") and stopped["action"] == "stop"
        assert of_type("run.jsonl", "end")[0]["reason"] == "stopped"
        # A fit that goes on from it keeps its counts.
        again = MaxNormCallback(0.5, log="again.jsonl", every=1, strict=True)
        self.trainer(lightning, [again]).fit(self.module(lightning), self.data(), ckpt_path=saved["value"])
        first = of_type("again.jsonl", "step")[0]
        assert first["step"] == saved["step"] + 1 and first["constraint"]["max_norm"] == 0.3

    def test_an_exception_is_named_in_the_end(self, lightning):
        from maxnorm.lightning import MaxNormCallback

        callback, model = MaxNormCallback(0.3, log="run.jsonl", every=1), self.module(lightning)

        class Broken(lightning.Callback):
            def on_train_batch_end(self, trainer, pl_module, outputs, batch, index):
                if index == 2:
                    raise ValueError("no more data")

        with pytest.raises(ValueError):
            self.trainer(lightning, [callback, Broken()]).fit(model, self.data())
        assert of_type("run.jsonl", "end")[0]["error"] == "ValueError: no more data"


class TestHuggingFace:
    def parts(self, tmp_path, **options):
        transformers = pytest.importorskip("transformers")
        pytest.importorskip("accelerate")
        torch.manual_seed(1)
        config = transformers.GPT2Config(
            vocab_size=40,
            n_positions=16,
            n_embd=16,
            n_layer=2,
            n_head=2,
            resid_pdrop=0.0,
            embd_pdrop=0.0,
            attn_pdrop=0.0,
            bos_token_id=0,
            eos_token_id=0,
        )
        model = transformers.GPT2LMHeadModel(config)
        tokens = torch.randint(0, 40, (32, 16))
        data = [{"input_ids": row, "labels": row} for row in tokens]
        arguments = transformers.TrainingArguments(
            output_dir=str(tmp_path / "out"),
            per_device_train_batch_size=4,
            num_train_epochs=2,
            learning_rate=1e-2,
            report_to=[],
            use_cpu=True,
            disable_tqdm=True,
            logging_strategy="no",
            save_strategy="no",
            **options,
        )
        return transformers, model, data, arguments

    def test_a_training_is_held_and_told(self, tmp_path):
        transformers, model, data, arguments = self.parts(tmp_path, eval_strategy="epoch")
        from maxnorm.huggingface import MaxNormCallback

        callback = MaxNormCallback({"*attn.c_attn": 0.2, "*": 0.3}, log="run.jsonl", every=1, strict=True)
        transformers.Trainer(model, arguments, train_dataset=data, eval_dataset=data[:8], callbacks=[callback]).train()
        # GPT-2's linear layers are [in, out]: a unit is a column.
        block = model.transformer.h[0]
        assert (
            largest(block.attn.c_attn.weight.t()) <= 0.2 * LIMIT and largest(block.mlp.c_fc.weight.t()) <= 0.3 * LIMIT
        )
        assert largest(model.transformer.wte.weight) <= 0.3 * LIMIT
        header = records("run.jsonl")[0]
        assert (header["name"], header["total_steps"], header["steps_per_epoch"], header["batch"]) == ("gpt2", 16, 8, 4)
        names = {layer["name"]: layer for layer in header["layers"]}
        assert names["transformer.h.0.attn.c_attn"]["units"] == 48
        assert any("lm_head.weight is transformer.wte.weight" in note for note in header["notes"])
        steps = of_type("run.jsonl", "step")
        assert [s["step"] for s in steps] == list(range(1, 17)) and all(2 < s["loss"] < 5 for s in steps)
        assert sum(layer["clipped"] for s in steps for layer in s["layers"]) > 0
        evaluations = of_type("run.jsonl", "evaluation")
        assert len(evaluations) == 2 and all(e["validation_loss"] > 0 and e["metrics"] == {} for e in evaluations)

    def test_a_viewer_stops_it_and_changes_its_rate(self, tmp_path):
        transformers, model, data, arguments = self.parts(tmp_path)
        from maxnorm.huggingface import MaxNormCallback

        callback = MaxNormCallback(0.3, log="run.jsonl", every=1, strict=True)

        class Viewer(transformers.TrainerCallback):
            def on_step_begin(self, args, state, control, **given):
                commands = {4: Command("learning_rate", 0.001), 8: Command("stop")}
                if state.global_step in commands:
                    callback.run._mailbox.append(commands[state.global_step])

        trainer = transformers.Trainer(model, arguments, train_dataset=data, callbacks=[callback, Viewer()])
        trainer.train()
        rates = [s["learning_rate"] for s in of_type("run.jsonl", "step")]
        assert len(rates) == 9 and trainer.state.global_step == 9
        # Linear to 0 after 16 steps: in proportion from the changed rate.
        assert rates[7] / rates[6] == pytest.approx((16 - 7) / (16 - 6), rel=1e-5)
