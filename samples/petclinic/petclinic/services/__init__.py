"""What the clinic does: one service per kind of thing; each method that writes is one transaction."""
