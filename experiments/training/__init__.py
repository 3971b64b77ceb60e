"""Ways of training that several experiments share."""
