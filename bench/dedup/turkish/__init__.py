"""People in Turkey, made up by a seed, and how they come to stand in the books several times."""
