"""What Gaugehouse does, one verb per file. Services take what they need as arguments, return a small
summary, and know nothing of Lambda, AWS or HTTP."""
