"""Emergency operations plans: written, signed, published, packed for responders."""
