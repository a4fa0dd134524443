"""What an operator can set: options with their ranges, the sources of values, the selection."""
