"""What is handed out to prove how a record was dealt with: an evidence pack and a review sheet."""
