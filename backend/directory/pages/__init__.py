"""Pages of sign-in, people, agencies, campuses, imports and one's own account."""
