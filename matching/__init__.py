"""Who is meant, and may the machine stand for it. Pure. Emits Match and Verdict."""
