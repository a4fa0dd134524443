"""Many papers on several machines, killed, frozen and cut off: measures what a fleet promises."""
