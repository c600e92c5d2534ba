"""Drills: what the law asks, what is planned, what was held."""
