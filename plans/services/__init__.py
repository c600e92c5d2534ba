"""All writes of plans, a file per group of verbs."""
