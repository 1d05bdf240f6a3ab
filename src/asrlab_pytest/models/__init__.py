"""What is under test: the registry of models, the engines that run them, and their devices."""
