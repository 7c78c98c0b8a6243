"""Practice topics and what is learned from them: the projection of demands' vectors."""
