"""Who acts, and what each may do: users, sessions, tokens, signing in."""
