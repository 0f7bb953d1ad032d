"""Runs, records and commands, without any framework."""

import errno
import json
import math
import os
import subprocess
import sys
import time

import pytest
from conftest import PACKAGE, of_type, records
from maxnorm.commands import ACTIONS, Command, CommandFile, Refusal, parse
from maxnorm.encoding import Norms, encode
from maxnorm.layers import Ceilings
from maxnorm.run import Run, StopTraining
from maxnorm.subject import quantile
from stand_in import StandIn


def until(condition):
    """Waits for what another thread does; how long a busy machine takes is no matter."""
    for _ in range(6000):
        if condition():
            return
        time.sleep(0.005)
    raise AssertionError("it did not come")


def events(path):
    return of_type(path, "event")


class TestEncoding:
    def test_numbers_are_as_in_the_programs_own_logs(self):
        assert encode({"a": 2.0, "b": 0.1, "c": None, "d": True, "e": 10**20}) == (
            '{"a":2,"b":0.1,"c":null,"d":true,"e":100000000000000000000}'
        )

    def test_what_is_not_finite_is_a_word(self):
        assert encode([math.nan, math.inf, -math.inf]) == '["NaN","Infinity","-Infinity"]'
        assert encode(Norms([1.0, math.nan, -math.inf])) == '[1,"NaN","-Infinity"]'

    def test_nothing_a_terminal_obeys_is_written(self):
        text = encode({"name": 'a\x1b[2J\x7f\x9b\u202e\n"\\'})
        assert text.isascii() and all(32 <= ord(c) < 127 for c in text)
        assert json.loads(text)["name"] == 'a\x1b[2J\x7f\x9b\u202e\n"\\'

    def test_norms_read_back_within_half_of_their_error(self):
        values = [math.sqrt(i) * 1.7 for i in range(1, 1000)]
        back = json.loads(encode(Norms(values)))
        assert len(back) == 999 and all(abs(a / b - 1) <= 5e-8 for a, b in zip(back, values))


class TestCeilings:
    def test_the_first_pattern_that_fits_holds(self):
        c = Ceilings({"fc*": 2, "fc1": 3, "head": None, "*": 4}, ["fc1", "head", "conv"])
        assert c.all == [2, None, 4] and c.shared == 4

    def test_a_pattern_that_fits_nothing_is_an_error(self):
        with pytest.raises(ValueError, match="'encodr\\*': expected a pattern that fits a layer"):
            Ceilings({"encodr*": 2}, ["encoder"])

    @pytest.mark.parametrize("value", [0, -1, math.nan, math.inf])
    def test_r_is_a_finite_number_above_0(self, value):
        with pytest.raises(ValueError, match="above 0"):
            Ceilings(value, [])


def test_quantiles_are_numpys():
    values = [0.5, 1.0, 4.0, 9.0]
    assert [quantile(values, q) for q in (0, 0.25, 0.5, 1)] == [0.5, 0.875, 2.5, 9.0]


class TestCommandLines:
    def test_a_command_has_the_values_it_says(self):
        line = b'{"id":"a.1","run_id":"r","action":"max_norm","layer":"fc1","value":2}'
        assert parse(line, "r") == Command("max_norm", 2.0, "fc1", "a.1")
        assert parse(line, "r").asker == "a"

    @pytest.mark.parametrize(
        "line, reason",
        [
            (b"no", "expected a JSON object"),
            (b"[1]", "expected a JSON object"),
            (b"\xff", "expected a JSON object"),
            (b"{}", "action: expected one of"),
            (b'{"action":"explode"}', 'found "explode"'),
            (b'{"action":"pause","path":"/x"}', '"path": expected no such key'),
            (b'{"action":"pause","value":1}', "pause: expected no value"),
            (b'{"action":"constraint","value":1}', "constraint: expected true or false, found 1"),
            (b'{"action":"max_norm","value":-2}', "max_norm: expected a number above 0, found -2"),
            (b'{"action":"max_norm","value":NaN}', "expected a JSON object"),
            (b'{"action":"max_norm","value":1e39}', "max_norm: expected a number above 0"),
            (b'{"action":"max_norm","value":true}', "max_norm: expected a number above 0"),
            (b'{"action":"momentum","value":1}', "momentum: expected a number from 0 to below 1"),
            (b'{"action":"dropout","value":"0.5"}', "dropout: expected a number from 0 to below 1"),
            (b'{"action":"dropout","value":0.5,"layer":"a"}', "layer: expected a layer's name, with max_norm only"),
            (b'{"action":"pause","run_id":"other"}', "run_id: the command is for another run"),
            (b'{"action":"pause","expires":"2020-01-01T00:00:00Z"}', "expires: the command came too late"),
            (b'{"action":"pause","expires":"tomorrow"}', "expires: expected a time"),
            (b'{"action":"pause","id":"a b"}', "id: expected 1 to 128 characters"),
            (b'{"action":"reseed","value":1.5}', "reseed: expected a whole number"),
            (b"[" * 5000, "expected a JSON object"),
        ],
    )
    def test_what_is_wrong_is_refused_with_the_reason(self, line, reason):
        with pytest.raises(Refusal, match=".*") as refusal:
            parse(line, "r")
        assert reason in refusal.value.reason

    def test_a_time_to_come_is_accepted(self):
        assert parse(b'{"action":"pause","expires":"2999-01-01T00:00:00.25Z"}', "r").action == "pause"

    def test_every_action_of_the_manual_is_known(self):
        assert len(ACTIONS) == 19


class TestCommandFile:
    def test_it_is_made_for_its_owner_alone_and_removed(self, tmp_path):
        path = tmp_path / "log.commands"
        file = CommandFile(str(path), "r")
        assert path.stat().st_mode & 0o777 == 0o600
        file.close()
        assert not path.exists()

    def test_one_that_is_there_is_read_from_its_end_on_from_the_next_line(self, tmp_path):
        path = tmp_path / "log.commands"
        path.write_text('{"action":"stop"}\n{"action":')
        path.chmod(0o600)
        file = CommandFile(str(path), "r")
        with open(path, "a") as more:
            more.write('"stop"}\n{"action":"pause"}\n')
        assert [c.action for c in file.poll()] == ["pause"]
        file.close()

    @pytest.mark.parametrize("kind", ["link", "pipe", "writable", "two names", "folder"])
    def test_what_another_may_have_put_there_is_not_read(self, tmp_path, kind):
        path = tmp_path / "log.commands"
        other = tmp_path / "other"
        other.write_text("")
        if kind == "link":
            path.symlink_to(other)
        elif kind == "pipe":
            os.mkfifo(path)
        elif kind == "folder":
            path.mkdir()
        elif kind == "two names":
            os.link(other, path)
        else:
            path.write_text("")
            path.chmod(0o662)
        with pytest.raises(OSError):
            CommandFile(str(path), "r")
        assert os.path.lexists(path)

    def test_only_whole_lines_count_and_an_id_acts_once(self, tmp_path):
        path = tmp_path / "c"
        file = CommandFile(str(path), "r")
        with open(path, "ab", buffering=0) as out:
            out.write(b'{"action":"pause","id":"a.1"}\n{"action":"pause","id":"a.1"}\n{"action":')
            assert [c.id for c in file.poll()] == ["a.1"]
            out.write(b'"resume"}\n\n')
            assert [c.action for c in file.poll()] == ["resume"]
            out.write(b"x" * 70_000)
            assert file.poll() == []
            out.write(b'\n{"action":"stop"}\n')
            long, stop = file.poll()
            assert isinstance(long, Refusal) and "65536 bytes" in long.reason and stop.action == "stop"
        file.close()

    def test_a_file_cut_short_is_read_on_from_its_new_end(self, tmp_path):
        path = tmp_path / "c"
        file = CommandFile(str(path), "r")
        path.write_text('{"action":"pause"}\n' * 3)
        assert len(file.poll()) == 3
        path.write_text("")
        assert file.poll() == []
        with open(path, "a") as out:
            out.write('{"action":"resume"}\n')
        assert [c.action for c in file.poll()] == ["resume"]
        file.close()

    def test_the_first_100_lines_of_a_second_count(self, tmp_path, monkeypatch):
        monkeypatch.setattr(time, "monotonic", lambda: 7.5)
        file = CommandFile(str(tmp_path / "c"), "r")
        (tmp_path / "c").write_text('{"action":"pause"}\n' * 300)
        found = file.poll()
        assert len(found) == 101 and "100 lines a second" in found[-1].reason
        file.close()


def started(tmp_path, **options):
    subject = StandIn(options.pop("max_norm", 2.0))
    run = Run(subject, log=str(tmp_path / "run.jsonl"), **options)
    return run, subject


def tell(run, **command):
    with open(run.log_path + ".commands", "a") as file:
        file.write(json.dumps(command) + "\n")
    until(lambda: run._mailbox)


class TestRun:
    def test_a_run_tells_its_header_steps_and_end(self, tmp_path):
        run, subject = started(tmp_path, every=2, name="net", header={"batch": 32, "total_steps": 4})
        for step in range(4):
            subject.clip(0, 3)
            run.loss(1.0 / (step + 1))
            run.stepped()
        run.evaluate(validation_loss=0.5, bleu=12)
        run.finish()
        header, first, *rest = [r for r in records(tmp_path / "run.jsonl") if r["type"] != "norms"]
        assert header["type"] == "header" and header["name"] == "net" and header["batch"] == 32
        assert list(header)[-1] == "origin" and header["origin"]["framework"] == "stand-in 1"
        assert header["layers"][0] == {
            "name": "fc1",
            "kind": "linear",
            "tensor": "weight",
            "shape": [4, 3],
            "units": 4,
            "axis": "incoming",
            "max_norm": 2,
        }
        assert (first["step"], first["steps"], first["loss"], first["loss_min"]) == (2, 2, 0.75, 0.5)
        assert first["constraint"] == {"enabled": True, "max_norm": 2}
        fc1, fc2 = first["layers"]
        assert (fc1["exceeded"], fc1["clipped"], fc1["clipped_total"], fc1["shrink_mean"]) == (6, 6, 6, 0.5)
        assert (fc1["norm_min"], fc1["norm_median"], fc1["norm_max"], fc1["at_ceiling"]) == (0.5, 1.25, 2, 1)
        assert fc2["clipped"] == 0 and fc2["shrink_mean"] == 1 and fc2["at_ceiling"] == 1
        second, evaluation, end = rest
        assert second["layers"][0]["clipped_total"] == 12
        # Of a layer that did not change nothing is told again.
        assert [layer["name"] for layer in second["layers"]] == ["fc1"]
        assert evaluation == {"type": "evaluation", "step": 4, "validation_loss": 0.5, "metrics": {"bleu": 12}}
        assert (end["reason"], end["clipped_total"], end["validation_loss"]) == ("finished", 12, 0.5)

    def test_layers_are_told_more_seldom_than_losses_and_count_the_records_own_steps(self, tmp_path):
        run, subject = started(tmp_path)
        run.scalar_interval, run.layer_interval = 0.0, 1e9
        for step in range(6):
            if step == 5:
                run._next_layers = 0.0
            subject.clip(0, 1 + step)
            run.loss(1.0)
            run.stepped()
        run.finish()
        steps = of_type(tmp_path / "run.jsonl", "step")
        assert [r["step"] for r in steps] == [1, 2, 3, 4, 5, 6]
        assert [len(r["layers"]) for r in steps] == [2, 0, 0, 0, 0, 1]
        last = steps[-1]["layers"][0]
        assert (last["exceeded"], last["clipped"], last["clipped_total"]) == (6, 6, 21)

    def test_frequent_evaluations_do_not_tell_layers_and_norms_each_time(self, tmp_path):
        run, subject = started(tmp_path)
        run.evaluation_norms_interval = run.layer_interval = 1e9
        for _ in range(20):
            run.loss(1.0)
            run.stepped()
            run.evaluate(validation_loss=0.5)
        run.finish()
        assert len(of_type(run.log_path, "evaluation")) == 20
        # With the first evaluation, by their own interval, and at the end.
        assert len(of_type(run.log_path, "norms")) <= 3
        assert sum(step["steps"] for step in of_type(run.log_path, "step")) == 20

    def test_the_file_of_commands_and_the_entry_go_with_the_run(self, tmp_path):
        run, _ = started(tmp_path)
        run.stepped()
        entry = tmp_path / "state" / "runs" / f"{run.run_id}.json"
        until(lambda: os.path.exists(run.log_path + ".commands") and entry.exists())
        told = json.loads(entry.read_text())
        assert told["log"] == run.log_path and told["pid"] == os.getpid() and told["exit_status"] is None
        assert told["process_start"] and told["boot_id"] and entry.stat().st_mode & 0o777 == 0o600
        assert entry.parent.stat().st_mode & 0o777 == 0o700
        run.finish()
        assert json.loads(entry.read_text())["exit_status"] == 0
        assert not os.path.exists(run.log_path + ".commands")

    def test_an_existing_log_is_kept(self, tmp_path, capsys):
        (tmp_path / "run.jsonl").write_text("precious\n")
        run, _ = started(tmp_path)
        run.stepped()
        run.stepped()
        run.finish()
        assert (tmp_path / "run.jsonl").read_text() == "precious\n"
        assert "recording stopped" in capsys.readouterr().err

    def test_no_step_record_spans_a_change(self, tmp_path):
        run, subject = started(tmp_path, every=1000)
        for _ in range(3):
            subject.clip(0, 2)
            run.stepped()
        tell(run, action="constraint", value=False, id="v.1", run_id=run.run_id)
        run.stepped()
        subject.clip(0, 2)
        run.stepped()
        tell(run, action="constraint", value=True, id="v.2")
        run.stepped()
        run.finish()
        lines = [r for r in records(run.log_path) if r["type"] in ("step", "event")]
        assert [r["type"] for r in lines] == ["step", "event", "step", "event"]
        assert lines[0]["step"] == 4 and lines[0]["layers"][0]["clipped"] == 6
        assert lines[1] == {
            "type": "event",
            "step": 4,
            "action": "constraint",
            "from": True,
            "value": False,
            "id": "v.1",
        }
        assert lines[2]["layers"][0]["exceeded"] == 2 and lines[2]["layers"][0]["clipped"] == 0
        assert lines[3]["clipped"] == 1 and list(lines[3])[-1] == "id"
        assert of_type(run.log_path, "end")[0]["clipped_total"] == 7

    def test_a_ceiling_of_one_layer_can_be_lowered_and_the_change_taken_back(self, tmp_path):
        run, subject = started(tmp_path)
        run.stepped()
        tell(run, action="max_norm", value=1, layer="fc1", id="v.1")
        run.stepped()
        assert subject.ceilings.all == [1, 2]
        tell(run, action="undo", id="v.2")
        run.stepped()
        assert subject.ceilings.all == [2, 2]
        tell(run, action="max_norm", value=1, layer="fc9", id="v.3")
        run.stepped()
        run.finish()
        first, second = events(run.log_path)
        assert (first["layer"], first["from"], first["value"], first["clipped"]) == ("fc1", 2, 1, 1)
        assert (second["value"], second["undo"], second["id"]) == (2, True, "v.2") and "clipped" not in second
        assert "header's layers" in of_type(run.log_path, "refused")[0]["reason"]

    def test_undo_goes_by_who_asks(self, tmp_path):
        run, subject = started(tmp_path)
        run.stepped()
        for command in (
            {"action": "learning_rate", "value": 0.2, "id": "a.1"},
            {"action": "learning_rate", "value": 0.4, "id": "b.1"},
            {"action": "undo", "id": "a.2"},
            {"action": "undo", "id": "b.2"},
            {"action": "undo", "id": "a.3"},
            {"action": "undo", "id": "a.4"},
        ):
            tell(run, **command)
            run.stepped()
        assert subject.rate == 0.1
        run.finish()
        refused = of_type(run.log_path, "refused")
        assert [r["id"] for r in refused] == ["a.2", "a.4"] and "another has changed it" in refused[0]["reason"]
        assert [e["value"] for e in events(run.log_path)] == [0.2, 0.4, 0.2, 0.1]

    def test_what_is_so_already_and_what_cannot_be_done_is_refused(self, tmp_path):
        run, _ = started(tmp_path)
        run.stepped()
        for action, value in (
            ("constraint", True),
            ("twin", True),
            ("momentum", 0.5),
            ("resume", None),
            ("step", None),
        ):
            tell(run, action=action, **({} if value is None else {"value": value}))
            run.stepped()
        run.finish()
        refused = of_type(run.log_path, "refused")
        assert [r.get("unchanged", False) for r in refused] == [True, False, False, True, False]
        assert not events(run.log_path)

    def test_a_pause_holds_until_resumed_and_makes_single_steps(self, tmp_path):
        run, _ = started(tmp_path)
        run.stepped()
        tell(run, action="pause", id="v.1")
        import threading

        thread = threading.Thread(target=lambda: [run.stepped() for _ in range(3)])
        thread.start()
        until(lambda: run._paused)
        before = run.step
        assert thread.is_alive() and before == 2
        with open(run.log_path + ".commands", "a") as file:
            file.write('{"action":"step","id":"v.2"}\n')
        until(lambda: run.step == 3)
        assert thread.is_alive()
        with open(run.log_path + ".commands", "a") as file:
            file.write('{"action":"resume","id":"v.3"}\n')
        thread.join()
        run.finish()
        assert [(e["action"], e["step"], "time" in e) for e in events(run.log_path)] == [
            ("pause", 2, True),
            ("step", 3, False),
            ("resume", 3, True),
        ]

    def test_stop_ends_a_loop_that_does_not_ask(self, tmp_path):
        run, _ = started(tmp_path)
        run.stepped()
        tell(run, action="stop")
        with pytest.raises(StopTraining):
            run.stepped()
        run.finish()
        assert of_type(run.log_path, "end")[0]["reason"] == "stopped"

    def test_a_loop_that_asks_ends_itself(self, tmp_path):
        run, _ = started(tmp_path)
        assert not run.should_stop
        run.stepped()
        tell(run, action="stop")
        run.stepped()
        assert run.should_stop

    def test_a_viewer_has_norms_beside_the_log(self, tmp_path):
        run, _ = started(tmp_path)
        run.stepped()
        with open(run.log_path + ".commands", "a") as file:
            file.write('{"action":"watch"}\n')
        until(lambda: run._viewer_until)
        run._next_record = run._next_viewer = 0.0
        run.stepped()
        until(lambda: os.path.exists(run.log_path + ".norms"))
        beside = json.loads(open(run.log_path + ".norms").read())
        assert beside["layers"]["fc2"] == [0.25, 3] and beside["step"] == 2
        run.finish()
        assert not os.path.exists(run.log_path + ".norms")

    def test_a_run_whose_steps_take_long_says_that_it_is_alive(self, tmp_path):
        run, _ = started(tmp_path)
        run.alive_interval = 0.0
        run.stepped()
        until(lambda: len(of_type(run.log_path, "alive")) > 2)
        run.finish()
        assert records(run.log_path)[0]["capabilities"] == ["alive", "commands"]
        assert all(record["time"].endswith("Z") for record in of_type(run.log_path, "alive"))

    def test_a_run_goes_on_from_its_state(self, tmp_path):
        run, subject = started(tmp_path)
        subject.clip(0, 5)
        run.stepped()
        subject.enabled = False
        state = json.loads(json.dumps(run.state_dict()))
        run.finish()
        again = Run(StandIn(), log=str(tmp_path / "again.jsonl"), every=1)
        again.load_state_dict(state)
        again.subject.clip(0, 2)
        assert again.step == 1 and not again.subject.enabled
        again.subject.enabled = True
        again.subject.clip(0, 2)
        again.stepped()
        again.finish()
        assert of_type(again.log_path, "step")[0]["layers"][0]["clipped_total"] == 7
        assert of_type(again.log_path, "step")[0]["step"] == 2

    def test_a_loss_that_is_not_finite_is_told(self, tmp_path):
        run, _ = started(tmp_path, every=2)
        run.loss(1.0)
        run.stepped()
        run.loss(math.nan)
        run.stepped()
        run.finish()
        step = of_type(run.log_path, "step")[0]
        assert step["loss"] == step["loss_max"] == "NaN"
        assert of_type(run.log_path, "end")[0]["reason"] == "diverged"


class TestNoHarm:
    def test_a_full_disk_stops_the_recording_with_one_warning(self, tmp_path, capsys):
        run, _ = started(tmp_path, every=1)
        run.stepped()
        run._recorder.flush()

        def full(*_):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        run._recorder._write = full
        for _ in range(50):
            run.stepped()
        until(lambda: run._recorder.failed)
        for _ in range(50):
            run.stepped()
        run.finish()
        lines = [line for line in capsys.readouterr().err.splitlines() if "stopped" in line]
        assert lines == ["maxnorm: recording stopped: No space left on device: training goes on without it"]

    def test_a_paused_run_goes_on_when_nobody_could_resume_it(self, tmp_path):
        run, _ = started(tmp_path)
        run.stepped()
        run._recorder.failed = True
        run._paused = True
        run.stepped()
        assert not run._paused
        run.finish()

    def test_a_queue_that_is_full_merges_steps_and_keeps_events(self, tmp_path):
        import threading

        gate = threading.Event()
        run, subject = started(tmp_path, every=1)
        run.stepped()
        run._recorder.flush()
        run._recorder.capacity = 4
        run._recorder.between.insert(0, lambda: gate.wait(60))
        for step in range(100):
            subject.clip(0, 1)
            run.loss(float(step))
            run.stepped()
        run._recorder.put({"type": "event", "step": 101, "action": "pause"}, urgent=True)
        assert len(run._recorder._queue) <= 8
        gate.set()
        run.finish()
        steps = of_type(run.log_path, "step")
        assert sum(r["steps"] for r in steps) == 101 and steps[-1]["step"] == 101
        assert sum(layer["clipped"] for r in steps for layer in r["layers"] if layer["name"] == "fc1") == 100
        assert max(r.get("loss_max", 0) for r in steps) == 99 and len(events(run.log_path)) == 1

    def test_an_error_in_the_projection_turns_the_constraint_off(self, tmp_path, capsys):
        run, subject = started(tmp_path)
        run.stepped()
        run.constraint_failed(RuntimeError("no such kernel"))
        run.stepped()
        run.finish()
        event = events(run.log_path)[0]
        assert event["value"] is False and event["reason"] == "RuntimeError: no such kernel"
        assert not subject.enabled and "the constraint is off" in capsys.readouterr().err

    def test_strict_raises_instead(self, tmp_path):
        run, subject = started(tmp_path, strict=True)
        with pytest.raises(RuntimeError):
            run.constraint_failed(RuntimeError("no such kernel"))


SCRIPT = """
import sys; sys.path[:0] = [{package!r}, {tests!r}]
import os
from maxnorm.run import Run
from stand_in import StandIn
run = Run(StandIn(), log={log!r})
run.stepped()
{body}
"""


@pytest.mark.parametrize(
    "body, reason, error, status",
    [
        ("pass", "finished", None, 0),
        ("raise ValueError('shapes differ')", "failed", "ValueError: shapes differ", 1),
        ("raise ValueError('shapes\\n  differ: (1,)')", "failed", "ValueError: shapes differ: (1,)", 1),
        (
            "sys.excepthook = lambda *_: None\nraise OSError(28, 'disk full')",
            "failed",
            "OSError: [Errno 28] disk full",
            1,
        ),
        ("with run: sys.exit('no data')", "failed", "SystemExit: no data", 1),
        ("with run: sys.exit(3)", "failed", "SystemExit: 3", 3),
        ("raise KeyboardInterrupt", "interrupted", None, 130),
        ("pid = os.fork()\nif pid == 0: run.stepped(); sys.exit(0)\nos.waitpid(pid, 0)", "finished", None, 0),
    ],
)
def test_a_run_ends_with_its_process(tmp_path, body, reason, error, status):
    log = tmp_path / "run.jsonl"
    script = SCRIPT.format(package=str(PACKAGE), tests=os.path.dirname(__file__), log=str(log), body=body)
    subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=120)
    ends = of_type(log, "end")
    assert len(ends) == 1 and ends[0]["reason"] == reason and ends[0].get("error") == error
    assert ends[0]["step"] == 1
    (entry,) = (tmp_path / "state" / "runs").glob("*.json")
    assert json.loads(entry.read_text())["exit_status"] == status
