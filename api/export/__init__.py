"""What leaves the house: the record's schema and the writers of JSON Lines, CSV and XLSX."""
