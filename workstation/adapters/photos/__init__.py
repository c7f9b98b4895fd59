"""Photo decoding in capped child processes."""
