"""Published policy documents. A published file never changes: a new rule is a new file with a new date."""
