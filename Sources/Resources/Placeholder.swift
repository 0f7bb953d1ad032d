// Placeholder until the first file of Resources lands.
