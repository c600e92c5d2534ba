"""The API resources of drills."""
