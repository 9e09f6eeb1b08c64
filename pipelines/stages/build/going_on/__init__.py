"""What a build keeps of the last release, and what of it has to be made anew."""
