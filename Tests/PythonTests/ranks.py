"""A training of two ranks, started by torchrun: DDP or FSDP2 over gloo, with commands to rank 0."""

import json
import os
import sys
import threading
import time

import maxnorm
import torch
import torch.distributed as dist
from maxnorm.commands import Command
from torch import nn

torch.set_num_threads(1)
KIND, FOLDER = sys.argv[1:]


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(6, 9), nn.Linear(9, 3)
        self.up = nn.ConvTranspose1d(3, 4, 2)

    def forward(self, x):
        return self.up(self.fc2(torch.relu(self.fc1(x))).unsqueeze(2)).flatten(1)


def whole(parameter):
    return parameter.full_tensor() if hasattr(parameter, "full_tensor") else parameter


def main():
    dist.init_process_group("gloo")
    rank = dist.get_rank()
    torch.manual_seed(1)
    model = Net()
    if KIND == "ddp":
        wrapped = nn.parallel.DistributedDataParallel(model)
    else:
        from torch.distributed.fsdp import fully_shard

        for layer in (model.fc1, model.fc2, model.up):
            fully_shard(layer)
        wrapped = fully_shard(model)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.3)
    mn = maxnorm.watch(
        wrapped,
        optimizer,
        0.4,
        log=os.path.join(FOLDER, "run.jsonl"),
        overwrite=True,
        every=3,
        strict=True,
        agree_every=3,
    )
    commands = {
        5: Command("constraint", False, id="v.1"),
        14: Command("constraint", True, id="v.2"),
        20: Command("pause", id="v.3"),
        26: Command("max_norm", 0.2, "fc1", "v.4"),
    }
    random = torch.Generator().manual_seed(2 + rank)
    switches = []
    for step in range(1, 31):
        x, y = torch.randn(8, 6, generator=random), torch.randint(0, 8, (8,), generator=random)
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(wrapped(x), y)
        loss.backward()
        mn.loss(loss)
        if rank == 0 and step in commands:
            mn._mailbox.append(commands[step])
            if commands[step].action == "pause":

                def resume():
                    while not mn._paused:
                        time.sleep(0.01)
                    mn._mailbox.append(Command("step", id="v.5"))
                    while mn.step < 22:
                        time.sleep(0.01)
                    mn._mailbox.append(Command("resume", id="v.6"))

                threading.Thread(target=resume, daemon=True).start()
        optimizer.step()
        switches.append(mn.subject.enabled)
        if rank == 0 and step == 15:
            mn.evaluate(validation_loss=0.5)
    weights = {name.replace("module.", ""): whole(p).detach().tolist() for name, p in wrapped.named_parameters()}
    with open(os.path.join(FOLDER, f"rank{rank}.json"), "w") as file:
        json.dump({"weights": weights, "switches": switches}, file)
    mn.finish()
    dist.barrier()
    dist.destroy_process_group()


main()
