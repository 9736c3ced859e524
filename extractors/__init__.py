"""Which form, which value, which rule is broken. Pure: no file, clock, network or database. Emits Extraction."""
