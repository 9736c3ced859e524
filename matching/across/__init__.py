"""What several documents of one school say of one another."""
