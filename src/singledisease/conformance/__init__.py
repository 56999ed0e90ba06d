"""How a definition is told from those that are nearly the same: mutants, histories that tell them apart, decks."""
