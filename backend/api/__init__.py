"""What every API resource shares: problems, pagination, ETags, idempotency, schema, throttles."""
