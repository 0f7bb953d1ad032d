// Placeholder until the first test of NeuralNetwork lands.
