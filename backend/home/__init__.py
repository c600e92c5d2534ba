"""Pages that show several apps at once: what needs me now, a campus and its tabs."""
