"""A subject without a framework: two layers whose counts the test sets."""

from typing import List

from maxnorm.commands import Refusal
from maxnorm.encoding import Norms
from maxnorm.layers import Ceilings, WeightLayer
from maxnorm.subject import LayerFigures, Sample, Subject, figures_of


class StandInSample(Sample):
    def __init__(self, figures: List[LayerFigures]) -> None:
        self._figures = figures

    def resolve(self):
        return self._figures


class StandIn(Subject):
    framework = "stand-in 1"

    def __init__(self, max_norm=2.0) -> None:
        self.layers = [
            WeightLayer("fc1", "linear", "weight", (4, 3), 4),
            WeightLayer("fc2", "linear", "weight", (2, 4), 2),
        ]
        self.ceilings = Ceilings(max_norm, ["fc1", "fc2"])
        self.exceeded, self.clipped, self.shrink = [0, 0], [0, 0], [0.0, 0.0]
        self.norms = [[0.5, 1.0, 1.5, 2.0], [0.25, 3.0]]
        self.projections = 0
        self.rate = 0.1
        self.samples = 0

    def clip(self, layer: int, units: int) -> None:
        self.exceeded[layer] += units
        if self.enabled:
            self.clipped[layer] += units
            self.shrink[layer] += 0.5 * units

    def learning_rate(self):
        return self.rate

    def sample(self, norms: bool) -> Sample:
        self.samples += 1
        return StandInSample(
            [
                figures_of(
                    sorted(self.norms[i]),
                    self.ceilings.of(layer.name),
                    self.exceeded[i],
                    self.clipped[i],
                    self.shrink[i],
                    Norms(self.norms[i]) if norms else None,
                )
                for i, layer in enumerate(self.layers)
            ]
        )

    def ceilings_changed(self, projects: bool) -> None:
        if projects and self.enabled:
            self.projections += 1
            self.clipped[1] += 1
            self.shrink[1] += 0.5

    def read(self, setting):
        if setting != "learning_rate":
            raise Refusal(f"{setting}: this run has none")
        return self.rate, self.rate

    def write(self, setting, value):
        self.rate = value

    def restore(self, setting, state):
        self.rate = state
