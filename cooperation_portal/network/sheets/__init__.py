"""Institutions and companies as spreadsheets, in and out."""
