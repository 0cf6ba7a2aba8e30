"""Webhooks: what happens, told to other systems' addresses, signed, retried until it is heard."""
