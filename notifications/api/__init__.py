"""The API of notices, deliveries, acknowledgements and channel releases."""
