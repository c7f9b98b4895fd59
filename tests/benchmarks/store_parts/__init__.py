"""Rooms of the store's benchmark."""
