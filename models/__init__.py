"""The decision core: what a petition is, what may be done to it, and what follows.

Standard library and pydantic only. Nothing here asks the time, the disk or the network; the moment is
handed in.
"""
