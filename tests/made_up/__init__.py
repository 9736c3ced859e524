"""Made-up submissions: drawn forms, scans and photographs of them, mails that carry them, and what is true of them."""
