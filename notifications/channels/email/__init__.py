"""The e-mail channel: the bytes of a message, and the connection that carries them."""
