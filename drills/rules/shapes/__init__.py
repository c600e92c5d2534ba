"""The shapes of rules: one small module each, registered in `table`."""
