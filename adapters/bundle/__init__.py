"""Bundles of evidence: cases' events with their chains, papers, policies and root, and what verifies them anywhere."""
