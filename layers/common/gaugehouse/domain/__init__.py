"""What a gauge, a reading, a gap, a water year, a job and a lock are. No I/O, no clock, stdlib only."""
