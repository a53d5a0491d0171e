"""Lambda and AWS: settings, telemetry, queue, document archive, and the wiring that puts all together."""
