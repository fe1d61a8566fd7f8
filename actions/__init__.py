"""The action server's side: deciding. One module for each thing a person wants."""

import desk

# The action server imports every module below; the doors need Django's tables to be open.
desk.ready()
