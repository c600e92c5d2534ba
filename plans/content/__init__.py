"""The pure core of plans: template, completeness, changes, audiences, hashing. No Django here."""
