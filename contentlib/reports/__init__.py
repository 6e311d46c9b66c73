"""The answers: which content is used and which revenue it is credited with; writes nothing."""
