"""What changes maps, conditions and checks; a file per group of verbs."""
