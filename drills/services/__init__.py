"""All writes of drills: a file per verb or group."""
