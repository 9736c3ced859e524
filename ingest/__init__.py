"""Bytes in: mailbox, MIME, unpacking, rendering, text layer, OCR. Emits Mail and Document."""
