"""Pages of the campus map and of conditions."""
