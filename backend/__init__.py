"""The project and what all apps share."""
