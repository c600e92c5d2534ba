"""Readers of map files: bytes in, features and findings out."""
