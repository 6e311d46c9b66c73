"""The audit as people read it: who decided what, told in sentences, filtered and taken along."""
