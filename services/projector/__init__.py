"""From recorded events to each audience's rows: a thin Faust shell around the pure projections."""
