"""The log of heads: what the ledger's chains have come to, under a signed root a day, witnessed elsewhere."""
