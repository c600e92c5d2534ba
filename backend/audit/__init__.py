"""Who did or read what, when: hash-chained, one chain a district and one above districts."""
