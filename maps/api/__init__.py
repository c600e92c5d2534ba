"""API resources of maps: map versions, features, conditions, feature checks."""
