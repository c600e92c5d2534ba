"""Long work with progress and cancel, and ticks that happen once however many ask."""
