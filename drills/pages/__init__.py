"""HTML views of drills and the JSON that their pages poll."""
