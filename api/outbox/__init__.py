"""Mail to schools: drafts, the outbox, sending."""
