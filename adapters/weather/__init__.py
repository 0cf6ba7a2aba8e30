"""The weather that patrols go by: from a provider, from tables; by hand it comes through the door like anything."""
