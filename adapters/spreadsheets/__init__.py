"""The public tables of inspection petitions, read from and written to .xlsx workbooks."""

from adapters.spreadsheets.doubts import DOUBTS, Doubt, SheetError
from adapters.spreadsheets.profiles import Column, Profile, load_profiles
from adapters.spreadsheets.reading import OpenSheet, open_sheet
from adapters.spreadsheets.rows import SheetRow
from adapters.spreadsheets.writing import write_doubtful, write_table

__all__ = [
    "DOUBTS",
    "Column",
    "Doubt",
    "OpenSheet",
    "Profile",
    "SheetError",
    "SheetRow",
    "load_profiles",
    "open_sheet",
    "write_doubtful",
    "write_table",
]
