"""Amparo: cited, personal guidance on the rights of people on the move."""
