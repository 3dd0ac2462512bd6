"""What may be seen: the sharing agreement, and the folds that make each audience's view. Pure."""
