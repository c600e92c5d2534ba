"""Existing plans, read: Word, HTML, Markdown, text and PDF into the sections of the template."""
