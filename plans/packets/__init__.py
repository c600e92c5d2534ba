"""Response packets: what responders receive, as printed PDF and as one HTML file. Pure code."""
