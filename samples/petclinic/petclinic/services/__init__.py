"""What the clinic does: one service per kind of thing; each method is one transaction."""
