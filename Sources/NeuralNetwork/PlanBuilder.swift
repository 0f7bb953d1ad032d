// Appends each layer's operations to a plan in the making; the layers' own files say which.
import Kernels

/// What the layers so far have left behind for the next one.
package struct PlanBuilder {
  let rows: Int
  let mode: Plan.Mode
  let carriesState: Bool
  /// How many channels lie side by side between convolutions, if their number is a multiple of
  /// that; nil: oneDNN's choice, asked for at the first convolution.
  let wantedBlock: Int?
  var arena = ArenaLayout()
  var operations: [Operation] = []
  var convolutions: [Convolution] = []
  private(set) var products: [PreparedProduct] = []
  private(set) var firstWithGradient: Int?
  var carried: [CarriedState] = []
  /// Offset of what the next layer reads.
  var current = 0
  /// How many channels lie side by side in it; see `ReorderOperation`.
  var block = 1
  /// Something before the next layer has parameters: it hands gradients on.
  var learns = false
  /// An activation overwrites its input unless the operation that made it needs it once more.
  var isNeeded = false
  var kept: [String: KeptValue] = [:]
  /// Dropout layers so far, in training or not.
  var dropouts = 0
  /// Until the decoder starts; final states are then of use.
  var isInEncoder = false
  /// What the encoder leaves for the decoder's first recurrent layer.
  var encoderStates: EncoderStates?

  /// The final states of the encoder's last recurrent layer, one for each of its nets.
  struct EncoderStates {
    var recurrent: RecurrentDescription
    var places: [StatePlace]
  }

  /// What was kept under a name: its place, its values an example, and the operation that used it last.
  struct KeptValue {
    var offset: Int
    var size: Int
    var block: Int
    var lastUse: Int?
  }

  init(rows: Int, mode: Plan.Mode, carriesState: Bool, block: Int?) {
    self.rows = rows
    self.mode = mode
    self.carriesState = carriesState
    wantedBlock = block
  }

  /// A new place for `size` values an example.
  mutating func place(_ size: Int) throws(NetworkError) -> Int {
    try arena.place(rows, size)
  }

  /// One more product of the plan; see `PreparedProduct`.
  mutating func addProduct(
    _ form: MatrixForm, columns: Int, depth: Int, accumulates: Bool = false, packs: Bool = false,
    hasBias: Bool = false
  ) {
    products.append(
      PreparedProduct(
        form, columns: columns, depth: depth, accumulates: accumulates, packs: packs,
        hasBias: hasBias))
  }

  /// Takes in an operation whose layer has parameters.
  mutating func appendLearning(_ operation: Operation, output: Int, isNeeded: Bool = false) {
    firstWithGradient = firstWithGradient ?? operations.count
    learns = true
    append(operation, output: output, isNeeded: isNeeded)
  }

  /// `isNeeded`: the operation reads its own output in the backward pass.
  mutating func append(_ operation: Operation, output: Int, isNeeded: Bool = false) {
    operations.append(operation)
    current = output
    self.isNeeded = isNeeded && mode == .training
  }
}
