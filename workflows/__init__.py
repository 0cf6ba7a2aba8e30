"""The process managers: how a petition and a rectification task live, as durable workflows."""
