"""Users and sign-in, districts, campuses, agencies, who covers whom, and who may do what."""
