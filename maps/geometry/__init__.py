"""Geometry of a map in meters: projection, grid, locate, checks."""
