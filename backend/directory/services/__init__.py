"""What people do with the directory, a file per group of verbs."""
