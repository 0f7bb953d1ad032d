// Placeholder until the first file of NeuralNetwork lands.
