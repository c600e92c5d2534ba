"""Pages of notices, deliveries and acknowledgements."""
