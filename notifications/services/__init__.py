"""What changes notices, deliveries and acknowledgements."""
