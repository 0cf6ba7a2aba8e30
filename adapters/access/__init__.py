"""Who may come in by the console, and what is kept of it: accounts, sessions, machines' tokens, the access log."""
