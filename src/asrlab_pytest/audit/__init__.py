"""Finds clips whose audio does not match their reference text. Nothing in here knows pytest or loads a model."""
