"""What the law asks of a school year: pure rules without database, clock or network."""
