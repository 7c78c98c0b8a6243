"""Reads a spreadsheet that a stranger may have made: plain Python in a process of its own, with limits.

Run as `python -m reading` from the folder above: neither Django nor the portal's settings are loaded, so nothing of the
portal is there for a file that breaks its reader. Prints lines of JSON and says what is wrong by a code.
"""
