# First line of a message that may have arrived before (PT-D42).
outbox-repeat = Repeated:
