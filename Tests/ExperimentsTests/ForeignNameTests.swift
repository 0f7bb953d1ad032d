// Names that other frameworks have for things: each is answered with ours and refused.
import Foundation
import NeuralNetwork
import RunRecords
import Testing

@testable import Experiments

@Suite struct ForeignNameTests {
  private func problem(_ line: String, model: String = "[dense: {units: 10}]") -> String {
    let hasLoss = line.hasPrefix("loss:")
    let yaml = """
      data: {source: digits}
      model: \(model)
      \(hasLoss ? "" : "loss: cross_entropy")
      \(line)
      """
    do {
      _ = try Experiment(
        JSONValue(yaml: yaml, name: "x", keys: Experiment.keys), name: "x",
        folder: URL(fileURLWithPath: "/"))
      return "none"
    } catch {
      return "\(error)"
    }
  }

  @Test(arguments: [
    ("lr: 0.1", "optimizer.learning_rate"), ("learning_rate: 0.1", "optimizer.learning_rate"),
    ("learningRate: 0.1", "optimizer.learning_rate"), ("base_lr: 1", "optimizer.learning_rate"),
    ("optimizer: {lr: 0.1}", "optimizer.learning_rate"), ("r: 3", "constraint.max_norm"),
    ("max_norm: 3", "constraint.max_norm"), ("max_value: 3", "constraint.max_norm"),
    ("constraint: {max_value: 3}", "constraint.max_norm"),
    ("constraint: {r: 3}", "constraint.max_norm"), ("kernel_constraint: 3", "constraint.max_norm"),
    ("batch_size: 32", "here it is batch"), ("batchSize: 32", "here it is batch"),
    ("max_epochs: 3", "here it is epochs"), ("num_epochs: 3", "here it is epochs"),
    ("n_epochs: 3", "here it is epochs"), ("max_steps: 3", "here it is steps"),
    ("random_state: 3", "here it is seed"), ("lambda: 3", "optimizer.weight_decay"),
    ("weight_decay: 0.1", "optimizer.weight_decay"), ("l2: 0.1", "optimizer.weight_decay"),
    ("l1: 0.1", "optimizer.l1"), ("momentum: 0.9", "optimizer.momentum"),
    ("optimizer: {name: adam, beta1: 0.9}", "optimizer.betas"),
    ("optimizer: {name: adam, beta_1: 0.9}", "optimizer.betas"),
    ("optimizer: {name: adam, eps: 0.9}", "optimizer.epsilon"),
    ("optimizer: {name: rmsprop, rho: 0.9}", "optimizer.alpha"),
    ("optimizer: {name: sgd, clipnorm: 1}", "gradient_clip.norm"),
    ("clip_grad_norm: 1", "gradient_clip.norm"), ("gradient_clip_val: 1", "gradient_clip.norm"),
    ("clipvalue: 1", "gradient_clip.value"), ("scheduler: cosine", "here it is schedule"),
    ("schedule: {name: cosine, T_max: 10}", "schedule.total"),
    ("schedule: {name: cosine, eta_min: 0}", "schedule.minimum"),
    ("schedule: {name: step, step_size: 10}", "schedule.every"),
    ("schedule: {name: step, gamma: 10}", "schedule.factor"),
    ("schedule: {name: cosine, every: 10}", "set schedule.name"),
    ("optimizer: {name: adam, momentum: 0.9}", "sgd and rmsprop have a momentum"),
    ("optimizer: {name: lion, epsilon: 1e-8}", "adam, adamw, rmsprop, adagrad and nadam have it"),
    ("optimizer: {name: adam, initial_accumulator_value: 1}", "adagrad has it"),
    ("optimizer: {name: adam, lr_decay: 0.1}", "here it is schedule.factor"),
    ("optimizer: {name: sgd, betas: [0.9, 0.9]}", "adam, adamw, lion and nadam have betas"),
    ("criterion: mse", "here it is loss"), ("layers: []", "here it is model"),
    ("dropout: 0.5", "- dropout: 0.5"), ("activation: relu", "- relu"),
    ("hidden_size: 3", "lstm: {hidden: 64}"), ("device: cuda", "--threads"),
    ("patience: 3", "stopping.patience"), ("callbacks: []", "--save-best"),
    ("validation_split: 0.2", "data.validation"),
  ])
  func `a key of another framework is an error that names ours`(line: String, expected: String) {
    let text = problem(line)
    #expect(text.contains(expected) && !text.contains("did you mean"), "\(text)")
  }

  @Test(arguments: [
    ("linear: {units: 3}", "here it is dense"), ("Linear: {units: 3}", "here it is dense"),
    ("Dense: {units: 3}", "here it is written dense"), ("conv1d: {channels: 3}", "conv2d"),
    ("Conv2D: {channels: 3}", "here it is written conv2d"), ("batchnorm", "batch_norm"),
    ("BatchNorm2d", "here it is batch_norm"), ("maxpool: 2", "max_pool"),
    ("MaxPooling2D: 2", "here it is max_pool"), ("LeakyReLU", "leaky_relu"),
    ("softmax", "cross_entropy"), ("relu6", "relu, gelu"),
    ("layernorm", "here it is written layer_norm"), ("RMSNorm", "layer_norm and group_norm"),
    ("ConvTranspose2d: {channels: 3}", "here it is written conv_transpose2d"),
    ("dense: {out_features: 3}", "here it is units"), ("dense: {hidden: 3}", "here it is units"),
    ("dense: {units: 3, activation: relu}", "- relu"),
    ("dense: {units: 3, in_features: 4}", "leave it out"),
    ("dense: {units: 3, kernel_constraint: 3}", "here it is max_norm"),
    ("dense: {units: 3, use_bias: false}", "here it is bias"),
    ("conv2d: {filters: 3}", "here it is channels"),
    ("conv2d: {out_channels: 3}", "here it is channels"),
    ("conv2d: {channels: 3, kernel_size: 3}", "here it is kernel"),
    ("conv2d: {channels: 3, kernel: 3, strides: 2}", "here it is stride"),
    ("lstm: {units: 3}", "here it is hidden"), ("lstm: {hidden_size: 3}", "here it is hidden"),
    ("gru: {hidden: 3, num_layers: 2}", "here it is layers"),
    ("rnn: {hidden: 3, return_sequences: true}", "here it is return"),
    ("lstm: {hidden: 3, dropout: 0.5}", "- dropout: 0.5"),
    ("embedding: {num_embeddings: 3, size: 3}", "here it is vocabulary"),
    ("embedding: {vocabulary: 3, embedding_dim: 3}", "here it is size"),
    ("dropout: {p: 0.5}", "here it is rate"), ("dropout: {drop: 0.5}", "here it is rate"),
    ("max_pool: {kernel_size: 2}", "here it is size"),
    ("batch_norm: {eps: 0.1}", "here it is epsilon"),
    ("leaky_relu: {negative_slope: 0.1}", "here it is slope"), ("swish", "here it is silu"),
    ("ELU", "here it is written elu"), ("group_norm: {num_groups: 2}", "here it is groups"),
    ("group_norm: {groups: 2, num_channels: 4}", "leave it out"),
    ("layer_norm: {normalized_shape: 2}", "leave it out"),
    ("layer_norm: {elementwise_affine: false}", "leave it out"),
  ])
  func `so is a layer, and a layer's key`(layer: String, expected: String) {
    let text = problem("", model: "[\(layer)]")
    #expect(text.contains(expected) && !text.contains("did you mean"), "\(text)")
  }

  @Test(arguments: [
    ("loss: crossentropy", "cross_entropy"), ("loss: CrossEntropyLoss", "here it is cross_entropy"),
    ("loss: bce", "here it is binary_cross_entropy"), ("loss: mae", "mse"),
    ("loss: nll", "here it is cross_entropy"), ("loss: MSE", "here it is written mse"),
    ("optimizer: SGD", "here it is written sgd"), ("optimizer: {name: Adam}", "written adam"),
    ("optimizer: adamax", "sgd, adam, adamw, rmsprop, lion, adagrad and nadam"),
    ("schedule: CosineAnnealingLR", "here it is cosine"), ("schedule: linear", "exponential"),
    ("constraint: {axis: 0}", "outgoing"),
  ])
  func `and so is a value`(line: String, expected: String) {
    let text = problem(line)
    #expect(text.contains(expected) && !text.contains("did you mean"), "\(text)")
  }

  @Test func `a misspelt key gets a suggestion, and one like no other gets none`() {
    #expect(problem("optimiser_: {}").contains("here it is optimizer"))
    #expect(problem("bach: 3").contains("did you mean batch?"))
    #expect(!problem("qqq: 3").contains("did you mean"))
    #expect(nearest("lr", among: ["l1", "name"]) == nil)
    #expect(nearest("lerning_rate", among: ["l1", "learning_rate"]) == "learning_rate")
  }

  @Test(arguments: [
    ("lr", "--set optimizer.learning_rate=VALUE"), ("batch-size", "--set batch=VALUE"),
    ("max-epochs", "--epochs"), ("random-state", "--seed"), ("max-value", "--max-norm"),
    ("weight-decay", "--set optimizer.weight_decay=VALUE"), ("logdir", "--tensorboard FOLDER"),
    ("device", "--threads N"), ("weights", "--init FILE"),
  ])
  func `an option of another program names ours`(option: String, expected: String) throws {
    #expect(try #require(ForeignNames.cure(for: option, at: .option)).contains(expected))
  }

  @Test func `no name in the tables is one of ours in its own place`() {
    for key in Experiment.keys {
      let cure = ForeignNames.cure(for: key, at: .top)
      #expect(cure != "here it is \(key)")
    }
    #expect(ForeignNames.cure(for: "units", at: .layer(.dense)) == "here it is units")
  }
}
