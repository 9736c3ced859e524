"""What we know, as data: forms, programmes, registers, vocabulary."""
