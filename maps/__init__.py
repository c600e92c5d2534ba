"""Campus maps: read, checked, drawn, published."""
