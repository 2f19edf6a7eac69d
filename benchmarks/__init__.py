"""What performance claims are made of: comparisons with peers, all in one interleaved run."""
