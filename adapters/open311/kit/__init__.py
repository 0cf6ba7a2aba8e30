"""A conformance kit for Open311: asks any GeoReport v2 server and tells which rules it keeps."""
