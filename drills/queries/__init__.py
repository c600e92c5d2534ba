"""Reads that page, API and services share."""
