"""公共支撑 — what every hub needs and none should write twice.

Owns: messages with receipts, attachments with preview, printed documents, dictionaries, exports with watermark,
gap-free
number sequences. Refuses to own: why a message is sent, what a document decides, whom a file belongs to; the calling
hub knows.
"""
