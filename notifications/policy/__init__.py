"""What is next, for whom and when: pure rules without database, clock or network."""
