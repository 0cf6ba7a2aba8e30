"""What lets whoever runs the desk see how it is: figures, traces, health, and the port they are read at."""
