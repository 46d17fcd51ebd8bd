"""What carries the services: templates, packaging, and AWS played on one machine."""
