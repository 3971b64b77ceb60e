"""From the files of templates to text: which pages there are, how each is read, compiled and run."""
