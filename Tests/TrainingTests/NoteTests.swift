// Notes on data and experiment reach the header and the user.
import Datasets
import Experiments
import RunRecords
import Testing

@testable import Training

@Suite("Notes")
struct NoteTests {
  @Test func `an experiment's and a data set's notes stand in the header, in that order`() throws {
    var experiment = try RunFixture.experiment()
    experiment.notes = ["of the experiment"]
    var dataset = try Dataset(experiment, seed: 1)
    #expect(
      try RunSetup(experiment, seed: 1, dataset: dataset).header(experiment, seed: 1, threads: 1)
        .notes == ["of the experiment"])
    dataset.notes = ["of the data"]
    #expect(
      try RunSetup(experiment, seed: 1, dataset: dataset).header(experiment, seed: 1, threads: 1)
        .notes == ["of the experiment", "of the data"])
  }

  @Test func `a run hands its notes over once`() throws {
    var experiment = try RunFixture.experiment(["steps=1"])
    experiment.notes = ["of the experiment"]
    let run = TrainingRun(experiment, options: RunOptions(), onNews: {})
    run.start()
    _ = run.waitUntilDone()
    #expect(run.takeNotes() == ["of the experiment"])
    #expect(run.takeNotes().isEmpty)
  }
}
