//! Recurrence, local time, what is due, and the workers.
