"""How fast this machine trains, beside what its matrix products alone cost and beside other libraries."""

__all__: list[str] = []
