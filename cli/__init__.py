"""Door 2, the command line: what a person types, and how the desk answers."""
