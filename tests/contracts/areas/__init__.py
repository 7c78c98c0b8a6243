"""What each part of the portal adds to the contracts: its records in the world, its addresses, its lists.

A module here has three names: `build(world)` makes the records and returns them in a namespace that rows read as
`world.areas["<name of the module>"]`; `ROWS` are rows of the access table; `LISTINGS` are lists with their queries.
"""
