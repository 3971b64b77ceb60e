"""What templates speak of: the evidence of the report, the page being rendered, and the names in it."""
