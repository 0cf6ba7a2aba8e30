"""The keystore: data keys, each wrapped by a wrapping key, in a database of its own that ledger backups leave out."""
