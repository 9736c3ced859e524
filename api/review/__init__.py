"""What people look at: the JSON API and the pages."""
