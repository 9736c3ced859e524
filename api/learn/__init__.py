"""Corrections teach: the same doubt in many records answered once, and answers kept as aliases by a person's yes."""
