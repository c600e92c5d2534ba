"""API resources of plans: the same deeds as the pages, with ETags and keys."""
