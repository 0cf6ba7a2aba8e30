"""Files that belong to a case: photos, papers, recordings; taken in by what they are, kept under a key of their own."""
