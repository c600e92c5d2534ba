"""The ways out: a folder for each channel."""
