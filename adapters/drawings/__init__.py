"""Drawings as SVG, made here: for pages, and as files of their own that stand without a page."""
