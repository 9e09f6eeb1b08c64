"""Which of the received files count, and which wait for a person's word."""
