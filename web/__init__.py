"""What people see: the console, and the API for machines. It reads, and changes a case through the door alone."""
