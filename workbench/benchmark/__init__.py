"""How well and how fast the workbench finds, measured through the very code that serves the app."""
