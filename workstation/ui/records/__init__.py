"""The Records page: signed documents, what they are worth, and the audit trail."""
