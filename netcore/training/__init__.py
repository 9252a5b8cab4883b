"""Training as a stream of events: configuration, events, controls, checkpoint, the loop."""

__all__: list[str] = []
