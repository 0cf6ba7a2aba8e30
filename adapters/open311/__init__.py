"""Open311 (GeoReport v2) as it is written, read and told."""
