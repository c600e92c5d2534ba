"""The demonstration district and its walk."""
