"""The scope of a transaction, and the two walls that it sets: manager filter and row security."""
