"""Ways through a campus on foot: the network, the ways out, closures and clearance time. Pure."""
