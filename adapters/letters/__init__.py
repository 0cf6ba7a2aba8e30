"""The desk's letters: their forms as data, filled in as text and as DOCX, and the tray they are laid into."""
