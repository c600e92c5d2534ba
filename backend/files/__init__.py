"""Bytes by district and SHA-256, kept as rows, so one backup holds all and any host can read."""
