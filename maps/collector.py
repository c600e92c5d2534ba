"""The garbage collector, kept away from work that makes very many small objects at once. Pure."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_off() -> Iterator[None]:
    """Keep the collector from walking millions of small objects over and over while they are made.

    Reading 36 MB of JSON takes 0.4 s instead of 1.4 s, drawing the maps of a packet a tenth less.
    What was made goes among the old objects at the end: else the first collection would walk all of
    it after all. One within another leaves the collector to the outer one.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.freeze()
            gc.unfreeze()
            gc.enable()
