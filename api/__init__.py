"""The shell: settings, store, pipeline, command line, pages, export."""
