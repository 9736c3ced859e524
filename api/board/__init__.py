"""What the office sees of a whole programme: who is missing."""
