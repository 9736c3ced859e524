"""The pre-check: a school's clerk sees what would be said of a file before she mails it. Nothing of it is kept."""
