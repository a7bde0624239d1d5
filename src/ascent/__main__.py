"""`python -m ascent` is the command `ascent`."""

from ascent.cli.main import main

if __name__ == "__main__":
    main()
