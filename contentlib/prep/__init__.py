"""Call prep: the few materials that help in the next conversation, each with its reasons."""
