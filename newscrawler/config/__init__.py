"""What an operator may say: options and their ranges, where a value comes from, the selection."""
