"""The queue: where clerks choose their work. Filters with counts, assignment, soft locks, bulk acceptance, progress."""
