"""What each command does, in the file of its name; its arguments and help are in `crawler/commands`."""
