"""What plans registers with the apps below it at start-up."""


def register() -> None:
    """Register link addresses, acknowledgements and jobs."""
